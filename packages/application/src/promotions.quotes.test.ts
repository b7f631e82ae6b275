import { accepted, aShop } from './promotions.fixtures.js';

describe('quoting', () => {
  const line = {
    lineId: '1',
    productId: 'p1',
    categoryIds: [],
    unitPrice: 12_000,
    quantity: 2,
    onSale: false,
    minimumUnitPrice: 0,
  };
  const cart = {
    currency: 'KRW',
    lines: [line],
    shipping: 3_000,
    channel: null,
    segments: [],
    firstOrder: false,
    at: null,
  };

  it('rule 15: unknown and unusable coupons and codes never fail a quote', async () => {
    const shop = aShop();
    const mine = await shop.coupon();
    const theirs = await shop.coupon({}, 'bob');
    const spent = await shop.coupon();
    await shop.use(spent);
    const quote = await shop.promotions.quote({
      userId: 'ann',
      cart,
      couponIds: [mine, mine, theirs, spent, 'x'],
      codes: ['NOPE'],
      points: 0,
    });
    expect(quote).toMatchObject({ total: 24_000, discounts: [{ couponId: mine, amount: 3_000 }] });
    expect(quote.refused.map(({ couponId, code, reason }) => [couponId ?? code, reason]).sort()).toEqual(
      [
        [spent, 'COUPON_USED'],
        [theirs, 'COUPON_NOT_FOUND'],
        ['x', 'COUPON_NOT_FOUND'],
        ['NOPE', 'CODE_NOT_FOUND'],
      ].sort(),
    );
  });

  it('counts a coupon that is held for an own order', async () => {
    const shop = aShop();
    const couponId = await shop.coupon();
    await shop.reserve(couponId, 'r1');
    const quote = await shop.promotions.quote({ userId: 'ann', cart, couponIds: [couponId], codes: [], points: 0 });
    expect(quote.total).toBe(24_000);
  });

  it('calculates a cart of a moment before the coupon was had', async () => {
    const shop = aShop();
    const couponId = await shop.coupon();
    const before = { ...cart, at: shop.clock.time - 86_400_000 };
    const quote = await shop.promotions.quote({
      userId: 'ann',
      cart: before,
      couponIds: [couponId],
      codes: [],
      points: 0,
    });
    expect(quote.refused).toEqual([]);
  });

  it('tries a shared code before it is redeemed', async () => {
    const shop = aShop();
    await shop.policy({ issuance: ['CODE'], code: 'FRIDAY' });
    const quote = await shop.promotions.quote({ userId: 'ann', cart, couponIds: [], codes: ['friday'], points: 1_000 });
    expect(quote).toMatchObject({ total: 23_000, pointsUsed: 1_000, discounts: [{ couponId: null, code: 'friday' }] });
  });

  it('rule 16: refuses what no longer fits into the budget, but for what the own coupons hold of it', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ limits: { total: 10, perUser: 9, perDay: null, budget: 7_000 } });
    const another = async () => accepted(await shop.issue(policyId)).id;
    const [held, second, third] = [await another(), await another(), await another()];
    await shop.reserve(held, 'r1');
    const reasons = async (...couponIds: string[]) => {
      const quote = await shop.promotions.quote({ userId: 'ann', cart, couponIds, codes: [], points: 0 });
      return [quote.total, ...quote.refused.map(({ reason }) => reason)];
    };
    expect(await reasons(second)).toEqual([24_000]);
    expect(await reasons(held, second)).toEqual([21_000]);
    expect(await reasons(held, second, third)).toEqual([21_000, 'BUDGET_EXHAUSTED']);
    expect(await reasons(second, third)).toEqual([24_000, 'BUDGET_EXHAUSTED']);
  });
});
