import type { Transaction } from './unit-of-work.js';

/**
 * Numbers that tell the holder of a lock from those before him, kept where the truth is. They rise for each key, and
 * never come again.
 */
export interface LockFences {
  /** A number for the next holder, the same for all keys: higher than any that one of them ever had. */
  draw(tx: Transaction, keys: readonly string[]): Promise<number>;
  /**
   * Whether nobody came after the holder of this number, for any of the keys. Nobody does until the transaction ends,
   * either: what it writes is written by the last holder.
   */
  holds(tx: Transaction, keys: readonly string[], fence: number): Promise<boolean>;
}
