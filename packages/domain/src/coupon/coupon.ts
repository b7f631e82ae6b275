import type { Transitions } from '../decider.js';
import type { CouponId, PolicyId, ReservationId, UserId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import type { IssueWay } from './policy.js';

/** What is true of a coupon from its issue to its end. */
export interface CouponFacts {
  readonly policyId: PolicyId;
  /** The version of the terms that this coupon is pinned to. */
  readonly policyVersion: number;
  readonly userId: UserId;
  /** Place among all coupons of the policy, from 1, without gaps. */
  readonly sequence: number;
  /** Place among the user's own coupons of the policy, from 1: what the limit per user counts. */
  readonly ordinal: number;
  readonly way: IssueWay;
  /** The unique code that it was redeemed with, normalised; null = none. */
  readonly code: string | null;
  /** The id of the business event that it was issued for; null = none. One coupon per policy, user and cause. */
  readonly cause: string | null;
  readonly issuedAt: Instant;
  readonly validFrom: Instant;
  /** Exclusive; null = never. */
  readonly expiresAt: Instant | null;
}

/** A hold on a coupon for one order. `discount` in minor units is what it took from the policy's budget. */
export interface Hold {
  readonly reservationId: ReservationId;
  readonly orderNumber: string;
  readonly discount: number;
  /** Exclusive. From this instant on, by the time of the database, the hold is over. */
  readonly until: Instant;
}

/** A use of a coupon in one order. `reservationId` tells the hold that became it. */
export interface Use {
  readonly orderNumber: string;
  readonly discount: number;
  readonly usedAt: Instant;
  readonly reservationId: ReservationId | null;
  /** When the use was cancelled although the coupon stays used (`restoreOnCancel: false`). */
  readonly cancelledAt: Instant | null;
}

export type Coupon =
  | { readonly status: 'NONE' }
  | { readonly status: 'ISSUED'; readonly facts: CouponFacts }
  | { readonly status: 'RESERVED'; readonly facts: CouponFacts; readonly hold: Hold }
  | { readonly status: 'USED'; readonly facts: CouponFacts; readonly use: Use }
  | { readonly status: 'EXPIRED'; readonly facts: CouponFacts; readonly at: Instant }
  | { readonly status: 'REVOKED'; readonly facts: CouponFacts; readonly at: Instant; readonly reason: string };

export type CouponStatus = Exclude<Coupon['status'], 'NONE'>;
export type IssuedCoupon = Exclude<Coupon, { status: 'NONE' }> & { readonly id: CouponId };

export type CouponCommand =
  | { readonly type: 'Issue'; readonly facts: CouponFacts }
  | {
      readonly type: 'Reserve';
      readonly reservationId: ReservationId;
      readonly orderNumber: string;
      readonly discount: number;
      readonly until: Instant;
      readonly at: Instant;
    }
  | { readonly type: 'Confirm' | 'Release'; readonly reservationId: ReservationId; readonly at: Instant }
  | { readonly type: 'Use'; readonly orderNumber: string; readonly discount: number; readonly at: Instant }
  | {
      readonly type: 'CancelUse';
      /** The use that came of this reservation and no other; null = whichever it is. */
      readonly reservationId: ReservationId | null;
      readonly restore: boolean;
      readonly reason: string;
      readonly at: Instant;
    }
  | { readonly type: 'Revoke'; readonly reason: string; readonly at: Instant }
  /** Writes down what the time already decided: an overdue hold ends, an overdue coupon expires. */
  | { readonly type: 'Expire'; readonly at: Instant };

export type CouponEvent =
  | ({ readonly type: 'CouponIssued' } & CouponFacts)
  | ({ readonly type: 'CouponReserved'; readonly at: Instant } & Hold)
  | { readonly type: 'ReservationConfirmed'; readonly reservationId: ReservationId; readonly at: Instant }
  | { readonly type: 'ReservationReleased'; readonly reservationId: ReservationId; readonly at: Instant }
  | { readonly type: 'ReservationExpired'; readonly reservationId: ReservationId; readonly at: Instant }
  | { readonly type: 'CouponUsed'; readonly orderNumber: string; readonly discount: number; readonly at: Instant }
  | { readonly type: 'UseCancelled'; readonly restored: boolean; readonly reason: string; readonly at: Instant }
  | { readonly type: 'CouponExpired'; readonly at: Instant }
  | { readonly type: 'CouponRevoked'; readonly reason: string; readonly at: Instant };

export type CouponRefusal = Refusal<
  | 'COUPON_NOT_FOUND'
  | 'COUPON_ALREADY_EXISTS'
  | 'COUPON_NOT_YET_VALID'
  | 'COUPON_EXPIRED'
  | 'COUPON_USED'
  | 'COUPON_REVOKED'
  | 'COUPON_RESERVED'
  | 'COUPON_NOT_USED'
  | 'USE_ALREADY_CANCELLED'
  | 'RESERVATION_EXPIRED'
  | 'RESERVATION_NOT_ACTIVE'
>;

/** Which events may follow each status, and where they lead. EXPIRED and REVOKED are final. */
export const couponTransitions = {
  NONE: { CouponIssued: 'ISSUED' },
  ISSUED: { CouponReserved: 'RESERVED', CouponUsed: 'USED', CouponExpired: 'EXPIRED', CouponRevoked: 'REVOKED' },
  RESERVED: { ReservationConfirmed: 'USED', ReservationReleased: 'ISSUED', ReservationExpired: 'ISSUED' },
  USED: { UseCancelled: ['ISSUED', 'USED'] },
  EXPIRED: {},
  REVOKED: {},
} as const satisfies Transitions<Coupon['status'], CouponEvent['type']>;
