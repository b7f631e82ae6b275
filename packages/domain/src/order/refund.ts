import type { PolicyVersion } from '../coupon/policy.js';
import type { QuotedDiscount } from '../coupon/pricing/quote.js';
import { type Decision, refuse } from '../decider.js';
import { shareOfRefund } from '../points/balance.js';
import { type Refusal, refusal } from '../refusal.js';
import type { PlacedOrder } from './order.js';
import { worthOfWhatStays } from './worth.js';

export interface RefundLine {
  readonly lineId: string;
  readonly quantity: number;
}

/** Units that went back, and what was given for them. Amounts are minor units of the order's currency. */
export interface Refund {
  readonly refundId: string;
  readonly lines: readonly RefundLine[];
  /** Money. */
  readonly amount: number;
  /** Spent points that came back. */
  readonly pointsReturned: number;
  /** Points earned with the order that were taken back. */
  readonly pointsReversed: number;
  /** Ids of coupons whose use was cancelled. */
  readonly couponsRestored: readonly string[];
  readonly reason: string | null;
  /** Whether the units are free again (orders rule 13). */
  readonly restock: boolean;
}

/** What a refund of some units comes to. */
export interface RefundPlan {
  readonly lines: readonly RefundLine[];
  readonly amount: number;
  readonly pointsReturned: number;
  /** Nothing of the order stays. */
  readonly isLast: boolean;
  /** `amount + pointsReturned` of this refund, of those before it, and of the whole order: what shares are taken from. */
  readonly share: { readonly before: number; readonly now: number; readonly whole: number };
}

export type RefundRefusal = Refusal<'ORDER_LINE_NOT_FOUND' | 'QUANTITY_NOT_REFUNDABLE' | 'ORDER_NOT_COMPLETED'>;
export type RefundDecision =
  | { readonly accepted: true; readonly plan: RefundPlan }
  | Extract<Decision<never, RefundRefusal>, { accepted: false }>;

/** Units of each line that went back so far. */
export function refundedUnits({
  refunds,
}: {
  readonly refunds: readonly Pick<Refund, 'lines'>[];
}): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { lines } of refunds)
    for (const { lineId, quantity } of lines) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  return units;
}

/** Money that went back so far, minor units. */
export const refundedAmount = ({ refunds }: Pick<PlacedOrder, 'refunds'>): number =>
  refunds.reduce((sum, { amount }) => sum + amount, 0);

export type RefundStatus = 'NONE' | 'PARTIAL' | 'FULL';

export function refundStatusOf({ facts, refunds }: Pick<PlacedOrder, 'facts' | 'refunds'>): RefundStatus {
  if (refunds.length === 0) return 'NONE';
  const units = refundedUnits({ refunds });
  return facts.lines.every(({ lineId, quantity }) => units.get(lineId) === quantity) ? 'FULL' : 'PARTIAL';
}

/** What the whole order came to before points. */
const wholeOf = ({ facts }: PlacedOrder) => facts.total + facts.pointsUsed;

/**
 * Why these units can't go back; null = they can. However often a line is named, its units count once. A refund of
 * nothing is none.
 */
export function refundRefusal(order: PlacedOrder, lines: readonly RefundLine[]): RefundRefusal | null {
  const { status, facts } = order;
  if (status !== 'COMPLETED') return refusal('ORDER_NOT_COMPLETED', { status });
  const gone = refundedUnits(order);
  const left = new Map(facts.lines.map(({ lineId, quantity }) => [lineId, quantity - (gone.get(lineId) ?? 0)]));
  if (lines.length === 0)
    return refusal('QUANTITY_NOT_REFUNDABLE', { requested: 0, left: [...left.values()].reduce((a, b) => a + b, 0) });
  for (const { lineId, quantity } of lines) {
    const there = left.get(lineId);
    if (there === undefined) return refusal('ORDER_LINE_NOT_FOUND', { lineId });
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > there)
      return refusal('QUANTITY_NOT_REFUNDABLE', { lineId, requested: quantity, left: there });
    left.set(lineId, there - quantity);
  }
  return null;
}

/**
 * What the units come to (orders rules 11 and 12): what the order was worth so far without what it is worth with the
 * units that stay, in money and points in the proportion paid. The last refund takes all that is left.
 * @param versionOf the frozen policy version of a discount of the order
 */
export function planRefund(
  order: PlacedOrder,
  lines: readonly RefundLine[],
  versionOf: (discount: QuotedDiscount) => PolicyVersion,
): RefundDecision {
  const { facts, refunds } = order;
  const no = refundRefusal(order, lines);
  if (no) return refuse(no);
  const gone = refundedUnits({ refunds: [...refunds, { lines }] });
  const staying = facts.lines.map(line => ({ line, quantity: line.quantity - (gone.get(line.lineId) ?? 0) }));
  const isLast = staying.every(({ quantity }) => quantity === 0);
  const whole = wholeOf(order);
  const before = refunds.reduce((sum, { amount, pointsReturned }) => sum + amount + pointsReturned, 0);
  const worth = isLast ? 0 : worthOfWhatStays(facts, staying, versionOf);
  const now = Math.max(0, whole - before - worth);
  const share = { before, now, whole };
  const pointsReturned = isLast
    ? facts.pointsUsed - refunds.reduce((sum, refund) => sum + refund.pointsReturned, 0)
    : shareOfRefund(facts.pointsUsed, share);
  return { accepted: true, plan: { lines, amount: now - pointsReturned, pointsReturned, isLast, share } };
}
