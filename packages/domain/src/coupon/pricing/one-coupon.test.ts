import type { CartLine } from '../../cart/cart.js';
import type { Discount } from '../policy.js';
import { quote } from '../pricing.js';
import { amountOff, buyXGetY, cart, coupon, freeShipping, line, percentOff, tiers } from './pricing.fixtures.js';
import { amountOf, taken } from './taken.fixtures.js';

const two = [line('a', 3_000), line('b', 1_000)];

describe('rule 3: PERCENTAGE', () => {
  it('one amount per coupon, rounded once, then spread: no rounding per line', () =>
    // 10 % of 15 is 1.5 → 2; by line it would be 0.5 + 0.5 + 0.5.
    expect(taken(percentOff('10'), [line('a', 5), line('b', 5), line('c', 5)])).toEqual({ a: 1, b: 1 }));
  it.each([
    ['HALF_UP', 1, 3],
    ['HALF_EVEN', 1, 2],
    ['HALF_DOWN', 1, 2],
    ['UP', 1, 3],
    ['DOWN', 1, 2],
    ['DOWN', 10, 'NO_EFFECT'],
    ['UP', 10, 10],
  ] as const)('rounding %s to %s: 10 %% of 25 is %s', (mode, unit, amount) =>
    expect(amountOf(percentOff('10', { rounding: { mode, unit } }), [line('a', 25)])).toBe(amount),
  );
  it('shops that cut to 10 won: 7 % of 12345 is 860', () =>
    expect(amountOf(percentOff('7', { rounding: { mode: 'DOWN', unit: 10 } }), [line('a', 12_345)])).toBe(860));
  it.each([
    [399, 399],
    [400, 400],
    [401, 400],
    [null, 400],
  ])('cut to maxAmount %s: %s', (maxAmount, amount) =>
    expect(amountOf(percentOff('10', { maxAmount }), two)).toBe(amount),
  );
  it('cut to what is left, if rounding made it more', () =>
    expect(amountOf(percentOff('100', { rounding: { mode: 'UP', unit: 1_000 } }), [line('a', 1_500)])).toBe(1_500));
  it('decimals count exactly: 12.5 % of 8 is 1', () => expect(amountOf(percentOff('12.5'), [line('a', 8)])).toBe(1));
  it('a line worth nothing bears nothing', () =>
    expect(taken(percentOff('10'), [line('free', 0, 5), line('a', 100)])).toEqual({ a: 10 }));

  it.each([
    ['INITIAL', 1_000],
    ['REMAINING', 500],
  ] as const)('percentBase %s: gross or current nets of the eligible units', (percentBase, amount) => {
    const first = coupon('FIRST', amountOff(5_000), { stacking: { priority: 1 } });
    const second = coupon('SECOND', percentOff('10'), { stacking: { percentBase } });
    expect(quote(cart([line('a', 10_000)]), [first, second]).discounts[1]?.amount).toBe(amount);
  });
  it('the default is the gross', () => {
    const first = coupon('FIRST', amountOff(9_500), { stacking: { priority: 1 } });
    const quoted = quote(cart([line('a', 10_000)]), [first, coupon('SECOND', percentOff('10'))]);
    expect(quoted.discounts[1]?.amount).toBe(500);
  });
});

describe('rule 4: FIXED_AMOUNT', () => {
  it('ACROSS takes the amount once and spreads it over the eligible lines', () =>
    expect(taken(amountOff(1_000), two)).toEqual({ a: 750, b: 250 }));
  it('EACH takes it from every eligible unit', () =>
    expect(taken(amountOff(300, { allocation: 'EACH' }), [line('a', 3_000, 2), line('b', 1_000)])).toEqual({
      a: 600,
      b: 300,
    }));
  it('never more than what is left, ACROSS', () =>
    expect(taken(amountOff(9_999), two)).toEqual({ a: 3_000, b: 1_000 }));
  it('never more than what is left, EACH: what one line cannot bear the other does not', () =>
    expect(taken(amountOff(2_000, { allocation: 'EACH' }), two)).toEqual({ a: 2_000, b: 1_000 }));
  it('EACH stops at the floor', () =>
    expect(taken(amountOff(700, { allocation: 'EACH' }), [line('a', 1_000, 3, { minimumUnitPrice: 600 })])).toEqual({
      a: 1_200,
    }));
});

describe('rule 5: TIERED', () => {
  const ladder = tiers([
    { from: 50_000, percent: '10' },
    { from: 30_000, amount: 3_000 },
  ]);
  it.each<[number, number | string]>([
    [29_999, 'NO_EFFECT'],
    [30_000, 3_000],
    [49_999, 3_000],
    [50_000, 5_000],
    [80_000, 8_000],
  ])('the highest tier reached (from inclusive) applies to the whole: %s → %s', (gross, amount) =>
    expect(amountOf(ladder, [line('a', gross)])).toBe(amount),
  );
  it('counts the gross of eligible lines alone', () =>
    expect(
      amountOf(ladder, [line('a', 30_000), line('b', 30_000)], {
        conditions: { products: { include: ['p-a'], exclude: [] } },
      }),
    ).toBe(3_000));
  it('is reached by the gross, even where earlier coupons took from it', () => {
    const first = coupon('FIRST', amountOff(10_000), { stacking: { priority: 1 } });
    expect(quote(cart([line('a', 50_000)]), [first, coupon('TIER', ladder)]).discounts[1]?.amount).toBe(5_000);
  });
  it.each([
    [tiers([{ from: 1, percent: '50' }], { maxAmount: 100 }), 100],
    [tiers([{ from: 1, amount: 500 }], { maxAmount: 100 }), 100],
  ])('is cut to maxAmount', (discount, amount) => expect(amountOf(discount, two)).toBe(amount));
});

