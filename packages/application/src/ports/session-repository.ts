import type { RefreshToken, Session, Throttle } from '@org/domain';
import type { AggregateRepository } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

/** Sessions by id. */
export interface SessionRepository extends AggregateRepository<Session> {
  /** The ids of the sessions of a user that are open. */
  openOf(tx: Transaction, userId: string): Promise<readonly string[]>;
  /**
   * Deletes up to `limit` sessions, with all their refresh tokens, that could have been used last more than
   * `retentionSeconds` ago by the time of the store; answers how many sessions.
   */
  forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number>;
}

/** Refresh tokens by their digest. A token is written by whoever holds the lock of its session. */
export type RefreshTokenRepository = AggregateRepository<RefreshToken>;

/** Throttles by a name that tells nobody whom it is about. */
export interface ThrottleRepository extends AggregateRepository<Throttle> {
  /** Deletes up to `limit` throttles that nobody has touched for `retentionSeconds`; answers how many. */
  forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number>;
}
