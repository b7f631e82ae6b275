import { aServer, operator, service, shopper, type TestServer } from '../http.fixtures.js';

let server: TestServer;
beforeEach(async () => {
  server = await aServer();
});
afterEach(() => server.close());

let keys = 0;
const send = (what: 'earn' | 'use', points: number, more: object = {}, token = service) => {
  keys += 1;
  const order = what === 'use' ? { orderNumber: 'order-1' } : {};
  const body = { userId: 'ann', points, key: `k-${keys}`, ...order, ...more };
  return server.post(`/api/v2/points/${what}`, { token, body });
};
const cancel = (pointId: unknown) =>
  server.post(`/api/v2/points/${pointId}/cancel`, { token: service, body: { reason: 'returned' } });
const look = (what: string, token = shopper(), user = 'ann') =>
  server.get(`/api/v2/points/users/${user}/${what}`, { token });

describe('points over HTTP', () => {
  it('are earned, used and cancelled with the fixed bodies', async () => {
    const earned = await send('earn', 1_000, { reason: 'welcome' });
    expect([earned.status, earned.json]).toEqual([
      201,
      { pointId: earned.json.pointId, points: 1_000, balance: 1_000 },
    ]);
    expect(earned.headers.get('location')).toBe('/api/v2/points/users/ann/history');
    const used = await send('use', 300);
    expect([used.status, used.json]).toEqual([201, { pointId: used.json.pointId, points: 300, balance: 700 }]);
    const cancelled = await cancel(used.json.pointId);
    const body = { pointId: used.json.pointId, status: 'CANCELLED', balance: 1_000 };
    expect([cancelled.status, cancelled.json]).toEqual([200, body]);
    expect((await cancel(used.json.pointId)).json).toEqual(body);
    expect((await look('balance')).json).toEqual({ userId: 'ann', available: 1_000, held: 0, pending: 0, debt: 0 });
  });

  it.each(['earn', 'use'] as const)(
    'rule 15: %s: the same key again is 200 with the same pointId, other content 422',
    async what => {
      await send('earn', 1_000);
      const first = await send(what, 100, { key: 'k' });
      const again = await send(what, 100, { key: 'k' });
      expect([again.status, again.text]).toEqual([200, first.text]);
      expect(await send(what, 101, { key: 'k' })).toMatchObject({ status: 422, json: { code: 'POINT_KEY_REUSED' } });
      expect(await send(what, 100, { key: 'k', orderNumber: 'order-9' })).toMatchObject({ status: 422 });
    },
  );

  it('rule 15: a shopper moves nothing, and reads only his own', async () => {
    expect((await send('earn', 10, {}, shopper())).status).toBe(403);
    expect((await send('use', 10, {}, shopper())).status).toBe(403);
    for (const what of ['balance', 'history', 'lots']) {
      expect(await look(what, shopper('bob'))).toMatchObject({ status: 404, json: { code: 'USER_NOT_FOUND' } });
      expect((await look(what, operator)).status).toBe(200);
    }
  });

  it.each<[string, object, number, string]>([
    ['more than there is', { points: 101 }, 409, 'INSUFFICIENT_POINTS'],
    ['none', { points: 0 }, 422, 'UNPROCESSABLE_REQUEST'],
    ['a part of one', { points: 0.5 }, 400, 'MALFORMED_REQUEST'],
    ['no key', { key: undefined }, 400, 'MALFORMED_REQUEST'],
  ])('refuse a use of %s', async (_, more, status, code) => {
    await send('earn', 100);
    expect(await send('use', 10, more)).toMatchObject({ status, json: { code } });
  });

  it('refuse an earning that is expired before it can be used', async () => {
    const more = { expiresAt: '2020-01-01T00:00:00Z' };
    expect(await send('earn', 10, more)).toMatchObject({
      status: 422,
      json: { code: 'POINTS_NEVER_USABLE', expiresAt: '2020-01-01T00:00:00.000Z' },
    });
  });

  it('rule 17: owe what was spent of a cancelled earning, or refuse it, by configuration', async () => {
    const { pointId } = (await send('earn', 100)).json;
    await send('use', 60);
    expect((await cancel(pointId)).json).toEqual({ pointId, status: 'CANCELLED', balance: 0 });
    expect((await look('balance')).json).toMatchObject({ available: 0, debt: 60 });
    expect((await send('earn', 100)).json).toMatchObject({ balance: 40 });
    await server.close();
    server = await aServer({}, {}, { points: { debt: 'REFUSED' } });
    const strict = (await send('earn', 100)).json;
    await send('use', 60);
    expect(await cancel(strict.pointId)).toMatchObject({ status: 409, json: { code: 'POINTS_SPENT', spent: 60 } });
  });

  it('are not found under an id that nobody has', async () => {
    for (const id of ['01990000-0000-7000-8000-0000000000ff', 'nothing'])
      expect(await cancel(id)).toMatchObject({ status: 404, json: { code: 'POINT_NOT_FOUND' } });
  });

  it('rule 16: lots are told in the order in which they are spent, in pages', async () => {
    await send('earn', 1);
    await send('earn', 2, { expiresAt: '2099-01-01T00:00:00+09:00' });
    await send('earn', 3, { expiresAt: '2098-01-01T00:00:00+09:00', availableAt: '2097-01-01T00:00:00Z' });
    const first = (await look('lots?limit=2')).json;
    expect(first.items).toMatchObject([
      { points: 3, remaining: 3, availableAt: '2097-01-01T00:00:00.000Z', expiresAt: '2097-12-31T15:00:00.000Z' },
      { points: 2, remaining: 2, expiresAt: '2098-12-31T15:00:00.000Z' },
    ]);
    const second = (await look(`lots?limit=2&cursor=${first.nextCursor}`)).json;
    expect(second).toMatchObject({ items: [{ points: 1, expiresAt: null }], nextCursor: null });
    expect((await look('balance')).json).toMatchObject({ available: 3, pending: 3 });
  });

  it('rule 16: the history has every line, newest first, in pages', async () => {
    const { pointId } = (await send('earn', 10, { orderNumber: 'order-1' })).json;
    const used = (await send('use', 4)).json;
    await cancel(used.pointId);
    const first = (await look('history?limit=2')).json;
    expect(first.items).toMatchObject([
      { pointId: used.pointId, type: 'CANCEL', points: 4, balance: 10, orderNumber: 'order-1' },
      { pointId: used.pointId, type: 'USE', points: 4, balance: 6, orderNumber: 'order-1' },
    ]);
    const second = (await look(`history?limit=2&cursor=${first.nextCursor}`)).json;
    const line = { pointId, type: 'EARN', points: 10, balance: 10, orderNumber: 'order-1', at: expect.any(String) };
    expect(second).toEqual({ items: [line], nextCursor: null });
    expect((await look(`lots?cursor=${first.nextCursor}`)).status).toBe(400);
  });

  it('are moved once under an Idempotency-Key, and answered byte for byte', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { userId: 'ann', points: 10, key: 'k' };
    const [first, again] = [
      await server.post('/api/v2/points/earn', { token: service, body, headers }),
      await server.post('/api/v2/points/earn', { token: service, body, headers }),
    ];
    expect([again.status, again.text]).toEqual([201, first.text]);
  });
});
