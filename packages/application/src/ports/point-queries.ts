import type { PointBalance, PointEntry, PointLot } from '@org/domain';
import type { Page, Paged } from './coupon-queries.js';

/** Reading points without a lock, by the time of the store: no figure waits for a job. */
export interface PointQueries {
  /** A user who never had any has zero. */
  balance(userId: string): Promise<PointBalance>;
  /** What was written down, newest first. */
  history(filter: { readonly userId: string } & Page): Promise<Paged<PointEntry>>;
  /** Lots that have something left, in the order in which they are spent. */
  lots(filter: { readonly userId: string } & Page): Promise<Paged<PointLot>>;
}
