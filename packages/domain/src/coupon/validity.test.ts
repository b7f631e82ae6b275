import { definePolicy } from './define-policy.js';
import type { PolicyTerms } from './policy.js';
import { issuePeriodRefusal, validityOf } from './validity.js';

const at = (text: string) => Date.parse(text);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

type Times = Partial<Record<'issueFrom' | 'issueUntil' | 'from' | 'until', string>> & {
  untilInclusive?: boolean;
  daysAfterIssue?: number;
  timeZone?: string;
};
function termsWith({
  issueFrom,
  issueUntil,
  from,
  until,
  untilInclusive,
  daysAfterIssue,
  timeZone,
}: Times): PolicyTerms {
  const instant = (text: string | undefined) => (text === undefined ? null : at(text));
  const checked = definePolicy({
    ...{ name: 'Times', currency: 'KRW', discount: { type: 'FREE_SHIPPING' }, issuance: ['DOWNLOAD'], timeZone },
    issuePeriod: { from: instant(issueFrom), until: instant(issueUntil) },
    validity: { from: instant(from), until: instant(until), untilInclusive, daysAfterIssue },
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.violations));
  return checked.value;
}

describe('rule 17: validity says when a coupon can be used', () => {
  it.each<[string, Times, string, string, string | null]>([
    ['no validity', {}, '2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z', null],
    [
      'an exclusive end',
      { until: '2026-12-01T00:00:00+09:00' },
      '2026-11-21T10:00:00Z',
      '2026-11-21T10:00:00.000Z',
      '2026-11-30T15:00:00.000Z',
    ],
    [
      'an inclusive end',
      { until: '2026-12-01T00:00:00+09:00', untilInclusive: true },
      '2026-11-21T10:00:00Z',
      '2026-11-21T10:00:00.000Z',
      '2026-11-30T15:00:00.001Z',
    ],
    ['a start to come', { from: '2026-11-25T00:00:00Z' }, '2026-11-21T10:00:00Z', '2026-11-25T00:00:00.000Z', null],
    ['a start gone by', { from: '2026-11-20T00:00:00Z' }, '2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z', null],
    [
      'the rest of the day of issue',
      { daysAfterIssue: 0 },
      '2026-11-21T14:59:59.999Z',
      '2026-11-21T14:59:59.999Z',
      '2026-11-21T15:00:00.000Z',
    ],
    [
      'a millisecond later, the next day',
      { daysAfterIssue: 0 },
      '2026-11-21T15:00:00Z',
      '2026-11-21T15:00:00.000Z',
      '2026-11-22T15:00:00.000Z',
    ],
    [
      'seven days after issue',
      { daysAfterIssue: 7 },
      '2026-11-21T10:00:00Z',
      '2026-11-21T10:00:00.000Z',
      '2026-11-28T15:00:00.000Z',
    ],
    [
      'the days end earlier',
      { daysAfterIssue: 7, until: '2026-12-31T00:00:00Z' },
      '2026-11-21T10:00:00Z',
      '2026-11-21T10:00:00.000Z',
      '2026-11-28T15:00:00.000Z',
    ],
    [
      'the window ends earlier',
      { daysAfterIssue: 7, until: '2026-11-25T00:00:00Z' },
      '2026-11-21T10:00:00Z',
      '2026-11-21T10:00:00.000Z',
      '2026-11-25T00:00:00.000Z',
    ],
    [
      'over the end of daylight saving',
      { daysAfterIssue: 1, timeZone: 'America/New_York' },
      '2026-10-31T16:00:00Z',
      '2026-10-31T16:00:00.000Z',
      '2026-11-02T05:00:00.000Z',
    ],
    [
      'over a day that the zone skipped',
      { daysAfterIssue: 1, timeZone: 'Pacific/Apia' },
      '2011-12-29T12:00:00Z',
      '2011-12-29T12:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ],
  ])('%s', (_, times, issuedAt, from, expiresAt) => {
    const validity = validityOf(termsWith(times), at(issuedAt));
    expect({ from: iso(validity.from), expiresAt: iso(validity.expiresAt) }).toEqual({ from, expiresAt });
  });
});

describe('rule 17: the issue period says when a coupon can be had', () => {
  const period = { issueFrom: '2026-11-21T10:00:00Z', issueUntil: '2026-11-30T00:00:00Z' };
  const [from, until] = [at(period.issueFrom), at(period.issueUntil)];
  it.each<[string, Times, number, object | null]>([
    ['no period', {}, 0, null],
    ['a millisecond early', period, from - 1, { code: 'ISSUE_PERIOD_NOT_STARTED', data: { from } }],
    ['the first instant', period, from, null],
    ['the last instant', period, until - 1, null],
    ['the end', period, until, { code: 'ISSUE_PERIOD_OVER', data: { until } }],
    ['the last instant of validity', { until: '2026-11-30T00:00:00Z' }, until - 1, null],
    ['the end of validity', { until: '2026-11-30T00:00:00Z' }, until, { code: 'VALIDITY_OVER', data: { until } }],
    ['an inclusive end of validity', { until: '2026-11-30T00:00:00Z', untilInclusive: true }, until, null],
    [
      'days that end before validity begins',
      { from: '2026-12-05T00:00:00Z', daysAfterIssue: 1 },
      until,
      { code: 'VALIDITY_OVER', data: { until: at('2026-12-01T15:00:00Z') } },
    ],
    ['days that end after it', { from: '2026-12-05T00:00:00Z', daysAfterIssue: 9 }, until, null],
  ])('%s', (_, times, now, refusal) => expect(issuePeriodRefusal(termsWith(times), now)).toEqual(refusal));
});
