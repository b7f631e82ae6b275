import type { Cart } from '../cart/cart.js';
import type { Discount, PolicyTerms } from '../coupon/policy.js';
import {
  amountOff,
  buyXGetY,
  cart,
  coupon,
  freeShipping,
  line,
  percentOff,
  tiers,
} from '../coupon/pricing/pricing.fixtures.js';
import type { QuotedCoupon } from '../coupon/pricing/quote.js';
import { bought, from, inclusive, refundedBy, save, units } from './order.fixtures.js';

type Mode = PolicyTerms['refund'];

/** Amounts of the refunds of an order without points; `'a ab'` = first one unit of `a`, then one of `a` and one of `b`. */
const amountsOf = (priced: Cart, coupons: readonly QuotedCoupon[], split: string) =>
  refundedBy(bought(priced, coupons), split.split(' ').map(units)).plans.map(({ amount }) => amount);

const three = cart([line('a', 10_000), line('b', 10_000), line('c', 10_000)]);
const threeOfOne = cart([line('a', 10_000, 3)]);
const shipped = cart([line('a', 10_000), line('b', 10_000)], { shipping: 3_000 });

type Row = [what: string, cart: Cart, discount: Discount, conditions: object, split: string, Record<Mode, number[]>];
const worked: Row[] = [
  [
    '3,000 off from 30,000: one of three goes back',
    ...([three, amountOff(3_000), from(30_000), 'a bc'] as const),
    { NONE: [9_000, 18_000], PROPORTIONAL: [9_000, 18_000], THRESHOLD_CLAWBACK: [7_000, 20_000] },
  ],
  [
    '3,000 off from 20,000: it is lost with the second',
    ...([three, amountOff(3_000), from(20_000), 'a b c'] as const),
    { NONE: [9_000, 9_000, 9_000], PROPORTIONAL: [9_000, 9_000, 9_000], THRESHOLD_CLAWBACK: [10_000, 7_000, 10_000] },
  ],
  [
    '3,000 off from 20,001: it is lost with the first that brings it to 20,000',
    ...([three, amountOff(3_000), from(20_001), 'a bc'] as const),
    { NONE: [9_000, 18_000], PROPORTIONAL: [9_000, 18_000], THRESHOLD_CLAWBACK: [7_000, 20_000] },
  ],
  [
    '10 percent: the same by any way',
    ...([three, percentOff('10'), {}, 'a b c'] as const),
    { NONE: [9_000, 9_000, 9_000], PROPORTIONAL: [9_000, 9_000, 9_000], THRESHOLD_CLAWBACK: [9_000, 9_000, 9_000] },
  ],
  [
    '1,000 off three units: the odd won',
    ...([threeOfOne, amountOff(1_000), {}, 'a a a'] as const),
    { NONE: [9_666, 9_667, 9_667], PROPORTIONAL: [9_666, 9_667, 9_667], THRESHOLD_CLAWBACK: [10_000, 10_000, 9_000] },
  ],
  [
    'the clawback is larger than what comes back: nothing, and the rest of it later',
    ...([cart([line('a', 1_000), line('b', 10_000), line('c', 19_000)]), amountOff(3_000)] as const),
    ...([from(30_000), 'a b c'] as const),
    { NONE: [900, 9_000, 17_100], PROPORTIONAL: [900, 9_000, 17_100], THRESHOLD_CLAWBACK: [0, 8_000, 19_000] },
  ],
  [
    'buy two, get the cheapest: the free one goes back',
    ...([cart([line('a', 10_000), line('b', 10_000), line('c', 4_000)]), buyXGetY(2, 1), {}, 'c ab'] as const),
    { NONE: [0, 20_000], PROPORTIONAL: [3_333, 16_667], THRESHOLD_CLAWBACK: [0, 20_000] },
  ],
  [
    'buy two, get the cheapest: one of the others goes back',
    ...([cart([line('a', 10_000), line('b', 10_000), line('c', 4_000)]), buyXGetY(2, 1), {}, 'a bc'] as const),
    { NONE: [10_000, 10_000], PROPORTIONAL: [8_333, 11_667], THRESHOLD_CLAWBACK: [6_000, 14_000] },
  ],
  [
    'tiers: what stays reaches the lower one',
    ...([
      three,
      tiers([
        { from: 20_000, amount: 1_000 },
        { from: 30_000, amount: 6_000 },
      ]),
      {},
      'a b c',
    ] as const),
    { NONE: [8_000, 8_000, 8_000], PROPORTIONAL: [8_000, 8_000, 8_000], THRESHOLD_CLAWBACK: [5_000, 9_000, 10_000] },
  ],
  [
    'free shipping from 20,000: one of two goes back',
    ...([shipped, freeShipping(), from(20_000), 'a b'] as const),
    { NONE: [10_000, 10_000], PROPORTIONAL: [10_000, 10_000], THRESHOLD_CLAWBACK: [7_000, 13_000] },
  ],
  [
    'free shipping up to 2,000 from 10,000: it stays to the end, and the last takes what was paid of it',
    ...([shipped, freeShipping(2_000), from(10_000), 'a b'] as const),
    { NONE: [10_000, 11_000], PROPORTIONAL: [10_000, 11_000], THRESHOLD_CLAWBACK: [10_000, 11_000] },
  ],
  [
    'nothing was paid: nothing comes back',
    ...([threeOfOne, percentOff('100'), {}, 'a aa'] as const),
    { NONE: [0, 0], PROPORTIONAL: [0, 0], THRESHOLD_CLAWBACK: [0, 0] },
  ],
  [
    'nothing was paid, from 30,000: what stays is not charged either',
    ...([threeOfOne, percentOff('100'), from(30_000), 'a aa'] as const),
    { NONE: [0, 0], PROPORTIONAL: [0, 0], THRESHOLD_CLAWBACK: [0, 0] },
  ],
];

