import type { CartLine } from '../../cart/cart.js';
import { quote } from '../pricing.js';
import { checkQuote } from './check.js';
import { amountOff, cart, coupon, line, percentOff } from './pricing.fixtures.js';
import { taken } from './taken.fixtures.js';

describe('rule 8: units', () => {
  const mixed = [line('a', 100, 2), line('b', 500), line('c', 300, 2)];
  it.each([
    // Dearest first: b 500, c 300, c 300, a 100, a 100.
    [1, { a: 100, b: 250, c: 300 }],
    [2, { a: 50, c: 150 }],
    [3, { c: 150 }],
    [5, { a: 50 }],
    [6, 'NO_EFFECT'],
  ])('everyNthUnit %s discounts the n-th, 2n-th … dearest first, over all lines', (everyNthUnit, off) =>
    expect(taken(percentOff('50', { everyNthUnit }), mixed)).toEqual(off),
  );
  it.each([
    [2, { b: 250, c: 300, a: 50 }],
    [3, { b: 250, c: 300 }],
    [5, { a: 100, b: 250, c: 300 }],
    [6, 'NO_EFFECT'],
  ])('groupSize %s discounts only complete groups', (groupSize, off) =>
    expect(taken(percentOff('50', { groupSize }), mixed)).toEqual(off),
  );
  it.each([
    ['ORDER', 1, { b: 250 }],
    ['ORDER', 2, { b: 250, c: 150 }],
    ['ORDER', 9, { a: 100, b: 250, c: 300 }],
    ['LINE', 1, { a: 50, b: 250, c: 150 }],
    ['LINE', 2, { a: 100, b: 250, c: 300 }],
  ] as const)('maxUnits per %s: %s dearest eligible units', (maxUnitsPer, maxUnits, off) =>
    expect(taken(percentOff('50', { maxUnits, maxUnitsPer }), mixed)).toEqual(off),
  );
  it('maxUnitsPer is ORDER by default: of equal prices the lower lineId', () =>
    expect(taken(percentOff('50', { maxUnits: 1 }), [line('z', 100), line('y', 100)])).toEqual({ y: 50 }));
  it('a group and an n-th unit combine: of complete groups every n-th', () =>
    expect(taken(percentOff('50', { groupSize: 4, everyNthUnit: 2 }), mixed)).toEqual({ a: 50, c: 150 }));
  it('a fixed amount on one unit is never more than that unit', () =>
    expect(taken(amountOff(900, { maxUnits: 1 }), [line('a', 300, 3)])).toEqual({ a: 300 }));
  it('EACH counts chosen units', () =>
    expect(taken(amountOff(20, { allocation: 'EACH', everyNthUnit: 2 }), mixed)).toEqual({ a: 20, c: 20 }));

  const one = (name: string, priority: number, percent = '50', maxUnits = 1) =>
    coupon(name, percentOff(percent, { maxUnits }), { stacking: { priority } });
  const perCoupon = (lines: CartLine[], ...coupons: ReturnType<typeof one>[]) => {
    const quoted = quote(cart(lines), coupons);
    expect(checkQuote(quoted)).toEqual([]);
    return quoted.discounts.map(({ allocations }) =>
      allocations.map(({ lineId, amount }) => `${lineId} ${amount}`).join(),
    );
  };
  it('different coupons take different units while there are any', () =>
    expect(perCoupon([line('a', 100), line('b', 500), line('c', 300)], one('X', 3), one('Y', 2), one('Z', 1))).toEqual([
      ...['b 250', 'c 150', 'a 50'],
    ]));
  it('the nets of chosen units are those that the answer shows: the first units are the lower ones', () => {
    // 8 of 3 × 100 off leaves 97, 97, 98; the first two weigh 194, of which half is 97.
    const first = coupon('X', amountOff(8), { stacking: { priority: 2 } });
    const half = coupon('Y', percentOff('50', { maxUnits: 2 }), { stacking: { percentBase: 'REMAINING' } });
    expect(quote(cart([line('a', 100, 3)]), [first]).lines[0]?.unitNets).toEqual([97, 97, 98]);
    expect(perCoupon([line('a', 100, 3)], first, half)).toEqual(['a 8', 'a 97']);
  });
  it('different coupons take different units of one line, at their full price', () =>
    expect(perCoupon([line('a', 1_000, 2)], one('X', 2, '100'), one('Y', 1, '100'))).toEqual(['a 1000', 'a 1000']));
  it('and the same units when there are no others', () =>
    expect(perCoupon([line('a', 100), line('b', 500)], one('X', 2, '20', 2), one('Y', 1))).toEqual([
      'a 20,b 100',
      'b 250',
    ]));
  it('an n-th unit that is taken gives way to the dearest free one', () => {
    const second = coupon('Y', percentOff('50', { everyNthUnit: 2 }), { stacking: { priority: 1 } });
    const first = coupon('X', percentOff('50', { everyNthUnit: 2 }), { stacking: { priority: 2 } });
    expect(perCoupon([line('a', 100), line('b', 500), line('c', 300), line('d', 200)], first, second)).toEqual([
      ...['a 50,c 150', 'b 250,d 100'],
    ]);
  });
  it('a limit per line holds for the units that give way, too', () => {
    const perLine = coupon('Y', percentOff('50', { maxUnits: 1, maxUnitsPer: 'LINE' }), { stacking: { priority: 1 } });
    expect(perCoupon([line('a', 100, 3), line('b', 500)], one('X', 2), perLine)).toEqual(['b 250', 'a 86,b 214']);
  });
  it.each([
    ['a coupon that chose another unit', percentOff('50', { maxUnits: 1 }), 500],
    ['a coupon on the whole line', percentOff('10'), 450],
  ])('the current nets of chosen units are their own, after %s', (_, before, amount) => {
    const remaining = { stacking: { percentBase: 'REMAINING' } } as const;
    const quoted = quote(cart([line('a', 1_000, 2)]), [
      coupon('X', before, { stacking: { priority: 1 } }),
      coupon('Y', percentOff('50', { maxUnits: 1 }), remaining),
    ]);
    expect(quoted.discounts[1]?.amount).toBe(amount);
  });
});
