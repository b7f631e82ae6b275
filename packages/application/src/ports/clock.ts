import type { Instant } from '@org/domain';
import type { Transaction } from './unit-of-work.js';

/** The one time that decides: that of the store, the same for all processes. */
export interface Clock {
  /** The time now, not the time at which the transaction began: what waited for a lock sees the time after it. */
  now(tx: Transaction): Promise<Instant>;
}
