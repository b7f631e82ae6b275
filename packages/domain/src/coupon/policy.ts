import type { PolicyId } from '../ids.js';
import type { Instant } from '../time.js';

/** How a coupon of the policy can be had. */
export type IssueWay = 'FIRST_COME' | 'CODE' | 'DOWNLOAD' | 'EVENT';
export type Weekday = 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';
export type RoundingMode = 'HALF_UP' | 'HALF_EVEN' | 'HALF_DOWN' | 'UP' | 'DOWN';

/** `unit` in minor units: `{ mode: 'DOWN', unit: 10 }` cuts to 10 won. */
export interface Rounding {
  readonly mode: RoundingMode;
  readonly unit: number;
}

/** Which of the eligible units a discount touches (pricing rule 8); null = no restriction. */
export interface UnitSelection {
  readonly everyNthUnit: number | null;
  readonly groupSize: number | null;
  readonly maxUnits: number | null;
  readonly maxUnitsPer: 'ORDER' | 'LINE';
}

/** A decimal as text, `"12.5"`, above 0 and at most 100, at most 4 decimals. */
export type Percent = string;

export type Tier =
  | { readonly from: number; readonly amount: number }
  | { readonly from: number; readonly percent: Percent };

export type Discount =
  | ({
      readonly type: 'PERCENTAGE';
      readonly percent: Percent;
      readonly maxAmount: number | null;
      readonly rounding: Rounding;
    } & UnitSelection)
  | ({ readonly type: 'FIXED_AMOUNT'; readonly amount: number; readonly allocation: 'ACROSS' | 'EACH' } & UnitSelection)
  | {
      readonly type: 'TIERED';
      readonly tiers: readonly Tier[];
      readonly maxAmount: number | null;
      readonly rounding: Rounding;
    }
  | {
      readonly type: 'BUY_X_GET_Y';
      readonly buyQuantity: number;
      readonly getQuantity: number;
      readonly percentOff: Percent;
      /** The buy side; empty = every eligible unit. */
      readonly products: readonly string[];
      readonly getProducts: readonly string[];
      readonly getCategories: readonly string[];
      readonly getOrder: 'CHEAPEST' | 'DEAREST';
      readonly maxAmount: number | null;
      readonly rounding: Rounding;
    }
  | { readonly type: 'FREE_SHIPPING'; readonly maxAmount: number | null };

/** `include` empty = all; `exclude` wins. */
export interface Selection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface Conditions {
  readonly minimumOrder: {
    readonly amount: number;
    readonly comparison: 'GT' | 'GTE';
    readonly base: 'INITIAL' | 'REMAINING';
  } | null;
  readonly minimumQuantity: number | null;
  readonly requires: { readonly products: readonly string[]; readonly categories: readonly string[] };
  readonly products: Selection;
  readonly categories: Selection;
  readonly channels: Selection;
  readonly segments: Selection;
  readonly excludeSaleItems: boolean;
  /** Local to `timeZone`; empty = every day. */
  readonly weekdays: readonly Weekday[];
  /** Local to `timeZone`, `HH:MM`; `until` is exclusive and may be smaller than `from` (over midnight). */
  readonly hours: { readonly from: string; readonly until: string } | null;
  readonly firstOrderOnly: boolean;
}

/** null = no limit. `perDay` counts issued coupons of the policy per local day; `budget` is the sum of real discounts. */
export interface Limits {
  readonly total: number | null;
  readonly perUser: number | null;
  readonly perDay: number | null;
  readonly budget: number | null;
}

export interface Validity {
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly untilInclusive: boolean;
  readonly daysAfterIssue: number | null;
}

/** When a coupon can be had: `from` inclusive, `until` exclusive; null = open. */
export interface IssuePeriod {
  readonly from: Instant | null;
  readonly until: Instant | null;
}

export interface Stacking {
  readonly mode: 'STACKABLE' | 'EXCLUSIVE';
  readonly group: string | null;
  /** Higher first. */
  readonly priority: number;
  readonly percentBase: 'INITIAL' | 'REMAINING';
}

/** All that one version of a policy says. Immutable: an edit of an active policy makes the next version. */
export interface PolicyTerms {
  readonly name: string;
  readonly description: string;
  /** A code that all users share, normalised; null = none. Unique among the policies of the shop. */
  readonly code: string | null;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly discount: Discount;
  readonly conditions: Conditions;
  readonly limits: Limits;
  readonly issuance: readonly IssueWay[];
  readonly issuePeriod: IssuePeriod;
  readonly validity: Validity;
  readonly stacking: Stacking;
  readonly restoreOnCancel: boolean;
  readonly refund: 'NONE' | 'PROPORTIONAL' | 'THRESHOLD_CLAWBACK';
}

/** One immutable version of a policy: what an issued coupon is pinned to. */
export interface PolicyVersion {
  readonly policyId: PolicyId;
  readonly version: number;
  readonly terms: PolicyTerms;
}
