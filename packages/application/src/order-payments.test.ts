import { paymentEventTypes, paymentSubscription } from './order-payments.js';
import { aShopWithOrders } from './orders.fixtures.js';
import type { DeliveredEvent, Handled } from './ports/event-bus.js';

const paid = (orderNumber: string, changed: Partial<DeliveredEvent> = {}, data: object = {}): DeliveredEvent => ({
  ...{ id: 'evt-1', streamId: 'evt-1', streamVersion: 0, type: paymentEventTypes.COMPLETED, key: orderNumber },
  ...{ origin: { actor: 'pay', traceparent: null }, recordedAt: 0, attempt: 1 },
  data: {
    ...{ orderNumber, paymentId: 'pay-1', amount: { amount: 20_000, currency: 'KRW' } },
    ...{ occurredAt: '2026-11-21T10:00:00+09:00', ...data },
  },
  ...changed,
});

async function anUnpaidOrder() {
  const shop = await aShopWithOrders();
  await shop.product('mug');
  const orderNumber = await shop.order({ payment: 'EXTERNAL' });
  const { handle } = paymentSubscription(shop.orders);
  const statusOf = async () => {
    await shop.run();
    return (await shop.look(orderNumber)).status;
  };
  return { orderNumber, handle, statusOf };
}
const told = (results: readonly Handled[]) =>
  results.map(result =>
    result.outcome === 'DONE' ? 'DONE' : [result.error.name, result.error.message, result.retryable],
  );

describe('payment events from outside', () => {
  it('pay an order, however often they come', async () => {
    const { orderNumber, handle, statusOf } = await anUnpaidOrder();
    expect(told(await handle([paid(orderNumber), paid(orderNumber)]))).toEqual(['DONE', 'DONE']);
    expect(told(await handle([paid(orderNumber, {}, { somethingNew: 1 })]))).toEqual(['DONE']);
    expect(await statusOf()).toBe('COMPLETED');
  });

  it('that failed cancel it', async () => {
    const { orderNumber, handle, statusOf } = await anUnpaidOrder();
    await handle([paid(orderNumber, { type: paymentEventTypes.FAILED }, { occurredAt: undefined })]);
    expect(await statusOf()).toBe('CANCELLED');
  });

  it.each<[string, Partial<DeliveredEvent>, object, string]>([
    ['no order number', {}, { orderNumber: 'order-1' }, 'orderNumber must be a UUID'],
    ['no payment', {}, { paymentId: undefined }, 'paymentId must be'],
    ['no amount', {}, { amount: null }, 'amount.amount must be'],
    ['a broken amount', {}, { amount: { amount: 1.5, currency: 'KRW' } }, 'amount.amount must be'],
    ['a currency in words', {}, { amount: { amount: 1, currency: 'won' } }, 'amount.currency must be'],
    ['a time without an offset', {}, { occurredAt: '2026-11-21T12:00:00' }, 'occurredAt must be'],
    ['a day that is none', {}, { occurredAt: '2026-02-30T00:00:00Z' }, 'occurredAt must be'],
    ['a time after 9999', {}, { occurredAt: '9999-12-31T23:59:59-14:00' }, 'occurredAt must be'],
    ['an id with a blank', { id: 'evt 1' }, {}, 'the id of the event must be'],
    ['an order that nobody placed', {}, { orderNumber: '01990000-0000-7000-8000-0000000000ff' }, 'ORDER_NOT_FOUND'],
  ])('with %s are given up at once, with their cause', async (_, changed, data, cause) => {
    const { orderNumber, handle, statusOf } = await anUnpaidOrder();
    expect(told(await handle([paid(orderNumber, changed, data)]))).toEqual([
      ['PaymentRefusedError', expect.stringContaining(cause), false],
    ]);
    expect(await statusOf()).toBe('AWAITING_PAYMENT');
  });

  it('of one order stop behind one that was given up, and those of others go on', async () => {
    const { orderNumber, handle } = await anUnpaidOrder();
    const bad = paid(orderNumber, { key: 'a', id: 'evt-bad' }, { amount: null });
    const good = paid(orderNumber, { key: 'b' });
    const results = await handle([bad, paid(orderNumber, { key: 'a' }), good]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['FAILED', 'FAILED', 'DONE']);
  });
});
