import fc from 'fast-check';
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
import { aRefund, bought, given, place, plain, planOf, progress, refundedBy, units } from './order.fixtures.js';
import { order as decider } from './order-decider.js';
import { planRefund, type RefundLine, refundedUnits, refundStatusOf } from './refund.js';
import { RefundOracle, type SimpleCoupon } from './refund-oracle.fixtures.js';

type Mode = PolicyTerms['refund'];
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Amounts of the refunds of an order without points; `'a ab'` = first one unit of `a`, then one of `a` and one of `b`. */
const amountsOf = (priced: Cart, coupons: readonly QuotedCoupon[], split: string) =>
  refundedBy(bought(priced, coupons), split.split(' ').map(units)).plans.map(({ amount }) => amount);

const from = (amount: number) => ({ minimumOrder: { amount, comparison: 'GTE', base: 'INITIAL' } }) as const;
const inclusive = (...products: string[]) => ({ products: { include: products, exclude: [] } });
const save = (discount: Discount, refund: Mode, conditions = {}, name = 'SAVE') =>
  coupon(name, discount, { conditions, terms: { refund } });

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

  it('PROPORTIONAL: leaves every line its floor', () => {
    const priced = cart([line('a', 10_000, 1, { minimumUnitPrice: 9_500 }), line('b', 10_000), line('c', 1_000)]);
    expect(amountsOf(priced, [save(percentOff('50'), 'PROPORTIONAL', inclusive('p-a', 'p-b'))], 'b ac')).toEqual([
      500, 10_500,
    ]);
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
    // P waits for its rival in the group, M comes between, and then P gives more: so P was taken after M.
    const at = (name: string, discount: Discount, group: string | null) =>
      coupon(name, discount, {
        stacking: { group, percentBase: 'REMAINING' },
        terms: { refund: 'THRESHOLD_CLAWBACK' },
      });
    const coupons = [at('A', percentOff('50'), 'g'), at('M', amountOff(10_000), null), at('P', amountOff(13_000), 'g')];
    const of = bought(threeOfOne, coupons);
    expect(of.order.facts.discounts.length).toBe(2);
    expect(planOf(of, units('a')).share.now).toBeLessThanOrEqual(10_000);
  });
});

describe('orders rule 11: points are a way to pay', () => {
  it.each<[points: number, split: string, refunds: [amount: number, points: number][]]>([
    [
      0,
      'a bc',
      [
        [10_000, 0],
        [20_000, 0],
      ],
    ],
    [
      10_000,
      'a b c',
      [
        [6_667, 3_333],
        [6_667, 3_333],
        [6_666, 3_334],
      ],
    ],
    [
      1,
      'a b c',
      [
        [10_000, 0],
        [10_000, 0],
        [9_999, 1],
      ],
    ],
    [
      29_999,
      'a b c',
      [
        [1, 9_999],
        [0, 10_000],
        [0, 10_000],
      ],
    ],
    [
      30_000,
      'a b c',
      [
        [0, 10_000],
        [0, 10_000],
        [0, 10_000],
      ],
    ],
    [90_000, 'abc', [[0, 30_000]]],
  ])('%d offered for 30,000, %s', (points, split, refunds) => {
    const { plans } = refundedBy(bought(three, [], points), split.split(' ').map(units));
    expect(plans.map(({ amount, pointsReturned }) => [amount, pointsReturned])).toEqual(refunds);
  });
});

describe('orders rule 12: units that can not go back', () => {
  const of = bought(cart([line('a', 1_000, 3), line('b', 1_000)]));
  const { order } = refundedBy(of, [units('a')]);
  const no = (requested: number) => ({ lineId: 'a', requested, left: 2 });
  it.each<[RefundLine[], string, object]>([
    [[{ lineId: 'a', quantity: 3 }], 'QUANTITY_NOT_REFUNDABLE', no(3)],
    [[{ lineId: 'a', quantity: 0 }], 'QUANTITY_NOT_REFUNDABLE', no(0)],
    [[{ lineId: 'a', quantity: -1 }], 'QUANTITY_NOT_REFUNDABLE', no(-1)],
    [[{ lineId: 'a', quantity: 0.5 }], 'QUANTITY_NOT_REFUNDABLE', no(0.5)],
    [[{ lineId: 'a', quantity: Number.NaN }], 'QUANTITY_NOT_REFUNDABLE', no(Number.NaN)],
    [
      [
        { lineId: 'a', quantity: 2 },
        { lineId: 'a', quantity: 1 },
      ],
      ...(['QUANTITY_NOT_REFUNDABLE', { lineId: 'a', requested: 1, left: 0 }] as const),
    ],
    [[...units('b'), { lineId: 'a', quantity: 3 }], 'QUANTITY_NOT_REFUNDABLE', no(3)],
    [[{ lineId: 'z', quantity: 1 }], 'ORDER_LINE_NOT_FOUND', { lineId: 'z' }],
    [[], 'QUANTITY_NOT_REFUNDABLE', { requested: 0, left: 3 }],
  ])('%j: %s %j, planned or decided', (lines, code, data) => {
    const refused = { accepted: false, refusal: { code, data } };
    expect(planRefund(order, lines, of.versionOf)).toEqual(refused);
    expect(decider.decide(order, { type: 'Refund', refund: aRefund(lines), at: 600 })).toEqual(refused);
  });

  it.each([given(place(plain)), given(place(plain), progress())])('an order that is not completed', pending =>
    expect(planRefund(pending, units('a'), of.versionOf)).toEqual({
      ...{ accepted: false, refusal: { code: 'ORDER_NOT_COMPLETED', data: { status: pending.status } } },
    }),
  );

  it('counts what went back by line, and knows when it was all', () => {
    expect(refundStatusOf(of.order)).toBe('NONE');
    expect([refundStatusOf(order), [...refundedUnits(order)]]).toEqual(['PARTIAL', [['a', 1]]]);
    expect(refundStatusOf(refundedBy(of, [units('aaa'), units('b')]).order)).toBe('FULL');
  });
});

