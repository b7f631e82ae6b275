import { anActivePolicy, aServer, operator, service, shopper, type TestServer, tokenFor } from '../http.fixtures.js';
import { goOn } from '../orders.fixtures.js';

describe('requests for coupons over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await aServer();
  });
  afterEach(() => server.close());
  const ask = (body: object, token = shopper(), headers = {}) =>
    server.post('/api/v3/coupons', { token, body, headers });
  const look = (requestId: unknown, token = shopper()) =>
    server.get(`/api/v3/coupons/requests/${requestId}`, { token });

  it('are accepted at once, and told under their Location: first nothing, then the coupon as its owner sees it', async () => {
    const policyId = await anActivePolicy(server);
    const got = await ask({ policyId });
    const { requestId } = got.json;
    expect({ status: got.status, body: got.json }).toEqual({
      status: 202,
      body: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 'PENDING' },
    });
    const where = got.headers.get('location') ?? '';
    expect(where).toBe(`/api/v3/coupons/requests/${requestId}`);
    expect(await server.get(where, { token: shopper() })).toMatchObject({ status: 200, json: got.json });
    await goOn(server);
    const { json } = await server.get(where, { token: shopper() });
    const { coupon } = json as unknown as { coupon: { couponId: string } };
    expect(json).toEqual({ requestId, status: 'ISSUED', coupon: expect.objectContaining({ policyId, userId: 'ann' }) });
    const there = await server.get(`/api/v1/coupons/${coupon.couponId}`, { token: shopper() });
    expect(there.json).toEqual(coupon);
  });

  it('are refused later, with the code and its data', async () => {
    const policyId = await anActivePolicy(server, { limits: { total: 2, perUser: 1, perDay: 1 } });
    const ids = [];
    for (const user of ['ann', 'ann', 'bob'])
      ids.push((await ask({ policyId }, shopper(user))).json.requestId as string);
    await goOn(server);
    const [, again, late] = await Promise.all(ids.map(async id => (await look(id, operator)).json));
    expect(again).toEqual({
      ...{ requestId: ids[1], status: 'REFUSED', code: 'COUPON_ALREADY_ISSUED', data: { perUser: 1 } },
    });
    expect(late).toEqual({
      ...{ requestId: ids[2], status: 'REFUSED', code: 'DAILY_LIMIT_REACHED' },
      data: { perDay: 1, retryAt: '2026-01-01T15:00:00.000Z' },
    });
  });

  it('need a policy that exists', async () => {
    const nobody = '01990000-0000-7000-8000-00000000ffff';
    expect(await ask({ policyId: nobody })).toMatchObject({ status: 404, json: { code: 'POLICY_NOT_FOUND' } });
    expect((await ask({ policyId: 'x' })).status).toBe(400);
    expect(server.adapters.events.all()).toEqual([]);
  });

  it('of another user do not exist for a shopper, and those of nobody for anybody', async () => {
    const { requestId } = (await ask({ policyId: await anActivePolicy(server) })).json;
    await goOn(server);
    for (const token of [shopper('eve'), operator])
      expect(await look('01990000-0000-7000-8000-00000000ffff', token)).toMatchObject({
        ...{ status: 404, json: { code: 'COUPON_REQUEST_NOT_FOUND' } },
      });
    expect(await look(requestId, shopper('eve'))).toMatchObject({
      ...{ status: 404, json: { code: 'COUPON_REQUEST_NOT_FOUND', requestId } },
    });
    for (const token of [operator, service, tokenFor('root', ['admin'])])
      expect((await look(requestId, token)).json).toMatchObject({ requestId, status: 'ISSUED' });
  });

  it('are made for a user whom a service names, who sees them as his own', async () => {
    const policyId = await anActivePolicy(server);
    const { requestId } = (await ask({ policyId, userId: 'cy' }, service)).json;
    await goOn(server);
    expect((await look(requestId, shopper('cy'))).json).toMatchObject({ status: 'ISSUED', coupon: { userId: 'cy' } });
    expect((await ask({ policyId, userId: 'cy' })).status).toBe(403);
    expect((await ask({ policyId }, service)).json).toMatchObject({ errors: [{ field: 'userId' }] });
  });

  it('are made once under one key, and answered byte for byte', async () => {
    const policyId = await anActivePolicy(server);
    const key = { 'idempotency-key': 'k-1' };
    const [first, again] = [await ask({ policyId }, shopper(), key), await ask({ policyId }, shopper(), key)];
    expect([again.status, again.text, again.headers.get('location')]).toEqual([
      ...[202, first.text, first.headers.get('location')],
    ]);
    const other = await ask({ policyId: await anActivePolicy(server) }, shopper(), key);
    expect(other).toMatchObject({ status: 422, json: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    await goOn(server);
    expect((await look(first.json.requestId)).json).toMatchObject({ coupon: { sequence: 1 } });
    expect((await ask({ policyId }, shopper(), key)).text).toBe(first.text);
  });
});
