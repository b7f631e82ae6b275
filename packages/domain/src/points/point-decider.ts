import { accept, type Decider, type Decision, refuse } from '../decider.js';
import { refusal } from '../refusal.js';
import { emptyAccount, evolve } from './evolve.js';
import type { PointTransfer } from './ledger.js';
import { backToLots, partsAfter, partsUpTo, payingParts, transfersOf } from './parts.js';
import type {
  PointAccount,
  PointCommand,
  PointEvent,
  PointLot,
  PointRefusal,
  PointSpending,
  PointSpendingKind,
} from './point-account.js';
import { settleAccount } from './settle-account.js';

type Decided = Decision<PointEvent, PointRefusal>;
type Command<Type extends PointCommand['type']> = Extract<PointCommand, { type: Type }>;

const lotOf = ({ lots }: PointAccount, id: string) => lots.find(({ pointId }) => pointId === id);
const spendingOf = ({ spendings }: PointAccount, id: string) => spendings.find(({ pointId }) => pointId === id);
const notFound = (pointId: string) => refuse(refusal('POINT_NOT_FOUND', { pointId }));

/** The same again changes nothing, other content under the same key is refused (points rule 15). */
function sameAgain(
  before: Pick<PointLot | PointSpending, 'content' | 'pointId'>,
  { key, content }: { readonly key: string; readonly content: string },
): Decided {
  if (before.content === content) return accept();
  return refuse(refusal('POINT_KEY_REUSED', { key, pointId: before.pointId }));
}

const inOrder = (a: PointLot, b: PointLot) => a.position - b.position;

/** An earning pays debts, the oldest first, before anything of it can be spent (points rule 17). */
function payDebts(
  lots: readonly PointLot[],
  points: number,
): { readonly paid: number; readonly transfers: PointTransfer[] } {
  const transfers: PointTransfer[] = [];
  let left = points;
  for (const { pointId, debt } of lots.filter(lot => lot.debt > 0).sort(inOrder)) {
    const paid = Math.min(left, debt);
    left -= paid;
    transfers.push(...transfersOf('ISSUED', 'DEBT', [{ lotId: pointId, points: paid }]));
  }
  return { paid: points - left, transfers };
}

function earn(account: PointAccount, command: Command<'Earn'>): Decided {
  const before = account.lots.find(({ key }) => key === command.key);
  if (before) return sameAgain(before, command);
  const { pointId, points, expiresAt, at, type: _, ...rest } = command;
  const availableAt = Math.max(command.availableAt ?? at, at);
  if (expiresAt !== null && expiresAt <= availableAt)
    return refuse(refusal('POINTS_NEVER_USABLE', { availableAt, expiresAt }));
  const issued = account.figures.ISSUED + account.figures.DEBT;
  if (issued + points > Number.MAX_SAFE_INTEGER) return refuse(refusal('POINT_LIMIT_REACHED', { points, issued }));
  const { paid, transfers } = payDebts(account.lots, points);
  const kept = [{ lotId: pointId, points: points - paid }];
  transfers.push(...transfersOf('ISSUED', availableAt > at ? 'PENDING' : 'AVAILABLE', kept));
  return accept({ ...rest, type: 'PointsEarned', pointId, points, availableAt, expiresAt, at, transfers });
}

const keyKinds = { Use: 'USE', Hold: 'HOLD' } as const satisfies Record<string, PointSpendingKind>;

function spend(account: PointAccount, command: Command<'Use' | 'Hold'>): Decided {
  const before = account.spendings.find(({ kind, key }) => kind === keyKinds[command.type] && key === command.key);
  if (before) return sameAgain(before, command);
  const { points } = command;
  const available = account.figures.AVAILABLE;
  if (points > available) return refuse(refusal('INSUFFICIENT_POINTS', { points, available }));
  const parts = payingParts(account.lots, points);
  if (command.type === 'Use')
    return accept({ ...command, type: 'PointsUsed', transfers: transfersOf('AVAILABLE', 'SPENT', parts) });
  return accept({ ...command, type: 'PointsHeld', transfers: transfersOf('AVAILABLE', 'HELD', parts) });
}

function post(account: PointAccount, { pointId, points, at }: Command<'Post'>): Decided {
  const hold = spendingOf(account, pointId);
  if (hold?.kind !== 'HOLD') return notFound(pointId);
  const { status, points: held, parts } = hold;
  const wanted = points ?? held;
  if (status === 'POSTED' && (points === null || points === held)) return accept();
  if (status === 'EXPIRED') return refuse(refusal('POINT_HOLD_EXPIRED', { pointId, until: hold.until }));
  if (status !== 'HELD') return refuse(refusal('POINT_HOLD_NOT_ACTIVE', { pointId, status }));
  if (wanted > held) return refuse(refusal('POINT_HOLD_EXCEEDED', { pointId, points: wanted, held }));
  const spent = transfersOf('HELD', 'SPENT', partsUpTo(parts, wanted));
  const rest = backToLots(account, 'HELD', partsAfter(parts, wanted), at);
  return accept({ type: 'HoldPosted', pointId, points: wanted, at, transfers: [...spent, ...rest] });
}

