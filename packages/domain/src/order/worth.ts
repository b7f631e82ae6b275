import { allocate } from '../allocation.js';
import { isEligible } from '../coupon/eligibility.js';
import type { PolicyTerms, PolicyVersion } from '../coupon/policy.js';
import type { QuotedDiscount } from '../coupon/pricing/quote.js';
import { quote } from '../coupon/pricing.js';
import { partOf } from '../money.js';
import type { OrderFacts, OrderLine } from './order.js';

/** A line and how many of its units stay. */
export interface StayingLine {
  readonly line: OrderLine;
  readonly quantity: number;
}

type VersionOf = (discount: QuotedDiscount) => PolicyVersion;
type Mode = PolicyTerms['refund'];

/** A line while discounts are put on what stays of it. */
interface Bearer extends StayingLine {
  readonly gross: number;
  discount: number;
}

const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
const grossOf = ({ line, quantity }: StayingLine) => line.unitPrice * quantity;
const shareOf = ({ allocations }: QuotedDiscount, lineId: string) =>
  allocations.find(each => each.lineId === lineId)?.amount ?? 0;
/** Nothing else than FREE_SHIPPING touches shipping, and that touches nothing else (pricing rule 7). */
const isOffShipping = ({ allocations }: QuotedDiscount) => allocations.length === 0;

/** Units go back by number, and of the units of a line the first bear the odd minor units: the last ones bear less. */
function onLastUnits(discount: number, units: number, quantity: number): number {
  const low = Math.floor(discount / quantity);
  return low * units + Math.max(0, units - (quantity - (discount - low * quantity)));
}

const roomOf = ({ gross, line, quantity, discount }: Bearer) =>
  Math.max(0, gross - line.minimumUnitPrice * quantity - discount);

/** Puts on the lines what they can bear of an amount, by weight; answers what was left over. */
function put(amount: number, bearers: readonly Bearer[], weightOf: (bearer: Bearer) => number, limitOf = roomOf) {
  const shares = allocate(
    amount,
    bearers.map(bearer => ({ weight: weightOf(bearer), limit: limitOf(bearer) })),
  );
  for (const [i, bearer] of bearers.entries()) bearer.discount += shares[i] ?? 0;
  return amount - sum(shares);
}

/** What the frozen policies would take off what stays, one after the other as they were taken. */
function requoted(facts: OrderFacts, staying: readonly StayingLine[], versionOf: VersionOf) {
  const lines = staying.filter(({ quantity }) => quantity > 0).map(({ line, quantity }) => ({ ...line, quantity }));
  const { currency, shipping, channel, segments, firstOrder, placedAt } = facts;
  const cart = { currency, lines, shipping: shipping.gross, channel, segments, firstOrder, at: placedAt };
  const coupons = facts.discounts.map((discount, i) => {
    const { terms, ...version } = versionOf(discount);
    // Who stands beside whom was settled when the order was priced; what is left of that is the order of taking.
    const stacking = { ...terms.stacking, mode: 'STACKABLE' as const, group: null, priority: -i };
    return { couponId: String(i), code: null, policy: { ...version, terms: { ...terms, stacking } } };
  });
  const byId = new Map(quote(cart, coupons, { hints: false }).discounts.map(each => [each.couponId, each]));
  return new Map(facts.discounts.map((discount, i) => [discount, byId.get(String(i))]));
}

/**
 * The discounts on the units that stay. What lies where it lay (`NONE`, and `PROPORTIONAL` as far as it goes) comes
 * before what is worked out anew, so that an order of which everything stays is worth what it was.
 */
function discountGoods(
  bearers: readonly Bearer[],
  ofMode: (mode: Mode) => readonly QuotedDiscount[],
  termsOf: (discount: QuotedDiscount) => PolicyTerms,
  again: ReadonlyMap<QuotedDiscount, QuotedDiscount | undefined>,
): void {
  for (const bearer of bearers) {
    const { lineId, quantity } = bearer.line;
    const given = sum(ofMode('NONE').map(each => shareOf(each, lineId)));
    bearer.discount = onLastUnits(given, bearer.quantity, quantity);
  }
  const proportional = ofMode('PROPORTIONAL').map(discount => {
    const { conditions } = termsOf(discount);
    const meant = bearers.filter(({ line }) => isEligible(conditions, line));
    const before = sum(meant.map(({ line }) => line.unitPrice * line.quantity));
    const kept = partOf(discount.amount, sum(meant.map(({ gross }) => gross)), before);
    const laid = ({ line, quantity }: Bearer) => partOf(shareOf(discount, line.lineId), quantity, line.quantity);
    return { meant, rest: put(kept, bearers, laid, laid) };
  });
  for (const discount of ofMode('THRESHOLD_CLAWBACK')) {
    const anew = again.get(discount);
    if (anew) put(Math.min(discount.amount, anew.amount), bearers, ({ line }) => shareOf(anew, line.lineId));
  }
  for (const { meant, rest } of proportional) put(rest, meant, ({ gross }) => gross);
}

/**
 * What an order comes to before points, minor units, when only these units of it stay: by the stored unit nets, or as
 * the policies of its coupons say (`refund`, pricing rule 20). Never more discount than was given, no line below its
 * floor, and no discount on goods is taken off shipping.
 */
export function worthOfWhatStays(facts: OrderFacts, staying: readonly StayingLine[], versionOf: VersionOf): number {
  const { discounts, shipping } = facts;
  const termsOf = (discount: QuotedDiscount) => versionOf(discount).terms;
  const isAnew = (discount: QuotedDiscount) => termsOf(discount).refund === 'THRESHOLD_CLAWBACK';
  const again = discounts.some(isAnew) ? requoted(facts, staying, versionOf) : new Map<QuotedDiscount, undefined>();
  const bearers = [...staying]
    .sort((a, b) => (a.line.lineId < b.line.lineId ? -1 : 1))
    .map((each): Bearer => ({ ...each, gross: grossOf(each), discount: 0 }));
  const onGoods = discounts.filter(discount => !isOffShipping(discount));
  discountGoods(bearers, mode => onGoods.filter(each => termsOf(each).refund === mode), termsOf, again);
  const offShipping = discounts
    .filter(isOffShipping)
    .map(each => (isAnew(each) ? Math.min(each.amount, again.get(each)?.amount ?? 0) : each.amount));
  return sum(bearers.map(({ gross, discount }) => gross - discount)) + shipping.gross - sum(offShipping);
}
