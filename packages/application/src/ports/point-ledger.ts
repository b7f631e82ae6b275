import type { Instant, PointAccount, PointEntry, PointEvent, PointSpendingStatus } from '@org/domain';
import type { Versioned } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

/** The book of a user, and what commands name of it. */
export interface WantedAccount {
  readonly userId: string;
  /** Earnings and spendings that must be there, alive or not. */
  readonly pointIds: readonly string[];
  /** The same for those that have one of these keys, of whatever kind. */
  readonly keys: readonly string[];
}

/** What happened to one account: what is stored at `expectedVersion` becomes `version`, one step for every event. */
export interface PointPosting {
  readonly userId: string;
  readonly expectedVersion: number;
  readonly version: number;
  /** In order; their transfers are what moves points. */
  readonly events: readonly PointEvent[];
  /** The account after them, as far as it was loaded. */
  readonly account: PointAccount;
  /** Lines of the history, each with the version that it belongs to. */
  readonly entries: readonly (PointEntry & { readonly sequence: number })[];
}

/** The hold of a user under one key. */
export interface PointHoldRef {
  readonly userId: string;
  readonly key: string;
}

export interface StoredPointHold {
  readonly pointId: string;
  readonly status: PointSpendingStatus;
  /** Exclusive; by the time of the store a hold is over from then on, written down or not. */
  readonly until: Instant;
}

/** What a user was given with an order. */
export interface OrderEarning {
  readonly pointId: string;
  readonly points: number;
  /** How many of them were taken back so far. */
  readonly reversed: number;
  readonly status: 'EARNED' | 'CANCELLED';
}

/**
 * Double-entry books, one per user. Transfers are written once and never changed. The store itself upholds, against
 * any caller: what lies in an account is what transfers have brought there, none is below zero, the books balance, and
 * a key is unique per user and kind. A breach is an error of the caller and throws.
 */
export interface PointLedger {
  /** Whose earning or spending each id is; ids that nobody has are not in the answer. */
  owners(tx: Transaction, pointIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Locks accounts until the transaction ends, in the order of the users. Every user is in the answer, with all lots
   * that have points or debts, all holds that are not ended, what is wanted, and the lots that these have taken from.
   */
  lock(tx: Transaction, wanted: readonly WantedAccount[]): Promise<ReadonlyMap<string, Versioned<PointAccount>>>;
  /** Answers the users that were written; the rest met a newer version, and nothing of them was written. */
  post(tx: Transaction, postings: readonly PointPosting[]): Promise<ReadonlySet<string>>;
  /** Holds by their keys, in the same order, read without a lock; null = there is none. */
  holds(tx: Transaction, refs: readonly PointHoldRef[]): Promise<readonly (StoredPointHold | null)[]>;
  /** The earnings of a user that name the order, read without a lock, in the order in which they were earned. */
  earnedWith(tx: Transaction, userId: string, orderNumber: string): Promise<readonly OrderEarning[]>;
  /**
   * Locks up to `limit` accounts for which the time of the store has something to write down: a hold that is over, a
   * lot that has matured or expired. Those that somebody else is at are skipped, never waited for.
   */
  lockOverdue(tx: Transaction, limit: number): Promise<ReadonlyMap<string, Versioned<PointAccount>>>;
}
