import { connect } from 'node:net';
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

  it('leaves the connection to the next one when its body is of no more than some megabytes', async () => {
    const stranger = head.replace(/Authorization: .*\r\n/, '');
    const body = ' '.repeat(3 * MB);
    const good = 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const answer = await bare(server.port, `${stranger}Content-Length: ${body.length}\r\n\r\n${body}${good}`);
    expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['401', '200']);
  });

  const huge = 'Content-Length: 100000000000\r\n\r\n';
  it.each([
    ['too large', `${head}${huge}`, 413],
    ['of nobody', head.replace(/Authorization: .*\r\n/, '') + huge, 401],
    ['of another type', `${head.replace('json', 'xml')}${huge}`, 415],
    ['for a path of nobody', `${head.replace('/api/v1/coupons/issue', '/nowhere')}${huge}`, 404],
  ])('is answered and cut off, not taken to its end: a body %s', async (_, start, status) => {
    const { answer, taken } = await floods(server.port, start);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    // What lies in the buffers on the way is sent, too.
    expect(taken).toBeLessThan(64 * MB);
  });
});

const MB = 1024 * 1024;

/** Sends a head, and bytes for as long as they are taken, 256 MB at most. */
async function floods(port: number, head: string): Promise<{ readonly answer: string; readonly taken: number }> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const closed = new Promise(resolve => socket.once('close', resolve));
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  socket.write(head);
  const chunk = Buffer.alloc(MB, ' ');
  for (let i = 0; i < 256 && !socket.destroyed; i++)
    if (!socket.write(chunk)) await Promise.race([new Promise(resolve => socket.once('drain', resolve)), closed]);
  socket.destroy();
  return { answer, taken: socket.bytesWritten };
}
