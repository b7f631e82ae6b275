import fc from 'fast-check';
import type { Cart } from '../../cart/cart.js';
import { quote } from '../pricing.js';
import { aCart, someCoupons } from './arbitraries.fixtures.js';
import type { Hint } from './hint.js';
import { amountOff, buyXGetY, cart, coupon, line, percentOff, tiers } from './pricing.fixtures.js';
import type { QuotedCoupon } from './quote.js';

const hintsOf = (items: Cart, ...coupons: QuotedCoupon[]) => quote(items, coupons).hints;
const minimum = (amount: number, base: 'INITIAL' | 'REMAINING' = 'INITIAL', comparison: 'GT' | 'GTE' = 'GTE') => ({
  conditions: { minimumOrder: { amount, comparison, base } },
});
const who = (name: string) => ({ policyId: name, couponId: `c-${name}`, code: name });
const only = (...include: string[]) => ({ include, exclude: [] });

/** A buyer who does what a hint says. */
function obey(items: Cart, hint: Hint, start: 'A' | 'z'): Cart {
  const like = items.lines.find(({ lineId }) => 'lineId' in hint && lineId === hint.lineId);
  const dearest = Math.max(0, ...items.lines.map(({ unitPrice }) => unitPrice)) || 1_000_000;
  switch (hint.type) {
    case 'ADD_AMOUNT':
      return {
        ...items,
        lines: [
          ...items.lines,
          line(`${start}more`, hint.amount, 1, {
            ...like,
            lineId: `${start}more`,
            unitPrice: hint.amount,
            quantity: 1,
            minimumUnitPrice: 0,
          }),
        ],
      };
    case 'ADD_QUANTITY':
      return {
        ...items,
        lines: items.lines.map(l => (l === like ? { ...l, quantity: l.quantity + hint.quantity } : l)),
      };
    case 'ADD_PRODUCT': {
      const products = hint.products.map((productId, i) =>
        line(`${start}a${i}`, dearest, hint.quantity, { productId }),
      );
      const kinds = hint.categories.map((id, i) =>
        line(`${start}b${i}`, dearest, hint.quantity, { categoryIds: [id] }),
      );
      const all = [...products, ...kinds];
      return { ...items, lines: [...items.lines, ...(hint.choose === 'ALL' ? all : all.slice(0, 1))] };
    }
  }
}