describe('pricing rule 20: a refund', () => {
  const rows = worked.flatMap(([what, priced, discount, conditions, split, amounts]) =>
    (Object.keys(amounts) as Mode[]).map(mode => [mode, what, priced, discount, conditions, split, amounts] as const),
  );
  it.each(rows)('%s, %s', (mode, _, priced, discount, conditions, split, amounts) =>
    expect(amountsOf(priced, [save(discount, mode, conditions)], split)).toEqual(amounts[mode]),
  );

  it('takes shipping that was paid with the last unit', () =>
    expect(amountsOf(shipped, [], 'a b')).toEqual([10_000, 13_000]));

  it('NONE: gives back the stored unit nets, also where another line has a policy of another kind', () => {
    const priced = cart([line('a', 1_000, 4), line('b', 5_000)]);
    const none = save(amountOff(6), 'NONE', inclusive('p-a'), 'NONE');
    for (const refund of ['NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'] as const)
      expect(amountsOf(priced, [none, save(amountOff(500), refund, inclusive('p-b'), 'B')], 'a a a ab')).toEqual([
        998, 998, 999, 5_499,
      ]);
  });

  it('PROPORTIONAL: lays a discount on no line of another policy, and on none that bears no more', () => {
    const priced = cart([line('a', 10_000), line('b', 10_000), line('c', 5_000)], { shipping: 3_000 });
    const first = coupon('1', amountOff(10_000), { conditions: inclusive('p-a'), stacking: { priority: 1 } });
    const second = save(amountOff(10_000), 'PROPORTIONAL', inclusive('p-a', 'p-b'), '2');
    expect(amountsOf(priced, [first, second], 'b c a')).toEqual([0, 5_000, 3_000]);
  });

  it('PROPORTIONAL: lies where it lay, so that what nobody returns is not worth more than was paid', () => {
    const priced = cart([line('a', 10_000), line('b', 10_000), line('c', 1_000)]);
    const coupons = [
      save(amountOff(7_500), 'NONE', inclusive('p-a'), '1'),
      save(amountOff(5_000), 'PROPORTIONAL', inclusive('p-a', 'p-b'), '2'),
      save(amountOff(1_500), 'THRESHOLD_CLAWBACK', inclusive('p-a'), '3'),
    ];
    expect(amountsOf(priced, coupons, 'c ab')).toEqual([1_000, 6_000]);
  });

  it('PROPORTIONAL: what has to lie elsewhere takes no room from what lies where it lay', () => {
    const priced = cart([line('a', 10_000), line('b', 10_000), line('c', 10_000)]);
    const coupons = [
      save(amountOff(10_000), 'NONE', inclusive('p-a', 'p-b'), '1'),
      save(amountOff(4_000), 'PROPORTIONAL', {}, '2'),
      save(amountOff(4_000), 'PROPORTIONAL', inclusive('p-a'), '3'),
    ];
    // Of the 2,666 that stay, 1,000 lay on each line; `a` has no room for more.
    expect(amountsOf(priced, coupons, 'c ab')).toEqual([8_666, 3_334]);
  });

  it('PROPORTIONAL: leaves every line its floor', () => {
    const priced = cart([line('a', 10_000, 1, { minimumUnitPrice: 9_500 }), line('b', 10_000), line('c', 1_000)]);
    expect(amountsOf(priced, [save(percentOff('50'), 'PROPORTIONAL', inclusive('p-a', 'p-b'))], 'b ac')).toEqual([
      500, 10_500,
    ]);
  });

  it('THRESHOLD_CLAWBACK: never keeps more discount than was given, also where what stays would get more', () => {
    const priced = cart([line('a', 100), line('b', 100), line('c', 5_000), line('d', 5_000)]);
    expect(amountsOf(priced, [save(buyXGetY(1, 1), 'THRESHOLD_CLAWBACK')], 'ab cd')).toEqual([200, 9_800]);
  });

  it('THRESHOLD_CLAWBACK: asks for a first order, a segment or a weekday as it was when the order was placed', () => {
    const asks = { firstOrderOnly: true, segments: { include: ['VIP'], exclude: [] }, weekdays: ['SAT'] };
    const priced = { ...three, firstOrder: true, segments: ['VIP'] };
    expect(amountsOf(priced, [save(percentOff('10'), 'THRESHOLD_CLAWBACK', asks)], 'a bc')).toEqual([9_000, 18_000]);
  });

  it('THRESHOLD_CLAWBACK: what has to be in the cart has to stay in it', () => {
    const asks = { requires: { products: ['p-b'], categories: [] }, ...inclusive('p-a') };
    const priced = cart([line('a', 10_000), line('b', 500)]);
    expect(amountsOf(priced, [save(amountOff(400), 'THRESHOLD_CLAWBACK', asks)], 'b a')).toEqual([100, 10_000]);
  });

  it('THRESHOLD_CLAWBACK: policies take their turns as they did, also those of one group', () => {
    const as = (name: string, discount: Discount, group: string | null, conditions = {}) =>
      coupon(name, discount, {
        ...{ conditions, stacking: { group, percentBase: 'REMAINING' }, terms: { refund: 'THRESHOLD_CLAWBACK' } },
      });
    // A waited for P, which would have given more; then M took too much for P, and A came after M.
    const p = as('P', amountOff(16_000), 'g', {
      minimumOrder: { amount: 25_000, comparison: 'GTE', base: 'REMAINING' },
    });
    const coupons = [as('A', percentOff('50'), 'g'), as('M', amountOff(20_000), null), p];
    expect(bought(threeOfOne, coupons).order.facts.discounts).toMatchObject([
      { policyId: 'M', amount: 20_000 },
      { policyId: 'A', amount: 5_000 },
    ]);
    expect(amountsOf(threeOfOne, coupons, 'a aa')).toEqual([5_000, 0]);
  });
});
