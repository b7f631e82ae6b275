import { aServer, bare, shopper, type TestServer } from './http.fixtures.js';

describe('a request that is none', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server.close());
  const head = `POST /api/v1/coupons/issue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shopper()}\r\nContent-Type: application/json\r\n`;

  it('after good ones on the same connection is refused after their answers', async () => {
    const good = `${head}Content-Length: 57\r\n\r\n{"policyId":"01a1fcb8-0646-73f1-9de0-fe11200784bd"}      `;
    const answer = await bare(server.port, `${good}${good}HELLO\r\n\r\n`);
    expect([...answer.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)).toEqual([
      'POLICY_NOT_FOUND',
      'POLICY_NOT_FOUND',
      'MALFORMED_REQUEST',
    ]);
  });

  it('of an invented method is counted with all of those', async () => {
    for (const method of ['PROPFIND', 'REPORT', 'PURGE'])
      expect(await bare(server.port, `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 40[45]/,
      );
    const { text } = await server.get('/metrics');
    expect(text).toMatch(/count\{method="OTHER",route="[^"]+",status="40[45]"\} 3/);
    expect(text).not.toMatch(/PROPFIND|REPORT|PURGE/);
  });
});
