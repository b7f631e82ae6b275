import { afterCommit } from './bus/waking.js';
import { aShopWithOrders } from './orders.fixtures.js';
import { PaymentWatch, type WatchedPayment } from './payment-watch.js';
import { accepted } from './promotions.fixtures.js';

describe('payments that somebody has to see to', () => {
  it('orders rules 9 and 10: are told of and counted once each, the others are not', async () => {
    const told: WatchedPayment[] = [];
    const watch = new PaymentWatch(payment => told.push(payment));
    const shop = await aShopWithOrders({}, adapters => ({
      ...adapters,
      ...afterCommit(adapters.unitOfWork, adapters.events, appended => watch.look(appended)),
    }));
    const [mismatch, done] = [await shop.order({ payment: 'EXTERNAL' }), await shop.order({ payment: 'EXTERNAL' })];
    accepted(await shop.pay(mismatch, 1));
    accepted(await shop.pay(done, 20_000));
    expect(told.map(({ orderNumber, outcome }) => [orderNumber, outcome])).toEqual([
      [mismatch, 'PAYMENT_AMOUNT_MISMATCH'],
    ]);
    const cancelled = { type: 'CANCELLED', eventId: 'evt-2' } as const;
    for (const _ of ['once', 'again']) accepted(await shop.pay(done, 20_000, cancelled));
    accepted(await shop.pay(done, 20_000, { eventId: 'evt-3', paymentId: 'p2' }));
    accepted(await shop.pay(mismatch, 20_000, { eventId: 'evt-3' }));
    expect(told.slice(1)).toEqual([
      { orderNumber: done, paymentId: 'p1', eventId: 'evt-2', outcome: 'CANCELLED_AFTER_COMPLETION' },
      { orderNumber: done, paymentId: 'p2', eventId: 'evt-3', outcome: 'REFUND_DUE' },
      { orderNumber: mismatch, paymentId: 'p1', eventId: 'evt-3', outcome: 'EVENT_ID_REUSED' },
    ]);
    expect(Object.fromEntries(watch.figures)).toEqual({
      ...{ PAYMENT_AMOUNT_MISMATCH: 1, CANCELLED_AFTER_COMPLETION: 1, EVENT_ID_REUSED: 1, REFUND_DUE: 1 },
    });
  });
});
