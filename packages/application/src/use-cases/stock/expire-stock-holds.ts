import type { Adapters } from '../../adapters.js';
import type { Origin } from '../../ports/event-log.js';
import { openLockedStock, type StockStores } from './stock-batch.js';

export interface ExpireStockHoldsOptions {
  readonly limit: number;
  readonly origin: Origin;
}

/**
 * Writes down one batch of holds that the time has ended. Items that somebody else is at are skipped, so no post ever
 * waits for it. Answers how many holds were written; fewer than `limit` = none is left for now.
 */
export const expireStockHolds =
  (stores: StockStores & Pick<Adapters, 'unitOfWork'>) =>
  ({ limit, origin }: ExpireStockHoldsOptions): Promise<number> =>
    stores.unitOfWork.run(async tx => {
      const locked = await stores.stock.lockOverdue(tx, limit);
      if (locked.size === 0) return 0;
      const batch = await openLockedStock(stores, tx, locked, []);
      const ended = await batch.settle([...locked.keys()], limit, origin);
      await batch.save();
      return ended;
    });
