import fc from 'fast-check';
import { amountOff, cart, freeShipping, line, percentOff } from '../coupon/pricing/pricing.fixtures.js';
import { bought, from, inclusive, refundedBy, save, units } from './order.fixtures.js';
import { RefundOracle, type SimpleCoupon } from './refund-oracle.fixtures.js';

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
      { numRuns: 1_500 },
    ));
});
