import { aServer, type TestServer } from '../http.fixtures.js';
import { base, person } from './users.fixtures.js';

describe('users and their addresses', () => {
  let server: TestServer;
  afterEach(() => server.close());

  it('rule 19: "TRUST_PROXY names proxies": a client behind one is locked out by its own address', async () => {
    server = await aServer({ trustProxy: ['127.0.0.1'] });
    await server.post(`${base}/signup`, { body: person });
    const from = (address: string) =>
      server.post(`${base}/login`, {
        body: { email: person.email, password: 'wrong' },
        headers: { 'x-forwarded-for': address },
      });
    for (const _ of [1, 2, 3, 4, 5]) await from('192.0.2.1');
    expect([(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([429, 401]);
  });

  it('strangers count for the limit per address', async () => {
    server = await aServer({ rateLimitPerAddress: 2 });
    const statuses = [];
    for (const _ of [1, 2, 3])
      statuses.push((await server.post(`${base}/validate-token`, { body: { token: 'x' } })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });
});
