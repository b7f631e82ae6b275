import { aShopWithOrders } from './orders.fixtures.js';
import { accepted, no, origin, result } from './promotions.fixtures.js';

type Shop = Awaited<ReturnType<typeof aShopWithOrders>>;

const cancelUse = async ({ promotions }: Shop, couponId: string) =>
  result(
    await promotions.changeCoupon({
      input: { change: 'CancelUse', couponId, owner: null, reason: 'a present', origin },
    }),
  );
const cancelPoints = async ({ points }: Shop, pointId: string) =>
  result(await points.move({ input: { change: 'Cancel', pointId, reason: null, origin } }));

describe('a refund of an order that somebody had a hand in', () => {
  it('leaves the coupon alone that was given back before and is used for another order now', async () => {
    const shop = await aShopWithOrders();
    const couponId = await shop.coupon();
    const first = await shop.order({ couponIds: [couponId] });
    accepted(await cancelUse(shop, couponId));
    const second = await shop.order({ couponIds: [couponId] });
    expect(await shop.shown(second)).toBe('COMPLETED - | POSTED POSTED SKIPPED');
    expect(accepted(await shop.refund(first, 2)).refund.couponsRestored).toEqual([]);
    expect(await shop.couponStatus(couponId)).toBe('USED');
    expect(accepted(await shop.refund(second, 2)).refund.couponsRestored).toEqual([couponId]);
  });

  it('orders rule 11: brings its points back, for nobody else can have given them back before', async () => {
    const shop = await aShopWithOrders();
    await shop.earn('ann', 5_000);
    const orderNumber = await shop.order({ points: 3_000 });
    const { pointHold } = await shop.look(orderNumber);
    expect(no(await cancelPoints(shop, pointHold as string))).toBe('POINT_NOT_CANCELLABLE');
    expect(await shop.balance()).toBe('2000/0');
    expect(accepted(await shop.refund(orderNumber, 2)).refund).toMatchObject({ pointsReturned: 3_000, amount: 17_000 });
    expect(await shop.balance()).toBe('5000/0');
  });

  it('orders rule 12: takes all earned points back with the last unit, also those that came between two refunds', async () => {
    const shop = await aShopWithOrders();
    const orderNumber = await shop.order();
    accepted(await shop.refund(orderNumber, 1));
    await shop.earn('ann', 100, orderNumber);
    expect(accepted(await shop.refund(orderNumber, 1)).refund.pointsReversed).toBe(100);
    expect(await shop.balance()).toBe('0/0');
  });

  it('orders rule 12: gives nothing back when the points that it earned are spent and may not be owed', async () => {
    const shop = await aShopWithOrders({ debt: 'REFUSED' });
    await shop.earn('ann', 5_000);
    const orderNumber = await shop.order({ points: 3_000 });
    await shop.earn('ann', 100, orderNumber);
    const spent = { change: 'Use', userId: 'ann', points: 2_100, key: 'all', orderNumber: 'another', origin } as const;
    const { pointId } = accepted(result(await shop.points.move({ input: spent })));
    for (const _ of ['once', 'once more']) {
      expect(no(await shop.refund(orderNumber, 1))).toBe('POINTS_SPENT');
      expect([await shop.balance(), await shop.stock()]).toEqual(['0/0', '8/0/2']);
    }
    accepted(await cancelPoints(shop, pointId));
    expect(accepted(await shop.refund(orderNumber, 1)).refund).toMatchObject({
      pointsReturned: 1_500,
      pointsReversed: 50,
    });
    expect([await shop.balance(), await shop.stock()]).toEqual(['3550/0', '9/0/1']);
  });
});
