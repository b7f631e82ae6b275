import { aShopWithOrders, mustBeHelped } from './orders.fixtures.js';
import type { OrdersOptions } from './orders.js';
import { accepted, no, origin } from './promotions.fixtures.js';

describe.each(['TOGETHER', 'APART'] as const)('an order whose steps are held %s', steps => {
  const aShop = (options: OrdersOptions = {}) => aShopWithOrders({ steps, ...options });

  it('is held, completed and posted: stock, coupon and points', async () => {
    const shop = await aShop();
    const couponId = await shop.coupon();
    await shop.earn('ann', 5_000);
    const { orderNumber } = accepted(await shop.place({ couponIds: [couponId], points: 2_000 }));
    expect(await shop.shown(orderNumber)).toBe('PENDING - | PENDING PENDING PENDING');
    await shop.turn();
    await shop.run();
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED POSTED POSTED');
    expect([await shop.stock(), await shop.couponStatus(couponId), await shop.balance()]).toEqual([
      ...['8/0/2', 'USED', '3000/0'],
    ]);
    expect((await shop.look(orderNumber)).facts).toMatchObject({ total: 15_000, pointsUsed: 2_000 });
  });

  it('rule 3: what is not there cancels it, and gives the rest back', async () => {
    const shop = await aShop();
    const couponId = await shop.coupon();
    await shop.earn('ann', 5_000);
    await shop.product('cup', { free: 1 });
    const line = { lineId: '2', productId: 'cup', optionId: 'blue', quantity: 2 };
    const lines = [{ lineId: '1', productId: 'mug', optionId: 'blue', quantity: 1 }, line];
    const orderNumber = await shop.order({ lines, couponIds: [couponId], points: 1_000 });
    expect(await shop.shown(orderNumber)).toBe('CANCELLED OUT_OF_STOCK | REFUSED VOIDED VOIDED');
    expect([await shop.stock(), await shop.stock('cup')]).toEqual(['10/0/0', '1/0/0']);
    expect([await shop.couponStatus(couponId), await shop.balance()]).toEqual(['ISSUED', '5000/0']);
  });

  it('rule 3: a coupon without effect is told, never dropped', async () => {
    const shop = await aShop();
    const conditions = { minimumOrder: { amount: 50_000 } };
    const couponId = await shop.coupon({ conditions });
    const orderNumber = await shop.order({ couponIds: [couponId] });
    expect(await shop.shown(orderNumber)).toBe('CANCELLED MINIMUM_ORDER_NOT_MET | SKIPPED REFUSED SKIPPED');
    expect(await shop.stock()).toBe('10/0/0');
    expect(shop.events.all().map(({ type }) => type)).not.toContain('stock.held.v1');
  });

  it('rule 4: points are capped to what is due before the balance is looked at', async () => {
    const shop = await aShop();
    await shop.earn('ann', 20_000);
    const orderNumber = await shop.order({ points: 999_999, payment: 'EXTERNAL' });
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED SKIPPED POSTED');
    expect(await shop.balance()).toBe('0/0');
    expect(await shop.shown(await shop.order({ points: 1 }))).toBe(
      'CANCELLED INSUFFICIENT_POINTS | VOIDED SKIPPED REFUSED',
    );
  });

  it('rules 7 to 9: waits for its payment, and is paid once', async () => {
    const shop = await aShop();
    const orderNumber = await shop.order({ payment: 'EXTERNAL' });
    expect(await shop.shown(orderNumber)).toBe('AWAITING_PAYMENT - | HELD SKIPPED SKIPPED');
    expect(await shop.stock()).toBe('8/2/0');
    accepted(await shop.pay(orderNumber, 19_999, { eventId: 'short' }));
    expect((await shop.look(orderNumber)).status).toBe('AWAITING_PAYMENT');
    accepted(await shop.pay(orderNumber, 20_000));
    accepted(await shop.pay(orderNumber, 20_000));
    await shop.run();
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED SKIPPED SKIPPED');
    expect((await shop.look(orderNumber)).refundDue).toBe(0);
    accepted(await shop.pay(orderNumber, 20_000, { eventId: 'again', paymentId: 'p2' }));
    expect((await shop.look(orderNumber)).refundDue).toBe(20_000);
    expect(await shop.stock()).toBe('8/0/2');
  });

  it('rule 8: a payment that comes before everything is held is kept', async () => {
    const shop = await aShop();
    const { orderNumber } = accepted(await shop.place({ payment: 'EXTERNAL' }));
    accepted(await shop.pay(orderNumber, 20_000));
    expect((await shop.look(orderNumber)).status).toBe('PENDING');
    await shop.run();
    expect((await shop.look(orderNumber)).status).toBe('COMPLETED');
  });

  it('rule 7: is cancelled when its payment does not come in time', async () => {
    const shop = await aShop({ paymentDeadlineSeconds: 60 });
    const orderNumber = await shop.order({ payment: 'EXTERNAL' });
    shop.clock.advance(59_999);
    expect(await shop.orders.timeOut({ limit: 10, origin, failed: mustBeHelped })).toBe(0);
    shop.clock.advance(1);
    expect(await shop.orders.timeOut({ limit: 10, origin, failed: mustBeHelped })).toBe(1);
    await shop.run();
    expect(await shop.shown(orderNumber)).toBe('CANCELLED PAYMENT_TIMEOUT | VOIDED SKIPPED SKIPPED');
    expect(await shop.stock()).toBe('10/0/0');
    accepted(await shop.pay(orderNumber, 20_000));
    expect(await shop.look(orderNumber)).toMatchObject({ status: 'CANCELLED', refundDue: 20_000 });
  });

  it('rule 6: its buyer cancels it while it is not over', async () => {
    const shop = await aShop();
    const { orderNumber } = accepted(await shop.place());
    expect(no(await shop.cancel(orderNumber, 'bob'))).toBe('ORDER_NOT_FOUND');
    accepted(await shop.cancel(orderNumber));
    await shop.run();
    expect(await shop.shown(orderNumber)).toBe('CANCELLED CANCELLED_BY_REQUEST | VOIDED SKIPPED SKIPPED');
    accepted(await shop.cancel(orderNumber));
    expect(await shop.stock()).toBe('10/0/0');
    expect(no(await shop.cancel(await shop.order()))).toBe('ORDER_COMPLETED');
  });

  it('rules 11 to 13: goes back in parts, and the last part brings all that is left', async () => {
    const shop = await aShop();
    const couponId = await shop.coupon({ discount: { type: 'FIXED_AMOUNT', amount: 3_001 } });
    await shop.earn('ann', 5_000);
    const orderNumber = await shop.order({ couponIds: [couponId], points: 1_000 });
    await shop.earn('ann', 100, orderNumber);
    const first = accepted(await shop.refund(orderNumber, 1)).refund;
    expect(first.amount + first.pointsReturned).toBe(8_499);
    expect(first.couponsRestored).toEqual([]);
    const last = accepted(await shop.refund(orderNumber, 1, { restock: false })).refund;
    expect(first.amount + last.amount).toBe(15_999);
    expect(first.pointsReturned + last.pointsReturned).toBe(1_000);
    expect(first.pointsReversed + last.pointsReversed).toBe(100);
    expect(last.couponsRestored).toEqual([couponId]);
    expect([await shop.stock(), await shop.couponStatus(couponId), await shop.balance()]).toEqual([
      ...['9/0/1', 'ISSUED', '5000/0'],
    ]);
    expect(no(await shop.refund(orderNumber, 1))).toBe('QUANTITY_NOT_REFUNDABLE');
  });

  it('is refunded also before its holds are posted', async () => {
    const shop = await aShop();
    const { orderNumber } = accepted(await shop.place());
    while ((await shop.look(orderNumber)).status === 'PENDING') await shop.turn();
    accepted(await shop.refund(orderNumber, 2));
    await shop.run();
    expect(await shop.stock()).toBe('10/0/0');
  });

  it('from a cart takes its lines out of it when it is completed', async () => {
    const shop = await aShop();
    const put = (productId: string) => ({ type: 'Add' as const, productId, optionId: 'blue', quantity: 1 });
    await shop.product('cup');
    accepted((await cartOf(shop, put('mug'))) as never);
    const orderNumber = await shop.order({ lines: null });
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED SKIPPED SKIPPED');
    expect((await shop.catalogueQueries.cart('ann')).lines).toEqual([]);
    expect(no(await shop.place({ lines: null }))).toBe('ORDER_EMPTY');
  });

  it('of a code turns it into a coupon of its buyer', async () => {
    const shop = await aShop();
    await shop.coupon({ issuance: ['FIRST_COME', 'CODE'], code: 'FRIDAY', limits: { perUser: 3 } }, 'bob');
    const orderNumber = await shop.order({ codes: ['friday'] });
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED POSTED SKIPPED');
    expect(
      (await shop.queries.couponsOfUser({ userId: 'ann', status: null, limit: 9, cursor: null })).items,
    ).toMatchObject([{ status: 'USED' }]);
  });

  it('is the first one only once', async () => {
    const shop = await aShop();
    const conditions = { firstOrderOnly: true };
    const [one, two] = [await shop.coupon({ conditions }), await shop.coupon({ conditions })];
    const placed = await Promise.all([shop.place({ couponIds: [one] }), shop.place({ couponIds: [two] })]);
    await shop.run();
    const statuses = await Promise.all(placed.map(async outcome => shop.shown(accepted(outcome).orderNumber)));
    expect(statuses.sort()).toEqual([
      ...['CANCELLED FIRST_ORDER_ONLY | SKIPPED REFUSED SKIPPED', 'COMPLETED - | POSTED POSTED SKIPPED'],
    ]);
  });

  it('that nobody went on with is found and finished, and messages that come twice change nothing', async () => {
    const shop = await aShop();
    await shop.earn('ann', 5_000);
    const { orderNumber } = accepted(await shop.place({ points: 100 }));
    const failures: string[] = [];
    const failed = (number: string) => void failures.push(number);
    const resume = { limit: 10, origin, olderThanSeconds: 30, failed };
    expect(await shop.orders.resume(resume)).toBe(0);
    shop.clock.advance(30_000);
    expect(await shop.orders.resume(resume)).toBe(1);
    expect(failures).toEqual([]);
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED SKIPPED POSTED');
    const books = [await shop.stock(), await shop.balance()];
    expect(books).toEqual(['8/0/2', '4900/0']);
    await shop.run();
    for (const done of shop.seen.values()) done.clear();
    await shop.run();
    expect([await shop.stock(), await shop.balance()]).toEqual(books);
    shop.clock.advance(60_000);
    expect(await shop.orders.resume(resume)).toBe(0);
  });

  it('can only be had of what the catalogue has, in one currency', async () => {
    const shop = await aShop();
    const line = (productId: string, optionId = 'blue') => ({ lineId: productId, productId, optionId, quantity: 1 });
    expect(no(await shop.place({ lines: [line('nothing')] }))).toBe('PRODUCT_NOT_FOUND');
    expect(no(await shop.place({ lines: [line('mug', 'green')] }))).toBe('OPTION_NOT_FOUND');
    expect(no(await shop.place({ lines: [line('mug'), line('mug')] }))).toBe('ORDER_INVALID');
    expect(no(await shop.place({ lines: [] }))).toBe('ORDER_EMPTY');
  });
});

async function cartOf(
  shop: Awaited<ReturnType<typeof aShopWithOrders>>,
  change: Parameters<typeof shop.catalogue.changeCart>[0]['input']['change'],
) {
  const answered = await shop.catalogue.changeCart({ input: { userId: 'ann', change, origin } });
  return answered.kind === 'DONE' ? answered.result : null;
}