describe('rule 7: FREE_SHIPPING', () => {
  it.each([
    [null, 3_000],
    [2_500, 2_500],
    [3_000, 3_000],
    [5_000, 3_000],
  ])('touches shipping only, up to %s', (maxAmount, amount) => {
    const quoted = quote(cart(two, { shipping: 3_000 }), [coupon('SHIP', freeShipping(maxAmount))]);
    expect(quoted.discounts).toMatchObject([{ amount, allocations: [] }]);
    expect(quoted.shipping).toEqual({ gross: 3_000, discount: amount, net: 3_000 - amount });
    expect(quoted).toMatchObject({ total: 7_000 - amount, lines: [{ discount: 0 }, { discount: 0 }] });
  });
  it('nothing else touches shipping', () => {
    const quoted = quote(cart(two, { shipping: 3_000 }), [coupon('ALL', percentOff('100'))]);
    expect(quoted).toMatchObject({ shipping: { gross: 3_000, discount: 0, net: 3_000 }, total: 3_000 });
  });
  it('its conditions look at the lines', () =>
    expect(taken(freeShipping(), [line('a', 10)], { conditions: { minimumQuantity: 2 } }, { shipping: 5 })).toBe(
      'MINIMUM_QUANTITY_NOT_MET',
    ));
});

describe('rule 9: floors', () => {
  it('a share is cut at the floor of its line, and what was cut is spread over the others', () =>
    expect(taken(percentOff('50'), [line('a', 1_000, 2, { minimumUnitPrice: 900 }), line('b', 2_000)])).toEqual({
      a: 200,
      b: 1_800,
    }));
  it('what fits nowhere is not given', () =>
    expect(taken(percentOff('50'), [line('a', 1_000, 1, { minimumUnitPrice: 800 })])).toEqual({ a: 200 }));
  it('weights are the current nets', () => {
    const onA = { conditions: { products: { include: ['p-a'], exclude: [] } }, stacking: { priority: 1 } };
    const quoted = quote(cart([line('a', 1_000), line('b', 1_000)]), [
      ...[coupon('ONE', amountOff(500), onA), coupon('TWO', amountOff(300))],
    ]);
    expect(quoted.discounts[1]?.allocations).toEqual([
      { lineId: 'a', amount: 100 },
      { lineId: 'b', amount: 200 },
    ]);
  });
  it('units of a line differ by at most 1', () =>
    expect(quote(cart([line('a', 10_000, 3)]), [coupon('SAVE', amountOff(1_000))]).lines).toEqual([
      { lineId: 'a', gross: 30_000, discount: 1_000, net: 29_000, unitNets: [9_666, 9_667, 9_667] },
    ]));
  it('ties go by lineId, wherever the line stands in the cart', () =>
    expect(taken(amountOff(1), [line('b', 100), line('a', 100)])).toEqual({ a: 1 }));
});

describe('rule 10: a coupon whose effect is zero is refused', () => {
  it.each<[string, Discount, CartLine[]]>([
    ['rounds to nothing', percentOff('1'), [line('a', 10)]],
    ['finds lines that are free', percentOff('50'), [line('a', 0, 3)]],
    ['finds lines at their floor', amountOff(100), [line('a', 10, 1, { minimumUnitPrice: 10 })]],
    ['finds lines below their floor', amountOff(100), [line('a', 10, 2, { minimumUnitPrice: 11 })]],
    ['reaches no tier', tiers([{ from: 11, amount: 1 }]), [line('a', 10)]],
    ['finds no complete group', percentOff('50', { groupSize: 3 }), [line('a', 10, 2)]],
    ['finds an incomplete get side', buyXGetY(2, 2), [line('a', 10, 3)]],
    ['finds no shipping', freeShipping(), [line('a', 10)]],
    ['gets what is free already', buyXGetY(1, 1), [line('a', 10), line('b', 0)]],
  ])('NO_EFFECT where it %s', (_, discount, lines) => expect(taken(discount, lines)).toBe('NO_EFFECT'));

  it('tells what was wanted, and what was left', () =>
    expect(quote(cart([line('a', 10, 1, { minimumUnitPrice: 10 })]), [coupon('SAVE', amountOff(100))]).refused).toEqual(
      [
        {
          couponId: 'c-SAVE',
          code: 'SAVE',
          reason: 'NO_EFFECT',
          data: { cause: 'NOTHING_TO_TAKE', left: 0, wanted: 100 },
        },
      ],
    ));
});
