import type { PointId } from '../ids.js';
import { partOf } from '../money.js';
import type { Instant } from '../time.js';
import { inSpendOrder } from './parts.js';
import type { PointAccount, PointEvent, PointLot } from './point-account.js';
import { settleAccount } from './settle-account.js';

/** What a user has: to spend, held for orders, not to be spent yet; and what he owes. */
export interface PointBalance {
  readonly available: number;
  readonly held: number;
  readonly pending: number;
  readonly debt: number;
}

/** The balance by the time `at`, written down already or not. */
export function balanceOf(account: PointAccount, at: Instant): PointBalance {
  const { AVAILABLE, HELD, PENDING, DEBT } = settleAccount(account, at).account.figures;
  return { available: AVAILABLE, held: HELD, pending: PENDING, debt: DEBT };
}

/** Lots that have something left by the time `at`, in the order in which they are spent. */
export const lotsLeft = (account: PointAccount, at: Instant): readonly PointLot[] =>
  settleAccount(account, at)
    .account.lots.filter(lot => remainingOf(lot) > 0)
    .sort(inSpendOrder);

/** What is left of a lot and not held. */
export const remainingOf = ({ pending, available }: PointLot): number => pending + available;

export type PointEntryType = 'EARN' | 'MATURE' | 'USE' | 'CANCEL' | 'RETURN' | 'REVERSE' | 'EXPIRE';

/** One line of a user's history. Written once. */
export interface PointEntry {
  readonly pointId: PointId;
  readonly type: PointEntryType;
  /** Never below zero: the type tells the direction. */
  readonly points: number;
  /** Available after it. */
  readonly balance: number;
  readonly orderNumber: string | null;
  readonly at: Instant;
}

/** What the history tells of each event; holds are no part of it until they are posted. */
const entryTypes: Readonly<Partial<Record<PointEvent['type'], PointEntryType>>> = {
  PointsEarned: 'EARN',
  PointsMatured: 'MATURE',
  PointsUsed: 'USE',
  HoldPosted: 'USE',
  UseCancelled: 'CANCEL',
  EarningCancelled: 'CANCEL',
  UseReturned: 'RETURN',
  EarningReversed: 'REVERSE',
  PointsExpired: 'EXPIRE',
};

/** The line of an event that has led to `after`; null = it has none. */
export function entryOf(event: PointEvent, after: PointAccount): PointEntry | null {
  const type = entryTypes[event.type];
  if (!type || !('points' in event)) return null;
  const { pointId, points, at } = event;
  const about = [...after.lots, ...after.spendings].find(each => each.pointId === pointId);
  const { orderNumber = null } = about ?? {};
  return { pointId, type, points, balance: after.figures.AVAILABLE, orderNumber, at };
}

/**
 * The share of `total` points that goes with this refund: in proportion, and exact in sum, because what all refunds
 * so far come to is rounded, not each of them. `before` and `now` are parts of `whole` (money, minor units).
 */
export const shareOfRefund = (total: number, refund: { before: number; now: number; whole: number }): number =>
  partOf(total, refund.before + refund.now, refund.whole) - partOf(total, refund.before, refund.whole);
