import type { Instant } from '../../time.js';
import { validityOf, windowEnd } from '../validity.js';
import type { PolicyRule } from './rule.js';

const isEmpty = (from: Instant | null, end: Instant | null) => from !== null && end !== null && from >= end;

export const timeRules: readonly PolicyRule[] = [
  {
    field: 'issuePeriod.until',
    reads: ['issuePeriod.from'],
    message: 'must be later than issuePeriod.from',
    isBroken: ({ issuePeriod: { from, until } }) => isEmpty(from, until),
  },
  {
    field: 'validity.until',
    reads: ['validity.from', 'validity.untilInclusive'],
    message: 'must be later than validity.from',
    isBroken: ({ validity }) => isEmpty(validity.from, windowEnd(validity)),
  },
  {
    field: 'validity.until',
    reads: ['issuePeriod.from', 'validity.untilInclusive'],
    message: 'must be later than issuePeriod.from: no coupon could ever be used',
    isBroken: ({ issuePeriod, validity }) => isEmpty(issuePeriod.from, windowEnd(validity)),
  },
  {
    field: 'validity.daysAfterIssue',
    reads: ['issuePeriod', 'validity.from', 'timeZone'],
    message: 'ends before validity.from even for the last coupon issued',
    isBroken: ({ issuePeriod, validity, timeZone }) =>
      issuePeriod.until !== null &&
      isEmpty(
        validity.from,
        validityOf({ validity: { ...validity, until: null }, timeZone }, issuePeriod.until - 1).expiresAt,
      ),
  },
];
