import type { CouponId, PolicyId, UserId } from '../ids.js';
import { type Refusal, refusal } from '../refusal.js';
import { type Instant, localDay, nextLocalDay } from '../time.js';
import type { CouponFacts } from './coupon.js';
import type { PolicyStatus } from './coupon-policy.js';
import type { IssueWay, Limits, PolicyTerms } from './policy.js';
import { issuePeriodRefusal, validityOf } from './validity.js';

/** The running figures of one policy: what the limits are held against. Locked while coupons are issued. */
export interface Campaign {
  readonly policyId: PolicyId;
  /** Coupons ever issued; the last sequence number. */
  readonly issued: number;
  /** The local day that `issuedToday` counts, `YYYY-MM-DD`; null before the first issue. */
  readonly day: string | null;
  readonly issuedToday: number;
  /** Minor units taken by holds and uses. */
  readonly budgetTaken: number;
  /** The budget of the newest version of the policy, minor units; null = no limit. */
  readonly budget: number | null;
}

export type IssueRefusal = Refusal<
  | 'POLICY_NOT_FOUND'
  | 'POLICY_NOT_ACTIVE'
  | 'ISSUE_WAY_NOT_ALLOWED'
  | 'ISSUE_PERIOD_NOT_STARTED'
  | 'ISSUE_PERIOD_OVER'
  | 'VALIDITY_OVER'
  | 'COUPON_ALREADY_ISSUED'
  | 'COUPON_SOLD_OUT'
  | 'DAILY_LIMIT_REACHED'
>;

/** One wish for a coupon. */
export interface IssueRequest {
  readonly couponId: CouponId;
  readonly userId: UserId;
  readonly way: IssueWay;
  readonly code: string | null;
  readonly cause: string | null;
}

export interface IssueContext {
  readonly status: PolicyStatus;
  readonly version: number;
  readonly terms: PolicyTerms;
  readonly at: Instant;
}

export type IssueDecision =
  | { readonly accepted: true; readonly facts: CouponFacts; readonly campaign: Campaign }
  | { readonly accepted: false; readonly refusal: IssueRefusal };

export const emptyCampaign = (policyId: PolicyId, { budget }: Pick<Limits, 'budget'>): Campaign => ({
  policyId,
  budget,
  issued: 0,
  day: null,
  issuedToday: 0,
  budgetTaken: 0,
});

/** Refusals that hold for every user alike, whoever asks: status, way, period, validity. Null = open. */
export function issueClosed({ status, terms, at }: IssueContext, way: IssueWay): IssueRefusal | null {
  if (status !== 'ACTIVE') return refusal('POLICY_NOT_ACTIVE', { status });
  if (!terms.issuance.includes(way)) return refusal('ISSUE_WAY_NOT_ALLOWED', { way, allowed: terms.issuance });
  return issuePeriodRefusal(terms, at);
}

/**
 * Whether this user gets the next coupon. The user's own limit is told before the sell-out, so that a winner who
 * asks again learns that he has one.
 * @param held how many coupons of this policy the user has had so far
 */
export function decideIssue(
  campaign: Campaign,
  context: IssueContext,
  request: IssueRequest,
  held: number,
): IssueDecision {
  const { terms, version, at } = context;
  const { limits, timeZone } = terms;
  const closed = issueClosed(context, request.way);
  if (closed) return { accepted: false, refusal: closed };
  if (limits.perUser !== null && held >= limits.perUser)
    return { accepted: false, refusal: refusal('COUPON_ALREADY_ISSUED', { perUser: limits.perUser }) };
  if (limits.total !== null && campaign.issued >= limits.total)
    return { accepted: false, refusal: refusal('COUPON_SOLD_OUT', { total: limits.total }) };
  const day = localDay(at, timeZone);
  const issuedToday = campaign.day === day ? campaign.issuedToday : 0;
  if (limits.perDay !== null && issuedToday >= limits.perDay) {
    const data = { perDay: limits.perDay, retryAt: nextLocalDay(at, timeZone) };
    return { accepted: false, refusal: refusal('DAILY_LIMIT_REACHED', data) };
  }
  const sequence = campaign.issued + 1;
  const { from, expiresAt } = validityOf(terms, at);
  const { userId, way, code, cause } = request;
  return {
    accepted: true,
    facts: {
      policyId: campaign.policyId,
      policyVersion: version,
      userId,
      sequence,
      ordinal: held + 1,
      way,
      code,
      cause,
      issuedAt: at,
      validFrom: from,
      expiresAt,
    },
    campaign: { ...campaign, issued: sequence, day, issuedToday: issuedToday + 1 },
  };
}

/** A money budget and what is taken of it, minor units. */
export type BudgetFigures = Pick<Campaign, 'budget' | 'budgetTaken'>;

/** Whether `discount` more fits into the money budget; a discount that does not fit is refused, not cut (rule 16). */
export function budgetRefusal(
  { budget, budgetTaken }: BudgetFigures,
  discount: number,
): Refusal<'BUDGET_EXHAUSTED'> | null {
  if (budget === null || budgetTaken + discount <= budget) return null;
  return refusal('BUDGET_EXHAUSTED', { budget, left: Math.max(0, budget - budgetTaken), discount });
}
