import { aServer, operator, shopper, type TestServer, tokenFor } from '../http.fixtures.js';
import { anOrder, goOn, paid, pay } from '../orders.fixtures.js';

let server: TestServer;
let orderNumber: string;
beforeEach(async () => {
  server = await aServer();
  orderNumber = await anOrder(server, 'ann', { payment: 'EXTERNAL' });
});
afterEach(() => server.close());

const due = 20_000;
const send = (amount = due, more: object = {}) => pay(server, paid(orderNumber, amount, more));
const outcome = async (amount?: number, more?: object) => (await send(amount, more)).json.outcome;
const look = async (what = '') => (await server.get(`/api/v3/orders/${orderNumber}${what}`, { token: shopper() })).json;

describe('a payment event over HTTP', () => {
  it('pays what is due: 202, and the same again has no effect', async () => {
    await goOn(server);
    const got = await send();
    expect([got.status, got.json]).toEqual([202, { orderNumber, eventId: 'evt-1', outcome: 'PAID' }]);
    expect((await send()).text).toBe(got.text);
    await goOn(server);
    expect(await look()).toMatchObject({ status: 'COMPLETED', refundDue: 0 });
  });

  it('rule 8: before everything is held it is kept, and counts then', async () => {
    expect(await outcome()).toBe('KEPT');
    await goOn(server);
    expect((await look()).status).toBe('COMPLETED');
    expect(await outcome()).toBe('PAID');
  });

  it.each([
    ['FAILED', 'PAYMENT_FAILED'],
    ['CANCELLED', 'PAYMENT_CANCELLED'],
  ])('rule 9: %s ends the order', async (type, reason) => {
    await goOn(server);
    expect(await outcome(due, { type })).toBe(reason);
    await goOn(server);
    expect(await look()).toMatchObject({ status: 'CANCELLED', reason });
  });

  it('rule 9: money for an order that is over, or paid, is due back', async () => {
    await goOn(server);
    await send(due, { type: 'FAILED' });
    expect(await outcome(due, { eventId: 'late' })).toBe('REFUND_DUE');
    expect(await look()).toMatchObject({ status: 'CANCELLED', refundDue: due });
    orderNumber = await anOrder(server, 'ann', { payment: 'EXTERNAL' });
    await goOn(server);
    await send(due, { eventId: 'evt-1b' });
    expect(await outcome(due, { eventId: 'evt-2', paymentId: 'pay-2' })).toBe('REFUND_DUE');
    expect(await outcome(due, { eventId: 'evt-3', type: 'CANCELLED' })).toBe('CANCELLED_AFTER_COMPLETION');
    expect(await look()).toMatchObject({ status: 'COMPLETED', refundDue: due });
  });

  it('tells of one order: for another one it is written down and pays nothing', async () => {
    await goOn(server);
    await send();
    const first = orderNumber;
    orderNumber = await anOrder(server, 'ann', { payment: 'EXTERNAL' });
    await goOn(server);
    expect([await outcome(), await outcome()]).toEqual(['EVENT_ID_REUSED', 'EVENT_ID_REUSED']);
    expect(await look()).toMatchObject({ status: 'AWAITING_PAYMENT', refundDue: 0 });
    expect(await outcome(due, { eventId: 'evt-2', paymentId: 'pay-2' })).toBe('PAID');
    orderNumber = first;
    expect(await outcome()).toBe('PAID');
  });

  it('rule 10: a wrong amount is 202, does not pay, and is in the timeline', async () => {
    await goOn(server);
    const got = await send(due - 1);
    expect([got.status, got.json.outcome]).toEqual([202, 'PAYMENT_AMOUNT_MISMATCH']);
    expect((await look()).status).toBe('AWAITING_PAYMENT');
    const entry = (await look('/timeline')).items.at(-1);
    expect(entry).toEqual({
      ...{ at: expect.any(String), type: 'order.payment-recorded.v1' },
      data: {
        ...{ eventId: 'evt-1', type: 'COMPLETED', paymentId: 'pay-1', outcome: 'PAYMENT_AMOUNT_MISMATCH' },
        ...{ amount: { amount: due - 1, currency: 'KRW' }, occurredAt: '2026-11-21T03:00:00.000Z' },
      },
    });
    expect(await outcome(due, { eventId: 'evt-2' })).toBe('PAID');
  });

  it('rule 10: of an unknown order is 404', async () => {
    for (const number of ['01990000-0000-7000-8000-0000000000ff', 'order-1'])
      expect(await pay(server, paid(number, due))).toMatchObject({
        status: 404,
        json: { code: 'ORDER_NOT_FOUND', orderNumber: number },
      });
  });

  it('belongs to service and operator', async () => {
    await goOn(server);
    for (const token of [shopper(), tokenFor('audit', ['admin'])])
      expect((await pay(server, paid(orderNumber, due), token)).status).toBe(403);
    expect((await pay(server, paid(orderNumber, due), operator)).json.outcome).toBe('PAID');
  });

  it.each<[string, object, number, string]>([
    ['no amount', { amount: undefined }, 400, 'amount'],
    ['a negative amount', { amount: { amount: -1, currency: 'KRW' } }, 422, 'amount.amount'],
    ['a broken amount', { amount: { amount: 1.5, currency: 'KRW' } }, 400, 'amount.amount'],
    ['no currency', { amount: { amount: 1 } }, 400, 'amount.currency'],
    ['another type', { type: 'PAID' }, 400, 'type'],
    ['no event', { eventId: undefined }, 400, 'eventId'],
    ['no payment', { paymentId: null }, 400, 'paymentId'],
    ['a time without an offset', { occurredAt: '2026-11-21T12:00:00' }, 400, 'occurredAt'],
  ])('with %s names the field', async (_, more, status, field) => {
    await goOn(server);
    const got = await send(due, more);
    expect([got.status, got.json.errors[0]?.field]).toEqual([status, field]);
    expect((await look()).status).toBe('AWAITING_PAYMENT');
  });
});
