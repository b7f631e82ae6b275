import type { StockHold } from '@org/domain';
import type { AggregateRepository, Versioned } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

/** Holds on stock by the caller's key. A hold is written by whoever holds the lock of its item. */
export interface StockHoldRepository extends AggregateRepository<StockHold> {
  /**
   * Holds on these items that the time of the store has ended and nobody has written down, earliest first;
   * `limit` null = all of them.
   */
  overdueOf(
    tx: Transaction,
    itemIds: readonly string[],
    limit: number | null,
  ): Promise<ReadonlyMap<string, Versioned<StockHold>>>;
}
