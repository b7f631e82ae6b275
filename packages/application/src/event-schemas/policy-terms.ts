import type { Conditions, Discount, PolicyTerms, Selection, Tier, UnitSelection } from '@org/domain';
import { amountOf, currencyCode, instantOf } from './fields.js';
import {
  about,
  type FieldSchemas,
  flag,
  type JsonSchema,
  listOf,
  named,
  nullable,
  object,
  oneOf,
  schemaWords,
  text,
  whole,
} from './json-schema.js';

const { callerId, decimal, hour } = schemaWords;
const percent = about(decimal, 'Above 0, at most 100, at most 4 decimals.', '10');
const ids = listOf(about(callerId, 'An id.', 'books'));
const count = (description: string, example = 1) => nullable(about(whole(1), description, example));
const maxAmount = nullable(amountOf('The most it takes off', 5_000));

const rounding = named('Rounding', {
  mode: oneOf('HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN'),
  unit: about(whole(1), 'Minor units: 10 cuts to 10 won.', 1),
});

const units: FieldSchemas<UnitSelection> = {
  everyNthUnit: count('Only every n-th unit.', 2),
  groupSize: count('Units are counted in groups of so many.', 2),
  maxUnits: count('At most so many units.', 3),
  maxUnitsPer: oneOf('ORDER', 'LINE'),
};

type DiscountOf<Type> = Extract<Discount, { type: Type }>;
type TierOf<Key extends string> = Extract<Tier, Readonly<Record<Key, unknown>>>;

const from = amountOf('From this amount on', 30_000);
const flatTier: FieldSchemas<TierOf<'amount'>> = { from, amount: amountOf('Off', 3_000) };
const percentTier: FieldSchemas<TierOf<'percent'>> = { from, percent };

const discounts: { readonly [Type in Discount['type']]: FieldSchemas<DiscountOf<Type>> } = {
  PERCENTAGE: { type: { const: 'PERCENTAGE' }, percent, maxAmount, rounding, ...units },
  FIXED_AMOUNT: {
    type: { const: 'FIXED_AMOUNT' },
    amount: amountOf('Off', 3_000),
    allocation: oneOf('ACROSS', 'EACH'),
    ...units,
  },
  TIERED: {
    type: { const: 'TIERED' },
    tiers: listOf({ oneOf: [object(flatTier), object(percentTier)] }),
    maxAmount,
    rounding,
  },
  BUY_X_GET_Y: {
    type: { const: 'BUY_X_GET_Y' },
    buyQuantity: about(whole(1), 'Units to buy.', 2),
    getQuantity: about(whole(1), 'Units that get cheaper.', 1),
    percentOff: percent,
    products: ids,
    getProducts: ids,
    getCategories: ids,
    getOrder: oneOf('CHEAPEST', 'DEAREST'),
    maxAmount,
    rounding,
  },
  FREE_SHIPPING: { type: { const: 'FREE_SHIPPING' }, maxAmount },
};

const selectionFields: FieldSchemas<Selection> = { include: ids, exclude: ids };
const selection = named('Selection', selectionFields);

const conditions: FieldSchemas<Conditions> = {
  minimumOrder: nullable(
    object({
      amount: amountOf('At least', 10_000),
      comparison: oneOf('GTE', 'GT'),
      base: oneOf('INITIAL', 'REMAINING'),
    }),
  ),
  minimumQuantity: count('At least so many units.'),
  requires: object({ products: ids, categories: ids }),
  products: selection,
  categories: selection,
  channels: selection,
  segments: selection,
  excludeSaleItems: flag,
  weekdays: listOf(oneOf('MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN')),
  hours: nullable(object({ from: about(hour, 'Inclusive.', '09:00'), until: about(hour, 'Exclusive.', '18:00') })),
  firstOrderOnly: flag,
};

const limits: FieldSchemas<PolicyTerms['limits']> = {
  total: count('Coupons in all.', 1_000),
  perUser: count('Coupons of one user.'),
  perDay: count('Coupons a day.', 300),
  budget: nullable(amountOf('Money given away in all', 5_000_000)),
};
const issuePeriod: FieldSchemas<PolicyTerms['issuePeriod']> = {
  from: nullable(instantOf('Inclusive.', '2026-11-21T01:00:00.000Z')),
  until: nullable(instantOf('Exclusive.')),
};
const validity: FieldSchemas<PolicyTerms['validity']> = {
  from: nullable(instantOf('Inclusive.', '2026-11-21T01:00:00.000Z')),
  until: nullable(instantOf('See `untilInclusive`.')),
  untilInclusive: flag,
  daysAfterIssue: count('So many days; the earlier end counts.', 7),
};
const stacking: FieldSchemas<PolicyTerms['stacking']> = {
  mode: oneOf('STACKABLE', 'EXCLUSIVE'),
  group: nullable(about(text, 'At most one coupon of a group applies.', 'order')),
  priority: about(whole(), 'Higher first.', 100),
  percentBase: oneOf('INITIAL', 'REMAINING'),
};

const terms: FieldSchemas<PolicyTerms> = {
  name: about(text, 'For people.', 'Friday rush'),
  description: about(text, 'For people.', ''),
  code: nullable(about(text, 'A code that all users share, normalised; null = none.', 'FRIDAY')),
  currency: currencyCode,
  timeZone: about(text, 'IANA name.', 'Asia/Seoul'),
  discount: { oneOf: Object.values<Readonly<Record<string, JsonSchema>>>(discounts).map(fields => object(fields)) },
  conditions: object(conditions),
  limits: object(limits),
  issuance: listOf(oneOf('FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT')),
  issuePeriod: object(issuePeriod),
  validity: object(validity),
  stacking: object(stacking),
  restoreOnCancel: flag,
  refund: oneOf('NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'),
};

/** All that one version of a policy says, with every default filled in. */
export const policyTerms = named('PolicyTerms', terms);
