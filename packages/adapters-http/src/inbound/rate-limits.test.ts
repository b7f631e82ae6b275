import { aServer, service, shopper, type TestServer } from './http.fixtures.js';

describe('rate limits', () => {
  let server: TestServer;
  afterEach(() => server.close());
  const mine = (user: string, headers = {}) =>
    server.get(`/api/v1/coupons/users/${user}`, { token: shopper(user), headers });

  it('count each user alone, and tell how much is left and when to go on', async () => {
    server = await aServer({ rateLimitPerUser: 2 });
    const first = await mine('ann');
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-limit')).toBe('2');
    expect(first.headers.get('ratelimit-remaining')).toBe('1');
    expect(Number(first.headers.get('ratelimit-reset'))).toBeGreaterThan(50);
    expect(first.headers.get('ratelimit-policy')).toBe('2;w=60');
    await mine('ann');
    const third = await mine('ann');
    expect(third).toMatchObject({ status: 429, json: { code: 'RATE_LIMITED' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(third.headers.get('ratelimit-remaining')).toBe('0');
    expect((await mine('bob')).status).toBe(200);
  });

  it('count requests that are refused too, and none of a service', async () => {
    server = await aServer({ rateLimitPerUser: 1 });
    const bad = () => server.post('/api/v1/coupons/issue', { token: shopper(), body: {} });
    expect([(await bad()).status, (await bad()).status]).toEqual([400, 429]);
    for (let i = 0; i < 3; i++)
      expect((await server.get('/api/v1/coupons/users/ann', { token: service })).status).toBe(200);
  });

  it('count an address before looking at the token, also for paths of nobody, but never health checks', async () => {
    server = await aServer({ rateLimitPerAddress: 2 });
    const statuses = [];
    for (const path of [
      '/nowhere',
      '/api/v1/coupons/users/ann',
      '/api/v1/coupons/users/ann',
      '/nowhere',
      '/health/live',
    ])
      statuses.push((await server.get(path)).status);
    expect(statuses).toEqual([404, 401, 429, 429, 200]);
  });

  it.each(['/docs', '/openapi.json'])('count an address also at %s', async path => {
    server = await aServer({ rateLimitPerAddress: 1 });
    const statuses = [(await server.get(path)).status, (await server.get(path)).status];
    expect(statuses[0]).toBeLessThan(400);
    expect(statuses[1]).toBe(429);
  });

  it('believe X-Forwarded-For from trusted proxies only', async () => {
    server = await aServer({ rateLimitPerAddress: 1, trustProxy: ['127.0.0.0/8'] });
    const from = async (address: string) => (await mine('ann', { 'x-forwarded-for': address })).status;
    expect([await from('1.2.3.4'), await from('1.2.3.5'), await from('9.9.9.9, 1.2.3.4')]).toEqual([200, 200, 429]);
    await server.close();
    server = await aServer({ rateLimitPerAddress: 1 });
    expect([await from('1.2.3.4'), await from('1.2.3.5')]).toEqual([200, 429]);
  });
});
