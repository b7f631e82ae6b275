import type { Adapters } from '../../adapters.js';
import type { Origin } from '../../ports/event-log.js';
import { openLocked } from './coupon-batch.js';

type Stores = Pick<Adapters, 'unitOfWork' | 'clock' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'events'>;

/**
 * Writes down one batch of what the time has decided already: holds that are over, coupons that are expired.
 * Coupons that somebody else is at are skipped, so no confirm ever waits for it. Answers how many were written;
 * fewer than `limit` = none is left for now.
 */
export const expireOverdue =
  (stores: Stores) =>
  (kind: 'HOLD' | 'COUPON', { limit, origin }: { readonly limit: number; readonly origin: Origin }): Promise<number> =>
    stores.unitOfWork.run(async tx => {
      const overdue = await stores.coupons.lockOverdue(tx, kind, limit);
      if (overdue.size === 0) return 0;
      const batch = await openLocked(stores, tx, overdue, []);
      for (const id of overdue.keys()) batch.decide(id, { type: 'Expire', at: batch.now }, origin);
      await batch.save();
      return overdue.size;
    });
