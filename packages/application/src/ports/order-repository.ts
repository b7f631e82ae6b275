import type { Order } from '@org/domain';
import type { AggregateRepository, Versioned } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

/** Orders by their numbers. */
export interface OrderRepository extends AggregateRepository<Order> {
  /**
   * Which of these users have an order that was not cancelled. Nobody else gets an answer about them until the
   * transaction ends, so that only one of two orders at a time can be the first.
   */
  ordered(tx: Transaction, userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Notes which order each payment event tells of: the one for which it was noted first, by anybody, at any time.
   * Events that somebody else is noting are waited for.
   * @param orderNumbers by the ids of the events
   * @returns the order that each of them tells of
   */
  notePayments(tx: Transaction, orderNumbers: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>>;
  /**
   * Locks up to `limit` orders that were not paid by their deadline, by the time of the store, earliest first. Those
   * that somebody else is at are skipped, never waited for.
   */
  lockUnpaid(tx: Transaction, limit: number): Promise<ReadonlyMap<string, Versioned<Order>>>;
  /**
   * Numbers of up to `limit` orders that have been PENDING for so long, or have been over for so long and still have
   * something held; oldest first.
   */
  stuck(tx: Transaction, olderThanSeconds: number, limit: number): Promise<readonly string[]>;
}