describe('figures as large as they can be', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const quantity = 10_000;
  const unitPrice = Math.floor(most / quantity) - 1;
  const huge = cart([line('a', unitPrice, quantity), line('b', 4_000, 2)], {
    shipping: most - unitPrice * quantity - 8_000,
  });
  it.each(['NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'] as const)('%s: 2^53 - 1 in 10,002 units', mode => {
    const of = bought(huge, [save(percentOff('33.3333'), mode)], 2 ** 50 + 1);
    const { total, pointsUsed } = of.order.facts;
    const split = [1, 1, 4_997, 5_000, 1].map(units => [{ lineId: 'a', quantity: units }]);
    const { plans } = refundedBy(of, [...split, units('bb')]);
    expect([sum(plans.map(({ amount }) => amount)), sum(plans.map(each => each.pointsReturned))]).toEqual([
      ...[total, pointsUsed],
    ]);
    const first = plans.slice(0, 2).map(({ amount, pointsReturned }) => amount + pointsReturned);
    for (const each of first) expect(Math.abs(each - unitPrice * 0.666667)).toBeLessThanOrEqual(unitPrice * 1e-9);
  });
});

describe('the same refunds worked out a second time', () => {
  const products = ['p-a', 'p-b', 'p-c'];
  const aSimpleCoupon: fc.Arbitrary<SimpleCoupon> = fc.record({
    off: fc.oneof(
      fc.record({ won: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
      fc.constant('SHIPPING' as const),
    ),
    products: fc.subarray(products, { maxLength: 2 }),
    from: fc.integer({ min: 0, max: 80 }),
    refund: fc.constantFrom('NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'),
  });
  const discountOf = ({ off }: SimpleCoupon) =>
    off === 'SHIPPING' ? freeShipping() : 'won' in off ? amountOff(off.won) : percentOff(String(off.percent));
  const someLines = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 3 })), {
    ...{ minLength: 1, maxLength: 3 },
  });

  it('come to the same, one coupon at a time', () =>
    fc.assert(
      fc.property(
        ...([someLines, fc.constantFrom(0, 25), aSimpleCoupon, fc.nat(100), fc.infiniteStream(fc.nat(99))] as const),
        (items, shipping, simple, points, wishes) => {
          const priced = cart(
            items.map(([price, quantity], i) => line('abc'.charAt(i), price, quantity)),
            { shipping },
          );
          const minimum = simple.from > 0 ? from(simple.from) : {};
          const of = bought(
            priced,
            [save(discountOf(simple), simple.refund, { ...minimum, ...inclusive(...simple.products) })],
            points,
          );
          const [given] = of.order.facts.discounts;
          const borne = Object.fromEntries((given?.allocations ?? []).map(({ lineId, amount }) => [lineId, amount]));
          const pile = priced.lines.flatMap(({ lineId, quantity }) => lineId.repeat(quantity).split(''));
          const parts: string[] = [];
          for (const wish of wishes) {
            if (pile.length === 0) break;
            const [unit = ''] = pile.splice(wish % pile.length, 1);
            if (wish % 3 === 0 || parts.length === 0) parts.push(unit);
            else parts.push(`${parts.pop()}${unit}`);
          }
          const split = parts.map(units);
          const oracle = new RefundOracle(priced, simple, borne, of.order.facts.pointsUsed);
          const expected = oracle.refunds(
            split.map(lines => Object.fromEntries(lines.map(each => [each.lineId, each.quantity]))),
          );
          expect(refundedBy(of, split).plans.map(({ amount, pointsReturned }) => ({ amount, pointsReturned }))).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 3_000 },
    ));
});
