import type { Refusal } from '../../refusal.js';
import type { BudgetFigures } from '../campaign.js';
import type { PolicyVersion } from '../policy.js';
import type { Hint } from './hint.js';
import type { TraceStep } from './trace.js';

/** A coupon, or a code that is not redeemed yet, that a cart shall be priced with. */
export interface QuotedCoupon {
  readonly couponId: string | null;
  readonly code: string | null;
  readonly policy: PolicyVersion;
  /** Set by the caller when the coupon cannot be used whatever the cart is: it goes straight to `refused`. */
  readonly unusable?: Refusal;
  /** The budget that it takes from, the same for all coupons of the policy; default: whatever it takes off is affordable. */
  readonly budget?: BudgetFigures;
  /** What it holds of the budget already, minor units: that is its own to take. Default 0. */
  readonly holds?: number;
}

export interface QuotedLine {
  readonly lineId: string;
  readonly gross: number;
  readonly discount: number;
  readonly net: number;
  /** One net per unit; they add up to `net` and differ by at most 1. */
  readonly unitNets: readonly number[];
}

export interface QuotedShipping {
  readonly gross: number;
  readonly discount: number;
  readonly net: number;
}

export interface Allocation {
  readonly lineId: string;
  readonly amount: number;
}

export interface QuotedDiscount {
  readonly policyId: string;
  readonly policyVersion: number;
  readonly couponId: string | null;
  readonly code: string | null;
  readonly amount: number;
  /** By `lineId`, without lines that bear nothing; empty for a discount on shipping. */
  readonly allocations: readonly Allocation[];
}

/** `reason` is a stable code, see `pricingRefusals`. */
export interface RefusedCoupon {
  readonly couponId: string | null;
  readonly code: string | null;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a cart costs with some coupons. All figures are minor units of `currency`. */
export interface Quote {
  readonly currency: string;
  /** In the order of the cart. */
  readonly lines: readonly QuotedLine[];
  readonly shipping: QuotedShipping;
  /** In the order in which they were taken. */
  readonly discounts: readonly QuotedDiscount[];
  readonly pointsUsed: number;
  readonly total: number;
  readonly refused: readonly RefusedCoupon[];
  readonly hints: readonly Hint[];
  readonly trace: readonly TraceStep[];
}
