import type { Coupon } from '@org/domain';
import type { AggregateRepository, Versioned } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

/** One user and one policy. */
export interface Holder {
  readonly policyId: string;
  readonly userId: string;
}

/**
 * Coupons by id. The store itself upholds, against any caller: sequence and ordinal are unique per policy, one
 * coupon per policy, user and cause. A breach is an error of the caller and throws.
 */
export interface CouponRepository extends AggregateRepository<Coupon> {
  /** How many coupons of the policy each user has had so far, whatever became of them; in the same order. */
  held(tx: Transaction, holders: readonly Holder[]): Promise<readonly number[]>;
  /** The coupon of each `(policy, user, cause)` that was served before; null = none. In the same order. */
  servedBefore(
    tx: Transaction,
    causes: readonly (Holder & { readonly cause: string })[],
  ): Promise<readonly (string | null)[]>;
  /**
   * Locks up to `limit` coupons for which the time of the store has run out (a hold that is over, a coupon that is
   * expired), earliest first. Those that somebody else is at are skipped, never waited for.
   */
  lockOverdue(tx: Transaction, kind: 'HOLD' | 'COUPON', limit: number): Promise<ReadonlyMap<string, Versioned<Coupon>>>;
}
