import type { CouponStatus, Instant, IssuedCoupon, PolicyStatus, PolicyTerms, Refusal } from '@org/domain';

export interface Page {
  readonly limit: number;
  /** `nextCursor` of the page before; null = from the start. */
  readonly cursor: string | null;
}

export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PolicyView {
  readonly policyId: string;
  /** Number of the terms. */
  readonly version: number;
  /** Number of the aggregate's state, for If-Match. */
  readonly revision: number;
  readonly status: PolicyStatus;
  readonly terms: PolicyTerms;
  readonly createdAt: Instant;
}

/** Coupons of a policy by what they are now, by the time of the store; money in minor units. */
export interface PolicyStatistics {
  readonly policyId: string;
  readonly issued: number;
  readonly available: number;
  readonly reserved: number;
  readonly used: number;
  readonly expired: number;
  readonly revoked: number;
  /** Still to be had; null = no limit. */
  readonly remaining: number | null;
  readonly budgetTaken: number;
}

export interface CodeView {
  readonly code: string;
  readonly status: 'AVAILABLE' | 'REDEEMED';
}

export interface CodeJobView {
  readonly jobId: string;
  readonly policyId: string;
  readonly status: 'RUNNING' | 'DONE' | 'FAILED';
  readonly created: number;
  readonly count: number;
}

/** What became of a request so far. */
export type CouponRequestView = {
  readonly requestId: string;
  readonly policyId: string;
  readonly userId: string;
} & (
  | { readonly status: 'PENDING' }
  /** The coupon as it is now. */
  | { readonly status: 'ISSUED'; readonly coupon: IssuedCoupon }
  | { readonly status: 'REFUSED'; readonly refusal: Refusal }
);

/**
 * Reading without loading aggregates; newest first where there is no other order. Statuses are what the time of the
 * store makes of them: an overdue coupon is EXPIRED before any job writes it down, an overdue hold is over.
 */
export interface CouponQueries {
  policy(policyId: string): Promise<PolicyView | null>;
  policies(filter: { readonly status: PolicyStatus | null } & Page): Promise<Paged<PolicyView>>;
  coupon(couponId: string): Promise<IssuedCoupon | null>;
  couponsOfUser(
    filter: { readonly userId: string; readonly status: CouponStatus | null } & Page,
  ): Promise<Paged<IssuedCoupon>>;
  /** Null also for a request of somebody else than `userId`; null = anybody's. */
  request(requestId: string, userId: string | null): Promise<CouponRequestView | null>;
  statistics(policyId: string): Promise<PolicyStatistics | null>;
  /** How many coupons of the policy were ever issued: one cheap look-up. */
  issued(policyId: string): Promise<number>;
  /** In the order of creation. */
  codes(filter: { readonly policyId: string } & Page): Promise<Paged<CodeView>>;
  codeJob(jobId: string): Promise<CodeJobView | null>;
  /** How many users hold how many coupons of the policy, as pairs; null when there are more than `limit` holders. */
  holders(policyId: string, limit: number): Promise<ReadonlyMap<string, number> | null>;
  /** The time of the store. */
  now(): Promise<Instant>;
}
