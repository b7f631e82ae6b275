import type { Adapters } from '../../adapters.js';
import type { Origin } from '../../ports/event-log.js';
import { openAccounts, type PointStores } from './point-batch.js';

/**
 * Writes down one batch of what the time has decided already: holds that are over, points that have matured or expired.
 * Accounts that somebody else is at are skipped. Answers how many were written; fewer than
 * `limit` = nothing is left that could not wait for the next run.
 */
export const settlePoints =
  (stores: PointStores & Pick<Adapters, 'unitOfWork'>) =>
  ({ limit, origin }: { readonly limit: number; readonly origin: Origin }): Promise<number> =>
    stores.unitOfWork.run(async tx => {
      const overdue = await stores.pointLedger.lockOverdue(tx, limit);
      if (overdue.size === 0) return 0;
      const batch = await openAccounts(stores, tx, overdue);
      for (const userId of overdue.keys()) batch.decide(userId, { type: 'Settle', at: batch.now }, origin);
      await batch.save();
      return overdue.size;
    });
