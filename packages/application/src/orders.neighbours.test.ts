import { aShopWithOrders } from './orders.fixtures.js';
import { accepted, no, origin, result } from './promotions.fixtures.js';

/** Two orders that wait for their payment; what is held for the first is taken away behind its back. */
async function aShopWithACripple() {
  const shop = await aShopWithOrders({ paymentDeadlineSeconds: 60 });
  const couponId = await shop.coupon();
  const cripple = await shop.order({ couponIds: [couponId], payment: 'EXTERNAL' });
  const sound = await shop.order({ payment: 'EXTERNAL' });
  const reservationId = `order/${cripple}/coupon/0`;
  const input = { reservationId, end: 'Confirm', owner: null, origin } as const;
  accepted(result(await shop.promotions.endReservation({ input })));
  return { ...shop, couponId, cripple, sound };
}

describe('an order that can’t be ended', () => {
  it('stands in nobody’s way when the time of both is over', async () => {
    const shop = await aShopWithACripple();
    const failures: string[] = [];
    const timeOut = () => shop.orders.timeOut({ limit: 10, origin, failed: number => void failures.push(number) });
    shop.clock.advance(60_000);
    expect(await timeOut()).toBe(1);
    expect(failures).toEqual([shop.cripple]);
    expect((await shop.look(shop.sound)).status).toBe('CANCELLED');
    expect((await shop.look(shop.cripple)).status).toBe('AWAITING_PAYMENT');
    expect(await timeOut()).toBe(0);
  });

  it('fails alone, whoever asks for something at the same moment', async () => {
    const shop = await aShopWithACripple();
    const third = await shop.order({ payment: 'EXTERNAL' });
    const told = await Promise.allSettled([
      ...[shop.cancel(shop.cripple), shop.cancel(shop.sound), shop.cancel('nothing'), shop.cancel(third)],
    ]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    for (const each of [shop.sound, third]) expect((await shop.look(each)).status).toBe('CANCELLED');
    expect(await shop.stock()).toBe('8/2/0');
  });
});

describe('a coupon that an order holds', () => {
  it('can’t be used in the name of that order: the order ends what it holds', async () => {
    const shop = await aShopWithOrders();
    const couponId = await shop.coupon();
    const orderNumber = await shop.order({ couponIds: [couponId], payment: 'EXTERNAL' });
    const basis = { amount: 20_000, currency: 'KRW' };
    const input = { change: 'Use', couponId, owner: null, orderNumber, basis, origin } as const;
    expect(no(result(await shop.promotions.changeCoupon({ input })))).toBe('COUPON_RESERVED');
    accepted(await shop.cancel(orderNumber));
    expect([await shop.couponStatus(couponId), await shop.stock()]).toEqual(['ISSUED', '10/0/0']);
  });

  it.each(['TOGETHER', 'APART'] as const)(
    'pricing rule 16: keeps no money from another order when its hold is over, though nobody has swept it: %s',
    async steps => {
      const shop = await aShopWithOrders({ steps });
      const [anns = '', bobs = ''] = await shop.couponsFor({ limits: { budget: 3_000 } }, ['ann', 'bob']);
      const held = {
        reservationId: 'r1',
        couponId: anns,
        owner: 'ann',
        orderNumber: 'another',
        ttlSeconds: 60,
        origin,
      };
      accepted(
        result(await shop.promotions.reserve({ input: { ...held, basis: { amount: 20_000, currency: 'KRW' } } })),
      );
      const early = await shop.order({ userId: 'bob', couponIds: [bobs] });
      expect(await shop.shown(early)).toMatch('CANCELLED BUDGET_EXHAUSTED');
      shop.clock.advance(60_000);
      const late = await shop.order({ userId: 'bob', couponIds: [bobs] });
      expect(await shop.shown(late)).toBe('COMPLETED - | POSTED POSTED SKIPPED');
      expect(await shop.couponStatus(anns)).toBe('ISSUED');
    },
  );
});
