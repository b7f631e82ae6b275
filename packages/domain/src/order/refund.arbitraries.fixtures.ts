import fc from 'fast-check';
import type { Cart } from '../cart/cart.js';
import { aCart, someCoupons, somePoints } from '../coupon/pricing/arbitraries.fixtures.js';
import type { QuotedCoupon } from '../coupon/pricing/quote.js';
import { type Bought, bought } from './order.fixtures.js';
import type { RefundLine } from './refund.js';

const modes = ['NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'] as const;
type Mode = (typeof modes)[number];

const withModes = (coupons: readonly QuotedCoupon[], of: readonly Mode[]): QuotedCoupon[] =>
  coupons.map(({ policy, ...more }, i) => {
    const terms = { ...policy.terms, refund: of[i % of.length] ?? 'NONE' };
    return { ...more, policy: { ...policy, terms } };
  });

export interface Case {
  readonly cart: Cart;
  readonly of: Bought;
  /** All units, in one or more refunds. */
  readonly split: readonly (readonly RefundLine[])[];
}

/** Takes from every line what the numbers say, at most what is left; the last refund takes the rest. */
function splitBy({ lines }: Cart, numbers: readonly (readonly number[])[]): RefundLine[][] {
  const left = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const take = (wish: (i: number, most: number) => number) =>
    lines.flatMap(({ lineId }, i) => {
      const most = left.get(lineId) ?? 0;
      const quantity = Math.min(most, wish(i, most));
      left.set(lineId, most - quantity);
      return quantity > 0 ? [{ lineId, quantity }] : [];
    });
  const parts = numbers.map(row => take((i, most) => (row[i] ?? 0) % (most + 1)));
  return [...parts, take((_, most) => most)].filter(({ length }) => length > 0);
}

/** An order of a random cart, priced by the real `quote`, and a way in which all of it goes back. */
const aCase = (some: fc.Arbitrary<readonly Mode[]>): fc.Arbitrary<Case> =>
  fc
    .record({
      ...{ cart: aCart.filter(({ lines }) => lines.length > 0), coupons: someCoupons, points: somePoints, modes: some },
      row: fc.array(fc.array(fc.nat(60), { minLength: 5, maxLength: 5 }), { maxLength: 6 }),
    })
    .map(({ cart, coupons, points, modes: of, row }) => ({
      ...{ cart, of: bought(cart, withModes(coupons, of), points), split: splitBy(cart, row) },
    }));

export const anyModes = aCase(fc.array(fc.constantFrom(...modes), { minLength: 5, maxLength: 5 }));
export const only = (mode: Mode) => aCase(fc.constant([mode]));