function voidHold(account: PointAccount, { pointId, at }: Command<'Void'>): Decided {
  const hold = spendingOf(account, pointId);
  if (hold?.kind !== 'HOLD') return notFound(pointId);
  const { status, parts } = hold;
  // What the time has ended already is as free as the caller wants it.
  if (status === 'VOIDED' || status === 'EXPIRED') return accept();
  if (status !== 'HELD') return refuse(refusal('POINT_HOLD_NOT_ACTIVE', { pointId, status }));
  return accept({ type: 'HoldVoided', pointId, at, transfers: backToLots(account, 'HELD', parts, at) });
}

/** The last `points` of a spending that have not come back yet: what was spent last comes back first. */
function giveBack(account: PointAccount, { parts, returned }: PointSpending, points: number, at: number) {
  const fromTheEnd = partsUpTo(partsAfter([...parts].reverse(), returned), points);
  return backToLots(account, 'SPENT', fromTheEnd, at);
}

/** Takes back from an earning what is left of it; what is gone is owed. What expired was nobody's any more. */
function takeBack({ pointId, available, pending, expired }: PointLot, points: number) {
  let left = points;
  const take = (from: 'AVAILABLE' | 'PENDING' | 'EXPIRED' | 'DEBT', there: number) => {
    const taken = Math.min(left, there);
    left -= taken;
    return transfersOf(from, 'ISSUED', [{ lotId: pointId, points: taken }]);
  };
  const transfers = [...take('AVAILABLE', available), ...take('PENDING', pending), ...take('EXPIRED', expired)];
  const owed = left;
  return { owed, transfers: [...transfers, ...take('DEBT', left)] };
}

function cancel(account: PointAccount, { pointId, reason, debt, at }: Command<'Cancel'>): Decided {
  const lot = lotOf(account, pointId);
  if (lot) {
    if (lot.status === 'CANCELLED') return accept();
    const points = lot.points - lot.reversed;
    const { owed, transfers } = takeBack(lot, points);
    if (owed > 0 && debt === 'REFUSED') return refuse(refusal('POINTS_SPENT', { pointId, spent: owed }));
    return accept({ type: 'EarningCancelled', pointId, points, reason, at, transfers });
  }
  const spending = spendingOf(account, pointId);
  if (!spending) return notFound(pointId);
  const { kind, status, points, returned } = spending;
  if (status === 'CANCELLED') return accept();
  // What an order has spent comes back by its refunds, which would find nothing left.
  if (status !== 'POSTED' || kind === 'HOLD') return refuse(refusal('POINT_NOT_CANCELLABLE', { pointId, status }));
  const transfers = giveBack(account, spending, points - returned, at);
  return accept({ type: 'UseCancelled', pointId, points: points - returned, reason, at, transfers });
}

function alreadyDone(
  { reversals, pointId }: PointLot | PointSpending,
  { key, points }: Command<'Return' | 'Reverse'>,
): Decided | null {
  const before = reversals.find(reversal => reversal.key === key);
  if (!before) return null;
  return before.points === points ? accept() : refuse(refusal('POINT_KEY_REUSED', { key, pointId }));
}

function returnPart(account: PointAccount, command: Command<'Return'>): Decided {
  const { pointId, points, key, at } = command;
  const spending = spendingOf(account, pointId);
  if (!spending) return notFound(pointId);
  const done = alreadyDone(spending, command);
  if (done) return done;
  const left = spending.status === 'POSTED' ? spending.points - spending.returned : 0;
  if (points > left) return refuse(refusal('POINTS_NOT_RETURNABLE', { pointId, points, left }));
  return accept({ type: 'UseReturned', pointId, points, key, at, transfers: giveBack(account, spending, points, at) });
}

function reversePart(account: PointAccount, command: Command<'Reverse'>): Decided {
  const { pointId, points, key, debt, at } = command;
  const lot = lotOf(account, pointId);
  if (!lot) return notFound(pointId);
  const done = alreadyDone(lot, command);
  if (done) return done;
  const left = lot.status === 'EARNED' ? lot.points - lot.reversed : 0;
  if (points > left) return refuse(refusal('POINTS_NOT_RETURNABLE', { pointId, points, left }));
  const { owed, transfers } = takeBack(lot, points);
  if (owed > 0 && debt === 'REFUSED') return refuse(refusal('POINTS_SPENT', { pointId, spent: owed }));
  return accept({ type: 'EarningReversed', pointId, points, key, at, transfers });
}

function decideSettled(account: PointAccount, command: PointCommand): Decided {
  switch (command.type) {
    case 'Earn':
      return earn(account, command);
    case 'Use':
    case 'Hold':
      return spend(account, command);
    case 'Post':
      return post(account, command);
    case 'Void':
      return voidHold(account, command);
    case 'Cancel':
      return cancel(account, command);
    case 'Return':
      return returnPart(account, command);
    case 'Reverse':
      return reversePart(account, command);
    case 'Settle':
      return accept();
  }
}

/** The rules of one user's points. Times go by the command, which carries the time of the database. */
export const points: Decider<PointAccount, PointCommand, PointEvent, PointRefusal> = {
  initial: emptyAccount,
  decide(stored, command) {
    const { account, events } = settleAccount(stored, command.at);
    const decision = decideSettled(account, command);
    return decision.accepted ? accept(...events, ...decision.events) : decision;
  },
  evolve,
};
