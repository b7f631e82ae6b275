import { unitNets } from '../allocation.js';
import { isEligible } from '../coupon/eligibility.js';
import type { PolicyVersion } from '../coupon/policy.js';
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

const grossOf = ({ line, quantity }: StayingLine) => line.unitPrice * quantity;
const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);

/** The stored nets of the units that stay; those with the lower numbers go first. */
const storedNets = ({ line, quantity }: StayingLine) =>
  sum(unitNets(line.net, line.quantity).slice(line.quantity - quantity));

/** `NONE`: the discount that lies on the units that stay. What is taken off shipping stays as long as anything does. */
function keptAsGiven({ allocations, amount }: QuotedDiscount, staying: readonly StayingLine[]): number {
  if (allocations.length === 0) return amount;
  const share = new Map(allocations.map(each => [each.lineId, each.amount]));
  return sum(staying.map(({ line, quantity }) => partOf(share.get(line.lineId) ?? 0, quantity, line.quantity)));
}

/** `PROPORTIONAL`: the part of the discount that goes with what stays of the lines that it was for, whoever bore it. */
function keptInProportion(
  { allocations, amount }: QuotedDiscount,
  { terms }: PolicyVersion,
  staying: readonly StayingLine[],
): number {
  if (allocations.length === 0) return amount;
  const meant = staying.filter(({ line }) => isEligible(terms.conditions, line));
  const whole = sum(meant.map(({ line }) => line.unitPrice * line.quantity));
  return partOf(amount, sum(meant.map(grossOf)), whole);
}

/** What the frozen policies would take off what stays, by policy and coupon. */
function requoted(facts: OrderFacts, staying: readonly StayingLine[], versionOf: VersionOf) {
  const lines = staying.filter(({ quantity }) => quantity > 0).map(({ line, quantity }) => ({ ...line, quantity }));
  const { currency, shipping, channel, segments, firstOrder, placedAt } = facts;
  const cart = { currency, lines, shipping: shipping.gross, channel, segments, firstOrder, at: placedAt };
  const coupons = facts.discounts.map(discount => ({
    ...{ couponId: discount.couponId, code: discount.code },
    policy: versionOf(discount),
  }));
  const { discounts } = quote(cart, coupons);
  return (wanted: QuotedDiscount) =>
    discounts.find(({ couponId, code }) => couponId === wanted.couponId && code === wanted.code)?.amount ?? 0;
}

/**
 * What an order comes to before points, minor units, when only these units of it stay: by the stored unit nets, or as
 * the policies of its coupons say (`refund`, pricing rule 20). Never more discount than was given, never below zero.
 */
export function worthOfWhatStays(facts: OrderFacts, staying: readonly StayingLine[], versionOf: VersionOf): number {
  const { discounts, shipping } = facts;
  const modeOf = (discount: QuotedDiscount) => versionOf(discount).terms.refund;
  if (discounts.every(discount => modeOf(discount) === 'NONE')) return sum(staying.map(storedNets)) + shipping.net;
  const again = requoted(facts, staying, versionOf);
  const kept = {
    NONE: (discount: QuotedDiscount) => keptAsGiven(discount, staying),
    PROPORTIONAL: (discount: QuotedDiscount) => keptInProportion(discount, versionOf(discount), staying),
    THRESHOLD_CLAWBACK: again,
  };
  const discount = sum(discounts.map(each => Math.min(each.amount, kept[modeOf(each)](each))));
  return Math.max(0, sum(staying.map(grossOf)) + shipping.gross - discount);
}