describe('hints', () => {
  it('3,000 KRW more and SAVE10 applies', () =>
    expect(hintsOf(cart([line('a', 27_000)]), coupon('SAVE10', percentOff('10'), minimum(30_000)))).toEqual([
      {
        ...who('SAVE10'),
        ...{ type: 'ADD_AMOUNT', amount: 3_000, currency: 'KRW', lineId: 'a', effect: 'APPLIES' },
        message: '3,000 KRW more and SAVE10 applies',
      },
    ]));

  it.each([
    ['GTE', 3_000],
    ['GT', 3_001],
  ] as const)('%s: %s are missing', (comparison, amount) =>
    expect(
      hintsOf(cart([line('a', 27_000)]), coupon('S', percentOff('10'), minimum(30_000, 'INITIAL', comparison))),
    ).toMatchObject([{ amount }]),
  );

  it('counts in what coupons before would take of the addition', () => {
    const half = coupon('HALF', percentOff('50'), { stacking: { priority: 1 } });
    const hints = hintsOf(cart([line('a', 10_000)]), half, coupon('S', amountOff(10), minimum(8_000, 'REMAINING')));
    expect(hints).toMatchObject([{ type: 'ADD_AMOUNT', policyId: 'S', amount: 6_000 }]);
  });

  it('names the quantity that is missing, of the cheapest line', () =>
    expect(
      hintsOf(
        cart([line('a', 900), line('b', 500)]),
        coupon('S', percentOff('10'), { conditions: { minimumQuantity: 4 } }),
      ),
    ).toEqual([
      {
        ...who('S'),
        ...{ type: 'ADD_QUANTITY', quantity: 2, lineId: 'b', effect: 'APPLIES' },
        message: '2 more units of line b and S applies',
      },
    ]));

  it('names what is required: one of each', () =>
    expect(
      hintsOf(
        cart([line('a', 900)]),
        coupon('S', percentOff('10'), { conditions: { requires: { products: ['x', 'y', 'p-a'], categories: [] } } }),
      ),
    ).toEqual([
      {
        ...who('S'),
        ...{ type: 'ADD_PRODUCT', quantity: 1, products: ['x', 'y'], categories: [], choose: 'ALL', effect: 'APPLIES' },
        message: '1 more unit of x and y and S applies',
      },
    ]));

  it('names what is eligible: any of it', () =>
    expect(
      hintsOf(cart([line('a', 900)]), coupon('S', percentOff('10'), { conditions: { products: only('x', 'y') } })),
    ).toMatchObject([
      { type: 'ADD_PRODUCT', products: ['x', 'y'], choose: 'ANY', message: '1 more unit of x or y and S applies' },
    ]));

  it('names the next tier', () =>
    expect(
      hintsOf(
        cart([line('a', 900)]),
        coupon(
          'T',
          tiers([
            { from: 100, amount: 5 },
            { from: 1_000, amount: 50 },
          ]),
        ),
      ),
    ).toMatchObject([
      { type: 'ADD_AMOUNT', amount: 100, effect: 'GIVES_MORE', message: '100 KRW more and T gives more' },
    ]));
  it('is silent about a next tier that gives no more', () =>
    expect(
      hintsOf(
        cart([line('a', 900)]),
        coupon(
          'T',
          tiers([
            { from: 100, amount: 5 },
            { from: 1_000, amount: 4 },
          ]),
        ),
      ),
    ).toEqual([]));

  it.each([
    [1, { type: 'ADD_QUANTITY', quantity: 2, effect: 'APPLIES' }],
    [2, { type: 'ADD_QUANTITY', quantity: 1, effect: 'APPLIES' }],
    [3, null],
    [5, { type: 'ADD_QUANTITY', quantity: 1, effect: 'GIVES_MORE' }],
  ])('buy 2 get 1 with %s units', (quantity, hint) =>
    expect(hintsOf(cart([line('a', 900, quantity)]), coupon('B', buyXGetY(2, 1)))).toMatchObject(hint ? [hint] : []),
  );
  it('names what can be got, if nothing of it is there', () =>
    expect(
      hintsOf(cart([line('a', 900, 2)]), coupon('B', buyXGetY(2, 1, { products: ['p-a'], getProducts: ['x'] }))),
    ).toMatchObject([
      { type: 'ADD_PRODUCT', quantity: 1, products: ['x'], categories: [], choose: 'ANY', effect: 'APPLIES' },
    ]));
  it('does not name what the policy leaves out', () =>
    expect(
      hintsOf(
        cart([line('a', 900, 2)]),
        coupon('B', buyXGetY(2, 1, { products: ['p-a'], getProducts: ['x', 'y'] }), {
          conditions: { products: { include: [], exclude: ['x'] } },
        }),
      ),
    ).toMatchObject([{ products: ['y'] }]));

  it('is silent where buying more does not help', () => {
    const winner = coupon('W', amountOff(5), { stacking: { group: 'g', priority: 1 } });
    const loser = coupon('L', amountOff(5), { ...minimum(9_999), stacking: { group: 'g' } });
    expect(hintsOf(cart([line('a', 900)]), winner, loser)).toEqual([]);
    expect(
      hintsOf(cart([line('a', 900)]), coupon('F', amountOff(5), { conditions: { firstOrderOnly: true } })),
    ).toEqual([]);
    const unusable = { ...coupon('U', amountOff(5), minimum(9_999)), unusable: { code: 'COUPON_EXPIRED', data: {} } };
    expect(hintsOf(cart([line('a', 900)]), unusable)).toEqual([]);
  });
  it('is silent where the addition would not be enough: another condition fails', () =>
    expect(
      hintsOf(
        cart([line('a', 900)]),
        coupon('S', amountOff(5), { conditions: { minimumQuantity: 2, ...minimum(9_999_999).conditions } }),
      ),
    ).toEqual([]));

  it('are for small carts: where many coupons meet a large one, the last of them go without', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, i) => line(`l${i}`, 1_000));
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => coupon(`C${i}`, amountOff(10), minimum(10_000_000)));
    expect(hintsOf(cart(lines(50)), ...many(20))).toHaveLength(20);
    const few = hintsOf(cart(lines(250)), ...many(100));
    expect(few.length).toBeGreaterThan(0);
    expect(few.length).toBeLessThan(20);
    expect(hintsOf(cart(lines(1_000)), ...many(400))).toEqual([]);
    expect(quote(cart(lines(2)), many(2), { hints: false }).hints).toEqual([]);
  });

  it('come true: the refusal vanishes, or the discount rises', () => {
    let followed = 0;
    fc.assert(
      fc.property(aCart, someCoupons, fc.constantFrom('A', 'z'), (items, coupons, start) => {
        const before = quote(items, coupons);
        for (const hint of before.hints) {
          const after = quote(obey(items, hint, start), coupons);
          const amount = ({ discounts }: typeof before) =>
            discounts.find(d => d.couponId === hint.couponId)?.amount ?? 0;
          expect(before.discounts.some(d => d.couponId === hint.couponId)).toBe(hint.effect === 'GIVES_MORE');
          expect(amount(after)).toBeGreaterThan(amount(before));
          followed += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(followed).toBeGreaterThan(40);
  });
});
