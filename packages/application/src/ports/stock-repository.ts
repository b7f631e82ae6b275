import type { StockItem } from '@org/domain';
import type { AggregateRepository, Versioned } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

/**
 * The figures of options by `stockItemId`. The store itself upholds, against any caller: none of free, held and sold is
 * ever below zero. A breach is an error of the caller and throws.
 */
export interface StockRepository extends AggregateRepository<StockItem> {
  /**
   * Locks the items of up to `limit` holds for which the time of the store has run out, earliest first. Items that
   * somebody else is at are skipped, never waited for.
   */
  lockOverdue(tx: Transaction, limit: number): Promise<ReadonlyMap<string, Versioned<StockItem>>>;
}
