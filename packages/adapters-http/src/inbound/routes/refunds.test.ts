import { aCoupon, aServer, operator, service, shopper, type TestServer, tokenFor } from '../http.fixtures.js';
import { anOrder, aProduct, goOn } from '../orders.fixtures.js';

const path = '/api/v3/orders';
let server: TestServer;
beforeEach(async () => {
  server = await aServer();
  await aProduct(server);
});
afterEach(() => server.close());

const cancel = (orderNumber: string, token = shopper(), reason = 'changed my mind') =>
  server.post(`${path}/cancel`, { token, body: { orderNumber, reason } });
const look = async (orderNumber: string, what = '') =>
  (await server.get(`${path}/${orderNumber}${what}`, { token: shopper() })).json;
const stock = async () => (await server.get('/api/v1/products/mug/options/blue/stock', { token: operator })).json;

describe('a cancellation over HTTP', () => {
  it('rule 6: is 202 while the order is PENDING or AWAITING_PAYMENT, also the second time', async () => {
    const pending = await anOrder(server);
    expect(await cancel(pending)).toMatchObject({ status: 202, json: { orderNumber: pending, status: 'PENDING' } });
    const waiting = await anOrder(server, 'ann', { payment: 'EXTERNAL' });
    await goOn(server);
    expect(await look(pending)).toMatchObject({ status: 'CANCELLED', reason: 'changed my mind' });
    for (const orderNumber of [waiting, waiting, pending])
      expect(await cancel(orderNumber)).toMatchObject({ status: 202, json: { orderNumber, status: 'CANCELLED' } });
    await goOn(server);
    expect(await look(waiting, '/status')).toMatchObject({
      steps: [{ step: 'STOCK', status: 'VOIDED' }, { status: 'SKIPPED' }, { status: 'SKIPPED' }],
    });
    expect(await stock()).toEqual({ free: 10, held: 0, sold: 0 });
  });

  it('rule 6: of a COMPLETED order is 409', async () => {
    const orderNumber = await anOrder(server);
    await goOn(server);
    expect(await cancel(orderNumber)).toMatchObject({ status: 409, json: { code: 'ORDER_COMPLETED' } });
  });

  it('without words, or by the shop, works as well', async () => {
    const orderNumber = await anOrder(server);
    expect((await cancel(orderNumber, service, '')).status).toBe(202);
    await goOn(server);
    expect(await look(orderNumber)).toMatchObject({ status: 'CANCELLED', reason: 'CANCELLED_BY_REQUEST' });
  });
});

describe('a refund over HTTP', () => {
  const refund = (orderNumber: string, more: object = {}, token = operator) => {
    const body = { lines: [{ lineId: '1', quantity: 1 }], reason: 'broken', ...more };
    return server.post(`${path}/${orderNumber}/refunds`, { token, body });
  };

  it('rules 11 to 13: comes in parts with the fixed body, and the last one brings the rest', async () => {
    const couponId = await aCoupon(server);
    const body = { userId: 'ann', points: 5_000, key: 'gift' };
    await server.post('/api/v2/points/earn', { token: service, body });
    const orderNumber = await anOrder(server, 'ann', { couponIds: [couponId], points: 1_001 });
    await goOn(server);
    const first = await refund(orderNumber);
    const { refundId, pointsReturned } = first.json;
    expect([first.status, first.json]).toEqual([
      201,
      {
        ...{ refundId, amount: 9_500 - Number(pointsReturned), lines: [{ lineId: '1', quantity: 1 }] },
        ...{ pointsReturned: expect.any(Number), pointsReversed: 0, couponRestored: false, couponsRestored: [] },
      },
    ]);
    expect(first.headers.get('location')).toBe(`${path}/${orderNumber}`);
    expect(await look(orderNumber)).toMatchObject({ status: 'COMPLETED', refundStatus: 'PARTIAL' });
    const last = await refund(orderNumber, { restock: false }, service);
    expect(last.json).toMatchObject({ couponRestored: true, couponsRestored: [couponId] });
    expect(Number(pointsReturned) + Number(last.json.pointsReturned)).toBe(1_001);
    expect(await look(orderNumber)).toMatchObject({
      ...{ status: 'COMPLETED', refundStatus: 'FULL', refunded: 17_999, lines: [{ refunded: 2 }] },
      refunds: [{ refundId, reason: 'broken', restock: true }, { restock: false }],
    });
    expect(await stock()).toEqual({ free: 9, held: 0, sold: 1 });
    expect(await refund(orderNumber)).toMatchObject({
      status: 409,
      json: { code: 'QUANTITY_NOT_REFUNDABLE', left: 0 },
    });
  });

  it('rule 6: belongs to operator and service', async () => {
    const orderNumber = await anOrder(server);
    await goOn(server);
    expect((await refund(orderNumber, {}, shopper())).status).toBe(403);
    expect((await refund(orderNumber, {}, tokenFor('audit', ['admin']))).status).toBe(403);
  });

  it('is refused for what makes no sense, naming the field', async () => {
    const orderNumber = await anOrder(server);
    expect((await refund(orderNumber)).json).toMatchObject({ status: 409, code: 'ORDER_NOT_COMPLETED' });
    await goOn(server);
    const lineOf = (more: object) => ({ lines: [{ lineId: '1', quantity: 1, ...more }] });
    const twice = { lines: [...lineOf({}).lines, ...lineOf({}).lines] };
    for (const [body, status, field] of [
      [twice, 422, 'lines[1].lineId'],
      [{ lines: [] }, 422, 'lines'],
      [lineOf({ quantity: 0 }), 422, 'lines[0].quantity'],
      [{ restock: 'no' }, 400, 'restock'],
    ] as const)
      expect((await refund(orderNumber, body)).json).toMatchObject({ status, errors: [{ field }] });
    expect((await refund(orderNumber, lineOf({ lineId: '9' }))).json.code).toBe('ORDER_LINE_NOT_FOUND');
    expect((await refund(orderNumber, lineOf({ quantity: 3 }))).json).toMatchObject({ status: 409, left: 2 });
    expect((await refund('01990000-0000-7000-8000-0000000000ff')).json.code).toBe('ORDER_NOT_FOUND');
    expect((await look(orderNumber)).refunded).toBe(0);
  });

  it('is made once under a key', async () => {
    const orderNumber = await anOrder(server);
    await goOn(server);
    const sent = {
      ...{ token: operator, body: { lines: [{ lineId: '1', quantity: 1 }] }, headers: { 'idempotency-key': 'r' } },
    };
    const answers = [];
    for (let i = 0; i < 2; i++) answers.push((await server.post(`${path}/${orderNumber}/refunds`, sent)).text);
    expect(answers[0]).toBe(answers[1]);
    expect((await look(orderNumber)).refunded).toBe(10_000);
  });
});
