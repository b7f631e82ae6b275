import { currencyCode } from '../../money.js';
import {
  distinct,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  type Reader,
  record,
  text,
  textThat,
} from '../../readers.js';
import { isTimeZone } from '../../time.js';
import { isSharedCode, normaliseCode } from '../code.js';
import type { Conditions, IssuePeriod, Limits, PolicyTerms, Selection, Stacking, Validity } from '../policy.js';
import { amount, callerIds, count, instant, LARGEST_COUNT } from './basic-readers.js';
import { discount } from './discount-reader.js';

/** A hundred years. */
const MOST_DAYS = 36_500;

/** Read in the form in which it is stored. */
const sharedCode: Reader<string> = (value, field, report) => {
  const normalised = typeof value === 'string' && value.length <= 200 ? normaliseCode(value) : '';
  if (!isSharedCode(normalised))
    report({ field, value, message: 'must have 3 to 40 visible characters, spaces and hyphens apart' });
  return normalised;
};

const selection = optional(record<Selection>({ include: callerIds, exclude: callerIds }), { include: [], exclude: [] });
const hour = textThat(time => /^([01]\d|2[0-3]):[0-5]\d$/.test(time), 'must be a time of day, HH:MM');

/** A section is all defaults where it is absent. */
const section = <T extends object>(reader: Reader<T>): Reader<T> => {
  const defaults = reader({}, '', () => {});
  return optional(reader, defaults);
};

const conditions = record<Conditions>({
  minimumOrder: nullable(
    record<NonNullable<Conditions['minimumOrder']>>({
      amount: integer(0),
      comparison: optional(oneOf('GTE', 'GT'), 'GTE'),
      base: optional(oneOf('INITIAL', 'REMAINING'), 'INITIAL'),
    }),
  ),
  minimumQuantity: nullable(count),
  requires: section(record<Conditions['requires']>({ products: callerIds, categories: callerIds })),
  products: selection,
  categories: selection,
  channels: selection,
  segments: selection,
  excludeSaleItems: optional(flag, false),
  weekdays: optional(distinct(list(oneOf('MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'), 0, 7)), []),
  hours: nullable(record<NonNullable<Conditions['hours']>>({ from: hour, until: hour })),
  firstOrderOnly: optional(flag, false),
});

const limits = record<Limits>({
  total: nullable(count),
  perUser: nullable(count),
  perDay: nullable(count),
  budget: nullable(amount),
});

const validity = record<Validity>({
  from: nullable(instant),
  until: nullable(instant),
  untilInclusive: optional(flag, false),
  daysAfterIssue: nullable(integer(0, MOST_DAYS)),
});

const stacking = record<Stacking>({
  mode: optional(oneOf('STACKABLE', 'EXCLUSIVE'), 'STACKABLE'),
  group: nullable(text(1, 64)),
  priority: optional(integer(-LARGEST_COUNT, LARGEST_COUNT), 0),
  percentBase: optional(oneOf('INITIAL', 'REMAINING'), 'INITIAL'),
});

/** Every field of a policy with its form and its default; only name, currency, discount and issuance have none. */
export const policyTerms: Reader<PolicyTerms> = record<PolicyTerms>({
  name: text(1, 200),
  description: optional(text(0, 2000), ''),
  code: nullable(sharedCode),
  currency: currencyCode,
  timeZone: optional(textThat(isTimeZone, 'must be the IANA name of a time zone'), 'Asia/Seoul'),
  discount,
  conditions: section(conditions),
  limits: section(limits),
  issuance: distinct(list(oneOf('FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT'), 1, 4)),
  issuePeriod: section(record<IssuePeriod>({ from: nullable(instant), until: nullable(instant) })),
  validity: section(validity),
  stacking: section(stacking),
  restoreOnCancel: optional(flag, true),
  refund: optional(oneOf('NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'), 'NONE'),
});
