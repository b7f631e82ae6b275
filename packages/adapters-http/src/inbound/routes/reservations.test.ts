import { aCoupon, aServer, operator, service, shopper, type TestServer } from '../http.fixtures.js';

describe('reservations over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await aServer();
  });
  afterEach(() => server.close());
  const orderAmount = { amount: 9000, currency: 'KRW' };
  const reserve = (token: string, couponId: string, fields: object = {}) =>
    server.post('/api/v1/coupons/reserve', {
      token,
      body: { reservationId: 'r-1', couponId, orderNumber: 'o-1', orderAmount, ttlSeconds: 600, ...fields },
    });
  const end = (verb: string, token = service, id = 'r-1') =>
    server.post(`/api/v1/coupons/reservations/${id}/${verb}`, { token });

  it('hold a coupon for a while, and the same again is the same', async () => {
    const couponId = await aCoupon(server);
    const first = await reserve(shopper(), couponId);
    expect({ status: first.status, body: first.json }).toEqual({
      status: 201,
      body: {
        reservationId: 'r-1',
        couponId,
        orderNumber: 'o-1',
        status: 'RESERVED',
        discount: expect.any(Number),
        expiresAt: '2026-01-01T00:10:00.000Z',
      },
    });
    expect(first.headers.get('location')).toBe(`/api/v1/coupons/${couponId}`);
    const again = await reserve(shopper(), couponId);
    expect(again).toMatchObject({ status: 200, text: first.text });
  });

  it('are malformed without a body, not of an unsupported type', async () => {
    const got = await server.post('/api/v1/coupons/reserve', { token: shopper() });
    expect(got).toMatchObject({ status: 400, json: { code: 'MALFORMED_REQUEST' } });
  });

  it('last 15 minutes unless somebody says otherwise', async () => {
    const couponId = await aCoupon(server);
    expect((await reserve(shopper(), couponId, { ttlSeconds: undefined })).json.expiresAt).toBe(
      '2026-01-01T00:15:00.000Z',
    );
  });

  it('tell others when they end, but do not block their own coupon', async () => {
    const couponId = await aCoupon(server);
    await reserve(shopper(), couponId);
    expect(await reserve(shopper(), couponId, { reservationId: 'r-2' })).toMatchObject({
      status: 409,
      json: { code: 'COUPON_RESERVED', retryAt: '2026-01-01T00:10:00.000Z', orderNumber: 'o-1' },
    });
    expect((await server.get(`/api/v1/coupons/${couponId}`, { token: shopper() })).json).toMatchObject({
      status: 'RESERVED',
      reservationId: 'r-1',
      reservedUntil: '2026-01-01T00:10:00.000Z',
    });
  });

  it('take their id once', async () => {
    const couponId = await aCoupon(server);
    await reserve(shopper(), couponId);
    expect(await reserve(shopper(), couponId, { orderNumber: 'o-2' })).toMatchObject({
      status: 422,
      json: { code: 'RESERVATION_ID_REUSED' },
    });
    const other = await aCoupon(server, 'bob');
    expect(await reserve(shopper('bob'), other)).toMatchObject({ status: 409, json: { code: 'RESERVATION_ID_TAKEN' } });
  });

  it.each([
    ['confirm', 'CONFIRMED', 'release', 'RESERVATION_NOT_ACTIVE'],
    ['release', 'RELEASED', 'confirm', 'RESERVATION_NOT_ACTIVE'],
  ])('end once: %s makes them %s', async (verb, status, other, code) => {
    await reserve(shopper(), await aCoupon(server));
    const done = await end(verb);
    expect(done).toMatchObject({ status: 200, json: { reservationId: 'r-1', status } });
    expect(await end(verb)).toMatchObject({ status: 200, text: done.text });
    expect(await end(other)).toMatchObject({ status: 409, json: { code } });
  });

  it('run out', async () => {
    await reserve(shopper(), await aCoupon(server));
    server.adapters.clock.advance(600_000);
    expect(await end('confirm')).toMatchObject({ status: 409, json: { code: 'RESERVATION_EXPIRED' } });
    expect((await end('release')).status).toBe(200);
  });

  it('are released by their owner, confirmed by a service, and nothing to anybody else', async () => {
    const couponId = await aCoupon(server);
    expect(await reserve(shopper('eve'), couponId)).toMatchObject({ status: 404, json: { code: 'COUPON_NOT_FOUND' } });
    await reserve(shopper(), couponId);
    expect((await end('release', shopper('eve'))).status).toBe(404);
    expect((await end('confirm', shopper())).status).toBe(403);
    expect((await end('release', shopper())).status).toBe(200);
    expect((await end('release', operator, 'r-9')).json.code).toBe('RESERVATION_NOT_FOUND');
    expect((await end('release', operator, 'r%209')).status).toBe(404);
  });

  it('made by a service are for anybody, or for the user whom it names', async () => {
    const couponId = await aCoupon(server);
    expect((await reserve(service, couponId, { userId: 'bob' })).status).toBe(404);
    expect((await reserve(shopper(), couponId, { userId: 'bob' })).status).toBe(403);
    expect((await reserve(service, couponId, { userId: 'ann' })).status).toBe(201);
    expect((await reserve(operator, await aCoupon(server), { reservationId: 'r-2' })).status).toBe(201);
  });

  const line = { lineId: '1', productId: 'p', unitPrice: 100, quantity: 1 };
  it.each<[string, object, number, string]>([
    ['neither an amount nor a cart', { orderAmount: undefined }, 422, 'orderAmount'],
    ['both', { cart: { currency: 'KRW', lines: [line] } }, 422, 'cart'],
    ['a TTL of nothing', { ttlSeconds: 0 }, 422, 'ttlSeconds'],
    ['a TTL over a day', { ttlSeconds: 86_401 }, 422, 'ttlSeconds'],
    ['half a second', { ttlSeconds: 0.5 }, 400, 'ttlSeconds'],
    ['a blank in the id', { reservationId: 'r 1' }, 400, 'reservationId'],
    ['an id of 65 characters', { reservationId: 'r'.repeat(65) }, 400, 'reservationId'],
    ['a coupon that is no UUID', { couponId: 'c' }, 400, 'couponId'],
    ['a negative amount', { orderAmount: { amount: -1, currency: 'KRW' } }, 422, 'orderAmount.amount'],
    ['no currency', { orderAmount: { amount: 1 } }, 400, 'orderAmount.currency'],
    [
      'no units',
      { orderAmount: null, cart: { currency: 'KRW', lines: [{ ...line, quantity: 0 }] } },
      422,
      'cart.lines[0].quantity',
    ],
    [
      'the same line twice',
      { orderAmount: null, cart: { currency: 'KRW', lines: [line, line] } },
      422,
      'cart.lines[1].lineId',
    ],
  ])('refuse %s', async (_, fields, status, field) => {
    const couponId = await aCoupon(server);
    const got = await reserve(shopper(), couponId, fields);
    expect({ status: got.status, field: got.json.errors?.[0]?.field }).toEqual({ status, field });
  });

  it('take a cart instead of an amount', async () => {
    const cart = { currency: 'KRW', lines: [line], segments: ['vip'], shipping: 0, at: '2026-01-01T00:00:00Z' };
    const got = await reserve(shopper(), await aCoupon(server), { orderAmount: undefined, cart });
    expect(got.status).toBe(201);
  });
});
