import type { Conditions, Discount } from './policy.js';
import {
  amountOff,
  buyXGetY,
  cart,
  coupon,
  freeShipping,
  line,
  percentOff,
  SATURDAY_NOON,
  termsWith,
  tiers,
} from './pricing/pricing.fixtures.js';
import { cartOfAmount, needsCart, priceOfCoupon, quote } from './pricing.js';
import { pricingRefusals } from './refusal-codes.js';

const ten = percentOff('10');
const some = { include: ['x'], exclude: [] };

describe('a policy that chooses lines or looks at the cart', () => {
  it.each<[string, Partial<Conditions>]>([
    ['products', { products: some }],
    ['excluded products', { products: { include: [], exclude: ['x'] } }],
    ['categories', { categories: some }],
    ['channels', { channels: some }],
    ['segments', { segments: some }],
    ['sale items', { excludeSaleItems: true }],
    ['required products', { requires: { products: ['x'], categories: [] } }],
    ['required categories', { requires: { products: [], categories: ['x'] } }],
    ['a minimum of two units', { minimumQuantity: 2 }],
    ['first orders', { firstOrderOnly: true }],
  ])('needs the cart for %s', (_, conditions) => expect(needsCart(termsWith(ten, { conditions }))).toBe(true));

  it.each<[string, Discount]>([
    ['BUY_X_GET_Y', buyXGetY(1, 1)],
    ['FREE_SHIPPING', freeShipping()],
    ['everyNthUnit', percentOff('10', { everyNthUnit: 2 })],
    ['groupSize', percentOff('10', { groupSize: 2 })],
    ['maxUnits', amountOff(10, { maxUnits: 2 })],
    ['an amount per unit', amountOff(10, { allocation: 'EACH' })],
  ])('needs the cart for %s', (_, discount) => expect(needsCart(termsWith(discount))).toBe(true));

  it.each<[string, Discount, Partial<Conditions>]>([
    ['a percentage', ten, {}],
    ['an amount', amountOff(10), {}],
    ['tiers', tiers([{ from: 1, amount: 1 }]), {}],
    ['a minimum order', ten, { minimumOrder: { amount: 1, comparison: 'GTE', base: 'INITIAL' } }],
    ['a minimum of one unit', ten, { minimumQuantity: 1 }],
    ['weekdays and hours', ten, { weekdays: ['SAT'], hours: { from: '09:00', until: '18:00' } }],
  ])('is not: %s', (_, discount, conditions) => expect(needsCart(termsWith(discount, { conditions }))).toBe(false));
});

describe('one coupon on one order', () => {
  const minimumOrder = { amount: 10_000, comparison: 'GTE', base: 'INITIAL' } as const;
  it.each([
    [
      9_999,
      {
        accepted: false,
        refusal: {
          code: 'MINIMUM_ORDER_NOT_MET',
          data: { minimum: 10_000, actual: 9_999, missing: 1, comparison: 'GTE', base: 'INITIAL' },
        },
      },
    ],
    [10_000, { accepted: true, discount: 1_000, allocations: [{ lineId: 'order', amount: 1_000 }] }],
  ])('an amount of %s counts as one eligible line', (amount, price) =>
    expect(
      priceOfCoupon(
        cartOfAmount(amount, 'KRW', SATURDAY_NOON),
        termsWith(ten, { conditions: { minimumOrder, minimumQuantity: 1 } }),
      ),
    ).toEqual(price),
  );
  it('is refused in another currency', () =>
    expect(priceOfCoupon(cartOfAmount(1, 'USD', 0), termsWith(ten))).toMatchObject({
      accepted: false,
      refusal: { code: 'CURRENCY_MISMATCH' },
    }));
});

describe('the answer to a quote', () => {
  it('has the fixed form, lines in the order of the cart', () => {
    const { trace, ...quoted } = quote(
      cart([line('b', 10_000, 2), line('a', 4_000)], { shipping: 3_000 }),
      [coupon('SAVE', ten)],
      { points: 600 },
    );
    expect(quoted).toEqual({
      currency: 'KRW',
      lines: [
        { lineId: 'b', gross: 20_000, discount: 2_000, net: 18_000, unitNets: [9_000, 9_000] },
        { lineId: 'a', gross: 4_000, discount: 400, net: 3_600, unitNets: [3_600] },
      ],
      shipping: { gross: 3_000, discount: 0, net: 3_000 },
      discounts: [
        {
          ...{ policyId: 'SAVE', policyVersion: 1, couponId: 'c-SAVE', code: 'SAVE', amount: 2_400 },
          allocations: [
            { lineId: 'a', amount: 400 },
            { lineId: 'b', amount: 2_000 },
          ],
        },
      ],
      ...{ pointsUsed: 600, total: 24_000, refused: [], hints: [] },
    });
    expect(trace.map(({ text }) => text)).toEqual([
      'cart in KRW; a: 1 × 4000 = 4000, not below 0 each; b: 2 × 10000 = 20000, not below 0 each; shipping 3000',
      'SAVE v1, percentage: 10 % of 24000 (gross) by HALF_UP to 1 = 2400, 24000 left: -2400; -400 from 1 of a; -2000 from 2 of b',
      'lines 21600 + shipping 3000 - points 600 (of 600) = 24000',
    ]);
  });

  it('takes no time for units by the million: they are counted, not listed', () => {
    const terms = termsWith(percentOff('50', { everyNthUnit: 3, maxUnits: 400_000 }));
    const started = performance.now();
    expect(priceOfCoupon(cart([line('a', 100, 1_000_000), line('b', 90, 1_000_000)]), terms)).toMatchObject({
      discount: (333_333 * 100 + 66_667 * 90) / 2,
    });
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('tells the meaning of every code and of every field of its data', () => {
    for (const [code, { meaning, data }] of Object.entries(pricingRefusals)) {
      expect(code).toMatch(/^[A-Z_]+$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(Object.values<string>(data).every(text => text.length > 0)).toBe(true);
    }
  });
});
