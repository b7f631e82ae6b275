import type { CodeJob, CodeJobView, CodeView, PolicyStatistics, PolicyView } from '@org/application';
import { orNull, zoned } from '../instants.js';
import {
  about,
  amount,
  anyWhole,
  type Body,
  callerId,
  count,
  currency,
  decimal,
  either,
  flag,
  hour,
  instant,
  listOf,
  named,
  nullable,
  object,
  oneBy,
  page,
  text,
  uuid,
  whole,
  word,
} from './shapes.js';

const ids = listOf(callerId);
const selection = named(
  'Selection',
  object({ include: about(ids, 'Empty = all.'), exclude: about(ids, 'Wins over `include`.') }),
);
const mostAmount = about(nullable(whole(1)), 'Most that is taken off, minor units; null = no limit.');
export const rounding = named(
  'Rounding',
  object({
    mode: word('HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN'),
    unit: about(whole(1), 'Minor units: 10 cuts to 10 won.'),
  }),
);
const unitSelection = {
  everyNthUnit: nullable(whole(1)),
  groupSize: nullable(whole(1)),
  maxUnits: nullable(whole(1)),
  maxUnitsPer: word('ORDER', 'LINE'),
};
const percent = about(decimal, 'Above 0, at most 100.');
const base = word('INITIAL', 'REMAINING');

const discount = oneBy('Discount', 'type', {
  PERCENTAGE: ['PercentageDiscount', { percent, maxAmount: mostAmount, rounding, ...unitSelection }],
  FIXED_AMOUNT: ['FixedAmountDiscount', { amount, allocation: word('ACROSS', 'EACH'), ...unitSelection }],
  TIERED: [
    'TieredDiscount',
    {
      tiers: listOf(either(object({ from: amount, amount }), object({ from: amount, percent }))),
      maxAmount: mostAmount,
      rounding,
    },
  ],
  BUY_X_GET_Y: [
    'BuyXGetYDiscount',
    {
      buyQuantity: whole(1),
      getQuantity: whole(1),
      percentOff: percent,
      products: about(ids, 'The buy side; empty = every eligible unit.'),
      getProducts: ids,
      getCategories: ids,
      getOrder: word('CHEAPEST', 'DEAREST'),
      maxAmount: mostAmount,
      rounding,
    },
  ],
  FREE_SHIPPING: ['FreeShippingDiscount', { maxAmount: mostAmount }],
});

const conditions = object({
  minimumOrder: nullable(object({ amount, comparison: word('GTE', 'GT'), base })),
  minimumQuantity: nullable(whole(1)),
  requires: object({ products: ids, categories: ids }),
  ...{ products: selection, categories: selection, channels: selection, segments: selection },
  excludeSaleItems: flag,
  weekdays: about(
    listOf(word('MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN')),
    'In the time zone of the policy; empty = every day.',
  ),
  hours: about(
    nullable(object({ from: hour, until: hour })),
    'In the time zone of the policy; `until` is exclusive, and may be on the next day.',
  ),
  firstOrderOnly: flag,
});

const from = about(nullable(instant), 'Null = open.');
const until = about(nullable(instant), 'Null = open.');

export const policy = named(
  'Policy',
  object({
    id: uuid,
    version: about(whole(1), 'Of the terms: coupons that are out keep theirs.'),
    status: word('DRAFT', 'ACTIVE', 'PAUSED', 'ENDED'),
    name: text,
    description: text,
    code: about(nullable(text), 'The code that all users share, normalised; null = none.'),
    currency,
    timeZone: about(text, 'IANA name.'),
    discount,
    conditions,
    limits: object({
      ...{ total: nullable(whole(1)), perUser: nullable(whole(1)), perDay: nullable(whole(1)) },
      budget: about(nullable(whole(1)), 'Most money given away in all, minor units.'),
    }),
    issuance: listOf(word('FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT')),
    issuePeriod: object({ from, until }),
    validity: object({ from, until, untilInclusive: flag, daysAfterIssue: nullable(count) }),
    stacking: object({
      mode: word('STACKABLE', 'EXCLUSIVE'),
      group: nullable(text),
      priority: about(anyWhole, 'Higher first.'),
      percentBase: base,
    }),
    restoreOnCancel: flag,
    refund: word('NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'),
    createdAt: instant,
  }),
);
export const policyPage = page('PolicyPage', policy);

/** A policy with all its fields; times carry the offset of its own zone. */
export function policyBody({ policyId, version, status, terms, createdAt }: PolicyView): Body<typeof policy> {
  const local = (instant: number | null) => orNull(instant, at => zoned(at, terms.timeZone));
  const { issuePeriod, validity, ...rest } = terms;
  return {
    id: policyId,
    version,
    status,
    ...rest,
    issuePeriod: { from: local(issuePeriod.from), until: local(issuePeriod.until) },
    validity: { ...validity, from: local(validity.from), until: local(validity.until) },
    createdAt: zoned(createdAt, terms.timeZone),
  };
}

export const statistics = named(
  'PolicyStatistics',
  object({
    policyId: uuid,
    ...{ issued: count, available: count, reserved: count, used: count, expired: count, revoked: count },
    remaining: about(nullable(count), 'Still to be had; null = no limit.'),
    budgetTaken: amount,
  }),
);
export const statisticsBody = (found: PolicyStatistics): Body<typeof statistics> => found;

export const startedJob = named('StartedCodeJob', object({ jobId: uuid, count: whole(1) }));
export const startedJobBody = ({ jobId, count: wanted }: CodeJob): Body<typeof startedJob> => ({
  jobId,
  count: wanted,
});

export const codeJob = named(
  'CodeJob',
  object({
    jobId: uuid,
    status: word('RUNNING', 'DONE', 'FAILED'),
    created: about(count, 'How many there are so far.'),
    count: whole(1),
  }),
);
export const codeJobBody = ({ jobId, status, created, count: wanted }: CodeJobView): Body<typeof codeJob> => ({
  ...{ jobId, status, created },
  count: wanted,
});

export const codePage = page('CodePage', named('Code', object({ code: text, status: word('AVAILABLE', 'REDEEMED') })));
export const codeBody = ({ code, status }: CodeView): Body<typeof codePage>['items'][number] => ({ code, status });
