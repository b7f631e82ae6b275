import {
  aCoupon,
  anActivePolicy,
  aServer,
  operator,
  service,
  shopper,
  type TestServer,
  tokenFor,
} from '../http.fixtures.js';
import { anOrder, aProduct, goOn, paid, pay, wish } from '../orders.fixtures.js';

const path = '/api/v3/orders';
let server: TestServer;
beforeEach(async () => {
  server = await aServer({}, {}, { orders: { paymentDeadlineSeconds: 60 } });
  await aProduct(server);
});
afterEach(() => server.close());

const place = (body: object, token = shopper(), headers = {}) => server.post(path, { token, body, headers });
const cancel = (orderNumber: string, token = shopper(), reason = 'changed my mind') =>
  server.post(`${path}/cancel`, { token, body: { orderNumber, reason } });
const look = async (orderNumber: string, what = '', token = shopper()) =>
  (await server.get(`${path}/${orderNumber}${what}`, { token })).json;
const stock = async (product = 'mug') =>
  (await server.get(`/api/v1/products/${product}/options/blue/stock`, { token: operator })).json;
const steps = (STOCK: string, COUPON: string, POINTS: string) =>
  Object.entries({ STOCK, COUPON, POINTS }).map(([step, status]) => ({ step, status }));

describe('an order over HTTP', () => {
  it('is 202 with the fixed body, and its place', async () => {
    const got = await place(wish());
    const { orderNumber } = got.json;
    const trackingUrl = `${path}/${orderNumber}/status`;
    expect([got.status, got.json]).toEqual([202, { orderNumber, status: 'PENDING', trackingUrl, estimatedSeconds: 1 }]);
    expect(got.headers.get('location')).toBe(trackingUrl);
    expect((await server.get(trackingUrl, { token: shopper() })).json).toEqual({
      ...{ orderNumber, status: 'PENDING', reason: null, steps: steps('PENDING', 'SKIPPED', 'SKIPPED') },
    });
  });

  it('rule 1: is read with every figure bare, in one currency', async () => {
    const couponId = await aCoupon(server);
    const got = await place(wish({ couponIds: [couponId], channel: 'WEB', payment: 'EXTERNAL' }));
    await goOn(server);
    const { createdAt, paymentDeadline, discounts, ...order } = await look(String(got.json.orderNumber));
    const line = { lineId: '1', productId: 'mug', optionId: 'blue', quantity: 2, unitPrice: 10_000 };
    expect(order).toEqual({
      ...{ orderNumber: got.json.orderNumber, userId: 'ann', status: 'AWAITING_PAYMENT', reason: null },
      ...{ refundStatus: 'NONE', currency: 'KRW', payment: 'EXTERNAL', channel: 'WEB' },
      lines: [{ ...line, discount: 1_000, net: 19_000, unitNets: [9_500, 9_500], refunded: 0 }],
      shipping: { gross: 0, discount: 0, net: 0 },
      ...{ pointsUsed: 0, total: 19_000, refunded: 0, refundDue: 0, endedAt: null },
      ...{ steps: steps('HELD', 'HELD', 'SKIPPED'), refunds: [] },
    });
    expect(discounts).toMatchObject([{ couponId, amount: 1_000, allocations: [{ lineId: '1', amount: 1_000 }] }]);
    expect(Date.parse(String(paymentDeadline)) - Date.parse(String(createdAt))).toBe(60_000);
  });

  it('has an ETag that changes with it', async () => {
    const orderNumber = await anOrder(server);
    const tag = async () => (await server.get(`${path}/${orderNumber}`, { token: shopper() })).headers.get('etag');
    const before = await tag();
    expect(before).toMatch(/^"[\w-]{22}"$/);
    expect(await tag()).toBe(before);
    await goOn(server);
    expect(await tag()).not.toBe(before);
  });

  it.each<[string, object, number, string, string | undefined]>([
    ['no lines', wish({ lines: [] }), 422, 'ORDER_EMPTY', 'lines'],
    [
      'a line named twice',
      wish({ lines: [wish().lines[0], wish().lines[0]] }),
      422,
      'ORDER_INVALID',
      'lines[1].lineId',
    ],
    ['no units', aLine({ quantity: 0 }), 422, 'UNPROCESSABLE_REQUEST', 'lines[0].quantity'],
    ['too many units', aLine({ quantity: 10_001 }), 422, 'UNPROCESSABLE_REQUEST', 'lines[0].quantity'],
    ['half a unit', aLine({ quantity: 0.5 }), 400, 'MALFORMED_REQUEST', 'lines[0].quantity'],
    ['a price of its own', aLine({ unitPrice: 1 }), 400, 'MALFORMED_REQUEST', 'lines[0].unitPrice'],
    ['an unknown product', aLine({ productId: 'cup' }), 404, 'PRODUCT_NOT_FOUND', undefined],
    ['an unknown option', aLine({ optionId: 'red' }), 404, 'OPTION_NOT_FOUND', undefined],
    ['another way to pay', wish({ payment: 'CASH' }), 400, 'MALFORMED_REQUEST', 'payment'],
    ['negative points', wish({ points: -1 }), 422, 'UNPROCESSABLE_REQUEST', 'points'],
    ['a shipping of its own', wish({ shipping: 0 }), 400, 'MALFORMED_REQUEST', 'shipping'],
    ['segments of its own', wish({ segments: ['VIP'] }), 400, 'MALFORMED_REQUEST', 'segments'],
    ['more lines than a cart has', wish({ lines: manyLines(101) }), 422, 'UNPROCESSABLE_REQUEST', 'lines'],
  ])('rule 2: with %s is refused at once', async (_, body, status, code, field) => {
    const got = await place(body);
    expect([got.status, got.json.code, got.json.errors?.[0]?.field]).toEqual([status, code, field]);
    expect((await server.get(path, { token: shopper() })).json.items).toEqual([]);
  });

  it('rule 2: of two currencies is refused', async () => {
    const options = [{ optionId: 'blue', price: { amount: 5, currency: 'USD' } }];
    await server.put('/api/v1/products/cup', { token: operator, body: { name: 'A cup', options } });
    const lines = [wish().lines[0], { lineId: '2', productId: 'cup', optionId: 'blue', quantity: 1 }];
    expect(await place({ lines })).toMatchObject({
      status: 422,
      json: { code: 'CURRENCIES_MIXED', currencies: ['KRW', 'USD'] },
    });
  });

  it('is placed for somebody by service and operator alone, who have to name him', async () => {
    const got = await place(wish({ userId: 'ann' }), service);
    expect(got.status).toBe(202);
    expect((await look(String(got.json.orderNumber))).userId).toBe('ann');
    expect((await place(wish({ userId: 'ann' }), shopper('eve'))).status).toBe(403);
    expect((await place(wish(), service)).json).toMatchObject({ status: 400, errors: [{ field: 'userId' }] });
    expect((await place(wish(), tokenFor('ann', ['admin']))).status).toBe(403);
  });

  it('rule 3: is PENDING in the answer also where it is cancelled already, and tells why later', async () => {
    const couponId = await aCoupon(server, 'ann', { conditions: { minimumOrder: { amount: 50_000 } } });
    const got = await place(wish({ couponIds: [couponId] }));
    expect(got).toMatchObject({ status: 202, json: { status: 'PENDING' } });
    expect(await look(String(got.json.orderNumber), '/status')).toMatchObject({
      ...{ status: 'CANCELLED', reason: 'MINIMUM_ORDER_NOT_MET', steps: steps('SKIPPED', 'REFUSED', 'SKIPPED') },
    });
  });

  it('rule 3: with a coupon that can be none ends CANCELLED like with one that nobody knows', async () => {
    const got = await place(wish({ couponIds: ['no-such-coupon'] }));
    expect(got.status).toBe(202);
    expect(await look(String(got.json.orderNumber), '/status')).toMatchObject({
      ...{ status: 'CANCELLED', reason: 'COUPON_NOT_FOUND' },
    });
  });

  it('rule 3: of more than there is ends CANCELLED, and gives back what it held', async () => {
    const couponId = await aCoupon(server);
    const orderNumber = await anOrder(server, 'ann', { ...aLine({ quantity: 11 }), couponIds: [couponId] });
    await goOn(server);
    expect(await look(orderNumber, '/status')).toMatchObject({
      ...{ status: 'CANCELLED', reason: 'OUT_OF_STOCK', steps: steps('REFUSED', 'VOIDED', 'SKIPPED') },
    });
    const timeline = (await look(orderNumber, '/timeline')).items;
    expect(timeline.map(({ type, data }) => [type, data])).toEqual([
      ['order.placed.v1', expect.objectContaining({ total: 109_000, payment: 'NONE' })],
      ['order.step-refused.v1', { step: 'STOCK', code: 'OUT_OF_STOCK', data: expect.objectContaining({ free: 10 }) }],
      ['order.cancelled.v1', { reason: 'OUT_OF_STOCK', voids: ['COUPON'] }],
    ]);
    expect(await stock()).toEqual({ free: 10, held: 0, sold: 0 });
  });

  it('takes as long as the last ones did', async () => {
    const orderNumber = await anOrder(server);
    server.adapters.clock.advance(7_001);
    await goOn(server);
    expect((await look(orderNumber)).status).toBe('COMPLETED');
    expect((await place(wish())).json.estimatedSeconds).toBe(8);
  });

  it('is placed once under a key, and answered byte for byte', async () => {
    const key = { 'idempotency-key': 'k' };
    const answers = [await place(wish(), shopper(), key), await place(wish(), shopper(), key)];
    expect(answers[1]?.text).toBe(answers[0]?.text);
    expect((await server.get(path, { token: shopper() })).json.items).toHaveLength(1);
    expect((await place(wish({ points: 1 }), shopper(), key)).json.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('of a cart has what is in it, and takes it out when it is completed', async () => {
    const orderCart = (body?: object, token = shopper()) => server.post(`${path}/cart`, { token, body });
    expect(await orderCart({})).toMatchObject({ status: 422, json: { code: 'ORDER_EMPTY' } });
    await server.post('/api/v1/carts', { token: shopper(), body: { productId: 'mug', optionId: 'blue', quantity: 3 } });
    const got = await orderCart({ payment: 'NONE' });
    expect(got).toMatchObject({ status: 202, json: { status: 'PENDING' } });
    await goOn(server);
    expect(await look(String(got.json.orderNumber))).toMatchObject({ status: 'COMPLETED', lines: [{ quantity: 3 }] });
    expect((await server.get('/api/v1/carts/ann', { token: shopper() })).json.items).toEqual([]);
    expect((await orderCart({ lines: [] })).json).toMatchObject({ status: 400, errors: [{ field: 'lines' }] });
  });
});

describe('the orders of a user', () => {
  it('rule 1: are listed newest first, by status and in pages', async () => {
    const numbers: string[] = [];
    for (let i = 0; i < 3; i++) {
      numbers.unshift(await anOrder(server));
      server.adapters.clock.advance(1);
    }
    await anOrder(server, 'bob');
    await cancel(numbers[1] ?? '');
    await goOn(server);
    const list = async (query: string, token = shopper()) => (await server.get(`${path}${query}`, { token })).json;
    const found = ({ items }: { items: Record<string, unknown>[] }) => items.map(each => each.orderNumber);
    expect(found(await list(''))).toEqual(numbers);
    expect(found(await list('?status=CANCELLED'))).toEqual([numbers[1]]);
    const first = await list('?limit=2');
    expect(found(first)).toEqual(numbers.slice(0, 2));
    expect(found(await list(`?limit=2&cursor=${first.nextCursor}`))).toEqual(numbers.slice(2));
    expect(found(await list('?userId=ann', operator))).toEqual(numbers);
    expect(await list('?userId=ann', shopper('eve'))).toMatchObject({ status: 404, code: 'USER_NOT_FOUND' });
    expect(await list('', operator)).toMatchObject({ status: 400, errors: [{ field: 'userId' }] });
    expect(await list('?userId=a%2Fb', operator)).toMatchObject({ status: 400, errors: [{ field: 'userId' }] });
    expect(await list('?status=LOST')).toMatchObject({ status: 400, errors: [{ field: 'status' }] });
  });

  it('are as good as not there for others', async () => {
    const orderNumber = await anOrder(server);
    for (const number of [orderNumber, '01990000-0000-7000-8000-0000000000ff', 'nothing']) {
      for (const what of ['', '/status', '/timeline'])
        expect(await look(number, what, shopper('eve'))).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
      expect((await cancel(number, shopper('eve'))).json).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
    }
    await goOn(server);
    expect(await look(orderNumber, '/status', tokenFor('audit', ['admin']))).toMatchObject({ status: 'COMPLETED' });
  });

  it('tell the shop who did what, and their owner what was done', async () => {
    const orderNumber = await anOrder(server);
    const actors = async (token: string) =>
      (await look(orderNumber, '/timeline', token)).items.map(({ actor }) => actor);
    expect(await actors(operator)).toEqual(['ann']);
    expect(await actors(shopper())).toEqual([undefined]);
  });
});

it('a code on offer is redeemed with the order', async () => {
  await anActivePolicy(server, { code: 'FRIDAY' });
  const orderNumber = await anOrder(server, 'ann', { codes: ['friday'], payment: 'EXTERNAL' });
  await goOn(server);
  expect((await pay(server, paid(orderNumber, 19_000))).status).toBe(202);
  await goOn(server);
  expect(await look(orderNumber)).toMatchObject({ status: 'COMPLETED', total: 19_000 });
});

function aLine(more: object) {
  return { lines: [{ ...wish().lines[0], ...more }] };
}

function manyLines(count: number) {
  return Array.from({ length: count }, (_, i) => ({ ...wish().lines[0], lineId: String(i) }));
}
