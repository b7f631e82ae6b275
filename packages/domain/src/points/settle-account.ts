import type { Instant } from '../time.js';
import { evolve } from './evolve.js';
import { backToLots, transfersOf } from './parts.js';
import type { PointAccount, PointEvent } from './point-account.js';

const isOverdue = (end: Instant | null, at: Instant): end is Instant => end !== null && end <= at;

function* overdue(account: PointAccount, at: Instant): Generator<(now: PointAccount) => PointEvent> {
  for (const { pointId, status, until, parts } of account.spendings)
    if (status === 'HELD' && isOverdue(until, at))
      yield now => ({ type: 'HoldExpired', pointId, at: until, transfers: backToLots(now, 'HELD', parts, until) });
  for (const { pointId, pending, availableAt } of account.lots)
    if (pending > 0 && availableAt <= at) {
      const transfers = transfersOf('PENDING', 'AVAILABLE', [{ lotId: pointId, points: pending }]);
      yield () => ({ type: 'PointsMatured', pointId, points: pending, at: availableAt, transfers });
    }
}

/**
 * The account as the time has made it: holds that are over, lots that have matured or expired, whether or not somebody
 * has written it down yet. Each happened at its own time; the events say what is still to be written.
 */
export function settleAccount(account: PointAccount, at: Instant) {
  const events: PointEvent[] = [];
  let now = account;
  const happen = (event: PointEvent) => {
    events.push(event);
    now = evolve(now, event);
  };
  for (const eventOn of overdue(account, at)) happen(eventOn(now));
  for (const { pointId, available, expiresAt } of now.lots)
    if (available > 0 && isOverdue(expiresAt, at)) {
      const transfers = transfersOf('AVAILABLE', 'EXPIRED', [{ lotId: pointId, points: available }]);
      happen({ type: 'PointsExpired', pointId, points: available, at: expiresAt, transfers });
    }
  return { account: now, events } as const;
}
