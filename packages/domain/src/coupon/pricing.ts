import { unitNets } from '../allocation.js';
import type { Cart } from '../cart/cart.js';
import type { Instant } from '../time.js';
import type { PricingRefusal } from './eligibility.js';
import type { PolicyTerms, Selection } from './policy.js';
import { attempt } from './pricing/attempt.js';
import { hintsFor } from './pricing/hints.js';
import { type LedgerLine, openLedger } from './pricing/ledger.js';
import type { Allocation, Quote, QuotedCoupon, QuotedDiscount, QuotedLine, RefusedCoupon } from './pricing/quote.js';
import { type Applied, type Refused, stack } from './pricing/stacking.js';
import { cartStep, discountStep, refusedStep, totalStep } from './pricing/trace.js';
import { choosesUnits } from './pricing/units.js';

export interface QuoteOptions {
  /** Points offered, minor units; what the total does not need is not used. */
  readonly points?: number;
  /** Whether somebody reads hints: they cost more than the price. Default: yes. */
  readonly hints?: boolean;
}

/** The discount of one coupon in minor units, or why there is none. */
export type CouponPrice =
  | { readonly accepted: true; readonly discount: number; readonly allocations: readonly Allocation[] }
  | { readonly accepted: false; readonly refusal: PricingRefusal };

const quotedLine = ({ item: { lineId, quantity }, gross, net }: LedgerLine): QuotedLine => {
  return { lineId, gross, discount: gross - net, net, unitNets: unitNets(net, quantity) };
};

const allocationsOf = ({ figures }: Pick<Applied, 'figures'>): Allocation[] =>
  figures.shares.filter(({ amount }) => amount > 0).map(({ lineId, amount }) => ({ lineId, amount }));

function quotedDiscount(applied: Applied): QuotedDiscount {
  const { couponId, code, policy } = applied.coupon;
  const { policyId, version: policyVersion } = policy;
  const { amount } = applied.figures;
  return { policyId, policyVersion, couponId, code, amount, allocations: allocationsOf(applied) };
}

const refusedCoupon = ({ coupon: { couponId, code }, refusal }: Refused): RefusedCoupon => {
  return { couponId, code, reason: refusal.code, data: refusal.data };
};

/**
 * What a cart costs with these coupons: lines, discounts, total, why a coupon was refused, what would help, and a
 * trace from which `checkQuote` recomputes it all. Figures are minor units of the cart's currency. The result does
 * not depend on the order of lines or coupons (lines are answered in the order of the cart).
 *
 * The cart must make sense (`checkCart`); coupons never make a quote fail.
 */
export function quote(
  given: Cart,
  coupons: readonly QuotedCoupon[],
  { points = 0, hints = true }: QuoteOptions = {},
): Quote {
  // An empty cart is worth nothing: where nothing is bought, nothing is shipped.
  const cart = given.lines.length > 0 ? given : { ...given, shipping: 0 };
  const ledger = openLedger(cart);
  const stacked = stack(coupons, ledger);
  const { applied, refused } = stacked;
  const byId = new Map(ledger.lines.map(line => [line.item.lineId, line]));
  const lines = cart.lines.map(({ lineId }) => quotedLine(byId.get(lineId) as LedgerLine));
  const net = lines.reduce((sum, line) => sum + line.net, 0);
  const pointsUsed = Math.min(Math.max(0, points), net + ledger.shipping);
  const total = net + ledger.shipping - pointsUsed;
  const figures = { lines: net, shipping: ledger.shipping, pointsOffered: points, pointsUsed, total };
  return {
    currency: cart.currency,
    lines,
    shipping: { gross: cart.shipping, discount: cart.shipping - ledger.shipping, net: ledger.shipping },
    discounts: applied.map(quotedDiscount),
    pointsUsed,
    total,
    refused: refused.map(refusedCoupon),
    hints: hints ? hintsFor(given, coupons, stacked) : [],
    trace: [cartStep(openLedger(cart)), ...applied.map(discountStep), ...refused.map(refusedStep), totalStep(figures)],
  };
}

/** The discount that one coupon alone gives on a cart, or the refusal. */
export function priceOfCoupon(cart: Cart, terms: PolicyTerms): CouponPrice {
  const tried = attempt(terms, openLedger(cart));
  if ('no' in tried) return { accepted: false, refusal: tried.no };
  return { accepted: true, discount: tried.figures.amount, allocations: allocationsOf(tried) };
}

const chooses = ({ include, exclude }: Selection) => include.length > 0 || exclude.length > 0;

/**
 * Whether a policy chooses lines or units, or looks at what only a cart tells: it cannot be priced from the amount
 * of an order alone.
 */
export function needsCart({ conditions, discount }: PolicyTerms): boolean {
  const { products, categories, channels, segments, requires, minimumQuantity } = conditions;
  if ([products, categories, channels, segments].some(chooses)) return true;
  if (requires.products.length > 0 || requires.categories.length > 0) return true;
  // One line of one unit is what an amount counts as, so a minimum of 1 is met by any.
  if (conditions.excludeSaleItems || conditions.firstOrderOnly || (minimumQuantity ?? 1) > 1) return true;
  switch (discount.type) {
    case 'BUY_X_GET_Y':
    case 'FREE_SHIPPING':
      return true;
    case 'TIERED':
      return false;
    case 'FIXED_AMOUNT':
      return discount.allocation === 'EACH' || choosesUnits(discount);
    case 'PERCENTAGE':
      return choosesUnits(discount);
  }
}

/** An amount counts as one eligible line of one unit. `amount` in minor units. */
export const cartOfAmount = (amount: number, currency: string, at: Instant): Cart => ({
  currency,
  lines: [
    {
      ...{ lineId: 'order', productId: 'order', categoryIds: [] },
      ...{ unitPrice: amount, quantity: 1, onSale: false, minimumUnitPrice: 0 },
    },
  ],
  ...{ shipping: 0, channel: null, segments: [], firstOrder: false, at },
});
