import { type Refusal, refusal } from '../refusal.js';
import { endOfLocalDayAfter, type Instant, LAST_INSTANT } from '../time.js';
import type { PolicyTerms, Validity } from './policy.js';

type TimedTerms = Pick<PolicyTerms, 'issuePeriod' | 'validity' | 'timeZone'>;

/** The exclusive end of a fixed window: an inclusive `until` still counts, so the window ends a millisecond later, if there is one. */
export const windowEnd = ({ until, untilInclusive }: Validity): Instant | null =>
  until !== null && untilInclusive ? Math.min(until + 1, LAST_INSTANT) : until;

/**
 * When a coupon issued at `issuedAt` can be used (pricing rule 17): from `from` inclusive to `expiresAt` exclusive,
 * null = for ever. `daysAfterIssue: n` ends with the n-th local day after the day of issue in the policy's time zone;
 * of two ends the earlier counts. A coupon had before its validity begins waits for it.
 */
export function validityOf(
  { validity, timeZone }: Pick<PolicyTerms, 'validity' | 'timeZone'>,
  issuedAt: Instant,
): { readonly from: Instant; readonly expiresAt: Instant | null } {
  const fixedEnd = windowEnd(validity);
  const ownEnd =
    validity.daysAfterIssue === null ? null : endOfLocalDayAfter(issuedAt, validity.daysAfterIssue, timeZone);
  return {
    from: Math.max(validity.from ?? issuedAt, issuedAt),
    expiresAt: fixedEnd === null ? ownEnd : Math.min(fixedEnd, ownEnd ?? fixedEnd),
  };
}

/**
 * Why no coupon of the policy can be had at `now`, null if one can:
 * `ISSUE_PERIOD_NOT_STARTED` with `from`, `ISSUE_PERIOD_OVER` with the exclusive `until`, and `VALIDITY_OVER` with the
 * exclusive `until` for a coupon that would have expired before it could be used.
 */
export function issuePeriodRefusal(
  terms: TimedTerms,
  now: Instant,
): Refusal<'ISSUE_PERIOD_NOT_STARTED' | 'ISSUE_PERIOD_OVER' | 'VALIDITY_OVER'> | null {
  const { from, until } = terms.issuePeriod;
  if (from !== null && now < from) return refusal('ISSUE_PERIOD_NOT_STARTED', { from });
  if (until !== null && now >= until) return refusal('ISSUE_PERIOD_OVER', { until });
  const valid = validityOf(terms, now);
  if (valid.expiresAt !== null && valid.expiresAt <= valid.from)
    return refusal('VALIDITY_OVER', { until: valid.expiresAt });
  return null;
}
