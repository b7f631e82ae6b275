import {
  type PlacedOrder,
  type PolicyVersion,
  planRefund,
  type QuotedDiscount,
  type Refund,
  type RefundLine,
  type RefundPlan,
  refusal,
  shareOfRefund,
} from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { OrderEarning } from '../../ports/point-ledger.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { changeCoupons } from '../coupon/use-coupons.js';
import { openMovements, type PointInput } from '../points/move-points.js';
import { returnStock } from '../stock/end-stock-holds.js';
import { reservationIds, stockHoldIds } from './hold-ids.js';
import { type OrderBatch, openOrders } from './order-batch.js';
import type { StepStores } from './step-batches.js';

export interface RefundInput {
  readonly orderNumber: string;
  /** Whose order it must be. Default null = anybody's. */
  readonly owner?: string | null;
  /** Every line once, at least one unit each. */
  readonly lines: readonly RefundLine[];
  readonly reason: string | null;
  readonly restock: boolean;
  readonly origin: Origin;
}

export interface Refunded {
  readonly orderNumber: string;
  readonly refund: Refund;
}

type Stores = StepStores;

interface RefundOptions {
  /** What becomes of points earned with the order that are spent already. */
  readonly debt: 'ALLOWED' | 'REFUSED';
}

/**
 * Gives units of completed orders back (orders rules 11 to 13): money and points in the proportion paid, points earned
 * with the order in proportion too, coupons with the last unit. One after the other: the second refund of an order
 * sees what the first has left.
 */
export const refundOrders =
  (stores: Stores, options: RefundOptions): UseCase<RefundInput, Outcome<Refunded>> =>
  async (tx, inputs) => {
    const batch = await openOrders(
      stores,
      tx,
      inputs.map(({ orderNumber }) => orderNumber),
    );
    const outcomes: Outcome<Refunded>[] = [];
    for (const input of inputs) outcomes.push(await refundOne(stores, tx, batch, input, options));
    await batch.save();
    return outcomes;
  };

async function refundOne(
  stores: Stores,
  tx: Transaction,
  batch: OrderBatch,
  input: RefundInput,
  options: RefundOptions,
): Promise<Outcome<Refunded>> {
  const { orderNumber, owner = null, lines, reason, restock, origin } = input;
  const order = batch.order(orderNumber);
  if (!order || (owner !== null && order.facts.userId !== owner))
    return refused(refusal('ORDER_NOT_FOUND', { orderNumber }));
  const versionOf = await frozenVersions(stores, tx, order);
  const decision = planRefund(order, lines, versionOf);
  if (!decision.accepted) return refused(decision.refusal);
  const { plan } = decision;
  const refundId = stores.ids.next();
  const reversed = await moveBackPoints(stores, tx, { order, orderNumber, plan, refundId, origin }, options);
  if (!reversed.accepted) return reversed;
  // Stock before coupons: everybody locks them in this order.
  if (restock) await putBack(stores, tx, order, input, refundId);
  const couponsRestored = plan.isLast ? await giveBackCoupons(stores, tx, order, input) : [];
  const { amount, pointsReturned } = plan;
  const refund = { refundId, lines, amount, pointsReturned, pointsReversed: reversed.value, couponsRestored };
  const told = { ...refund, reason, restock };
  const outcome = batch.decide(orderNumber, { type: 'Refund', refund: told }, origin);
  if (!outcome.accepted) throw new Error(`refund of ${orderNumber}: ${outcome.refusal.code}`);
  return done({ orderNumber, refund: told });
}

/** The policy versions that the order was priced with: they never change. */
async function frozenVersions({ policies }: Stores, tx: Transaction, { facts }: PlacedOrder) {
  const refs = facts.discounts.map(({ policyId, policyVersion }) => ({ policyId, version: policyVersion }));
  const versions = refs.length > 0 ? await policies.versions(tx, refs) : [];
  const of = new Map(facts.discounts.map((discount, i) => [discount, versions[i]]));
  return (discount: QuotedDiscount): PolicyVersion => {
    const version = of.get(discount);
    if (!version) throw new Error(`version ${discount.policyVersion} of policy ${discount.policyId} is gone`);
    return version;
  };
}

interface Back {
  readonly order: PlacedOrder;
  readonly orderNumber: string;
  readonly plan: RefundPlan;
  readonly refundId: string;
  readonly origin: Origin;
}

/** Spent points return to their lots, earned ones are reversed; answers how many were reversed. */
async function moveBackPoints(
  stores: Stores,
  tx: Transaction,
  { order, orderNumber, plan, refundId, origin }: Back,
  { debt }: RefundOptions,
): Promise<Outcome<number>> {
  const spent = order.pointHold === null ? [] : [{ pointId: order.pointHold, points: plan.pointsReturned }];
  const earned = await stores.pointLedger.earnedWith(tx, order.facts.userId, orderNumber);
  const taken = earned
    .filter(({ status }) => status === 'EARNED')
    .map(earning => ({ pointId: earning.pointId, points: shareOfEarning(earning, plan) }));
  const back = [
    ...spent.map(each => ({ ...each, change: 'Return' as const })),
    ...taken.map(each => ({ ...each, change: 'Reverse' as const })),
  ].filter(({ points }) => points > 0);
  if (back.length > 0) {
    const moves = back.map((each): PointInput => ({ ...each, key: refundId, origin }));
    const { move, batch } = await openMovements(stores, { debt }, tx, moves);
    const no = moves.map(each => move(each)).find(outcome => !outcome.accepted);
    // All of them or none: nothing is written of a refund that is refused.
    if (no && !no.accepted) return no;
    await batch.save();
  }
  return done(taken.reduce((sum, { points }) => sum + points, 0));
}

/** The last refund takes what is left of an earning, also of one that came after the first. */
function shareOfEarning({ points, reversed }: OrderEarning, { share, isLast }: RefundPlan): number {
  const left = points - reversed;
  return isLast ? left : Math.min(left, shareOfRefund(points, share));
}

async function giveBackCoupons(
  stores: Stores,
  tx: Transaction,
  { facts }: PlacedOrder,
  { orderNumber, reason, origin }: RefundInput,
): Promise<readonly string[]> {
  const reservations = await stores.reservations.load(tx, reservationIds(orderNumber, facts));
  const used = [...reservations].flatMap(([reservationId, { state }]) =>
    state.status === 'NONE' ? [] : [{ reservationId, couponId: state.couponId }],
  );
  if (used.length === 0) return [];
  // Given back before by hand, a coupon may have been used for another order since: that use stays.
  const outcomes = await changeCoupons(stores)(
    tx,
    used.map(each => ({
      ...{ ...each, owner: null, change: 'CancelUse' as const, reason: reason ?? `refund of ${orderNumber}`, origin },
    })),
  );
  return used.flatMap(({ couponId }, i) => {
    const outcome = outcomes[i];
    return outcome?.accepted && outcome.value.status === 'ISSUED' ? [couponId] : [];
  });
}

async function putBack(
  stores: Stores,
  tx: Transaction,
  { facts }: PlacedOrder,
  { orderNumber, lines, origin }: RefundInput,
  refundId: string,
): Promise<void> {
  const ids = stockHoldIds(orderNumber, facts);
  const returns = lines.map(({ lineId, quantity }) => {
    const index = facts.lines.findIndex(line => line.lineId === lineId);
    return { holdId: ids[index] as string, returnId: refundId, quantity, origin };
  });
  const outcomes = await returnStock(stores)(tx, returns);
  for (const outcome of outcomes)
    if (!outcome.accepted) throw new Error(`stock of ${orderNumber}: ${outcome.refusal.code}`);
}
