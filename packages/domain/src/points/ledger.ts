import type { PointId } from '../ids.js';

/**
 * The accounts in the book of one user. Points come from ISSUED and wait in PENDING, can be spent in AVAILABLE, are
 * held in HELD for an order, and end in SPENT or EXPIRED. DEBT is what the user owes.
 */
export const ledgerAccounts = ['ISSUED', 'PENDING', 'AVAILABLE', 'HELD', 'SPENT', 'EXPIRED', 'DEBT'] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];

/** Points that go from one account to another, of the same lot: out of one what goes into the other. Never changed. */
export interface PointTransfer {
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly lotId: PointId;
  /** At least 1. */
  readonly points: number;
}

/** Which transfers there are at all; everything else is a mistake. */
export const allowedTransfers: Readonly<Record<LedgerAccount, readonly LedgerAccount[]>> = {
  ISSUED: ['PENDING', 'AVAILABLE', 'DEBT'],
  PENDING: ['AVAILABLE', 'ISSUED'],
  AVAILABLE: ['HELD', 'SPENT', 'EXPIRED', 'ISSUED'],
  HELD: ['AVAILABLE', 'SPENT', 'EXPIRED', 'DEBT'],
  SPENT: ['AVAILABLE', 'EXPIRED', 'DEBT'],
  EXPIRED: ['ISSUED'],
  DEBT: ['ISSUED'],
};

/**
 * What lies in each account, none of it below zero. ISSUED counts what was issued and not taken back, DEBT what is
 * owed: ISSUED + DEBT = PENDING + AVAILABLE + HELD + SPENT + EXPIRED.
 */
export type PointFigures = Readonly<Record<LedgerAccount, number>>;

export const noFigures: PointFigures = { ISSUED: 0, PENDING: 0, AVAILABLE: 0, HELD: 0, SPENT: 0, EXPIRED: 0, DEBT: 0 };

/** Two accounts count what has left them: from them rather than to them. */
const signs: PointFigures = { ISSUED: -1, PENDING: 1, AVAILABLE: 1, HELD: 1, SPENT: 1, EXPIRED: 1, DEBT: -1 };

/** The figures after transfers; from nothing, the recomputation of a whole book. */
export function afterTransfers(
  figures: PointFigures,
  transfers: readonly Pick<PointTransfer, 'from' | 'to' | 'points'>[],
) {
  const next: Record<LedgerAccount, number> = { ...figures };
  for (const { from, to, points } of transfers) {
    next[from] -= signs[from] * points;
    next[to] += signs[to] * points;
  }
  return next satisfies PointFigures;
}

/** Whether the books agree: nothing below zero, and what was issued is somewhere. */
export const isBalanced = (figures: PointFigures): boolean =>
  ledgerAccounts.every(name => figures[name] >= 0) &&
  ledgerAccounts.reduce((sum, name) => sum + signs[name] * figures[name], 0) === 0;
