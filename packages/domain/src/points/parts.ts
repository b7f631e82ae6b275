import type { Instant } from '../time.js';
import type { LedgerAccount, PointTransfer } from './ledger.js';
import type { PointAccount, PointLot, PointPart } from './point-account.js';

/** The earliest expiry first, no expiry last, ties by earning (points rule 16). */
export const inSpendOrder = (a: PointLot, b: PointLot): number => {
  const [first, second] = [a.expiresAt ?? Number.POSITIVE_INFINITY, b.expiresAt ?? Number.POSITIVE_INFINITY];
  return first === second ? a.position - b.position : first - second;
};

/** The first `points` of some parts. */
export function partsUpTo(parts: readonly PointPart[], points: number): readonly PointPart[] {
  let left = points;
  return parts.flatMap(({ lotId, points: there }) => {
    const taken = Math.min(left, there);
    left -= taken;
    return taken > 0 ? [{ lotId, points: taken }] : [];
  });
}

/** What is left of some parts without the first `points`. */
export function partsAfter(parts: readonly PointPart[], points: number): readonly PointPart[] {
  let skip = points;
  return parts.flatMap(({ lotId, points: there }) => {
    const skipped = Math.min(skip, there);
    skip -= skipped;
    return there > skipped ? [{ lotId, points: there - skipped }] : [];
  });
}

/** Which lots pay `points`; together they have enough. */
export const payingParts = (lots: readonly PointLot[], points: number): readonly PointPart[] =>
  partsUpTo(
    lots
      .filter(({ available }) => available > 0)
      .sort(inSpendOrder)
      .map(({ pointId, available }) => ({ lotId: pointId, points: available })),
    points,
  );

export const transfersOf = (
  from: LedgerAccount,
  to: LedgerAccount,
  parts: readonly PointPart[],
): readonly PointTransfer[] =>
  parts.filter(({ points }) => points > 0).map(({ lotId, points }) => ({ from, to, lotId, points }));

/**
 * Points on their way back to their lots. What a lot owes is paid first; a lot that expired meanwhile is gone, and so
 * is what would have come back to it.
 */
export function backToLots(account: PointAccount, from: 'HELD' | 'SPENT', parts: readonly PointPart[], at: Instant) {
  const transfers: PointTransfer[] = [];
  for (const { lotId, points } of parts) {
    const lot = account.lots.find(({ pointId }) => pointId === lotId);
    if (!lot) throw new Error(`lot ${lotId} was not loaded`);
    const paid = Math.min(points, lot.debt);
    const isOver = lot.expiresAt !== null && lot.expiresAt <= at;
    transfers.push(
      ...transfersOf(from, 'DEBT', [{ lotId, points: paid }]),
      ...transfersOf(from, isOver ? 'EXPIRED' : 'AVAILABLE', [{ lotId, points: points - paid }]),
    );
  }
  return transfers;
}
