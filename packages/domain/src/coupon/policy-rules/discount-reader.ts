import { type Fields, integer, list, nullable, oneOf, optional, type Reader, record, textThat } from '../../readers.js';
import type { Discount, Rounding, Tier, UnitSelection } from '../policy.js';
import { amount, callerIds, count } from './basic-readers.js';

const MOST_TIERS = 1000;
/** Shops cut to 10, 50 or 100 won, to 5 centimes; whatever the coins are. */
const LARGEST_UNIT = 1_000_000;

/** No sign, exponent, blank or leading zero: one way to write each number, up to trailing zeros. */
const percent = textThat(
  text => /^(0|[1-9][0-9]{0,2})(\.[0-9]{1,4})?$/.test(text) && Number(text) > 0 && Number(text) <= 100,
  'must be a decimal as text, above 0 and at most 100, with at most 4 decimals',
);

const rounding: Reader<Rounding> = optional(
  record<Rounding>({
    mode: optional(oneOf('HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN'), 'HALF_UP'),
    unit: optional(integer(1, LARGEST_UNIT), 1),
  }),
  { mode: 'HALF_UP', unit: 1 },
);

const unitSelection: Fields<UnitSelection> = {
  everyNthUnit: nullable(count),
  groupSize: nullable(count),
  maxUnits: nullable(count),
  maxUnitsPer: optional(oneOf('ORDER', 'LINE'), 'ORDER'),
};

const anyTier = record<{ from: number; amount: number | null; percent: string | null }>({
  from: integer(0),
  amount: nullable(amount),
  percent: nullable(percent),
});

const tier: Reader<Tier> = (value, field, report) => {
  const { from, ...gives } = anyTier(value, field, report);
  if (typeof value === 'object' && value !== null && (gives.amount === null) === (gives.percent === null))
    report({ field, value, message: 'must have either an amount or a percent' });
  return gives.percent === null ? { from, amount: gives.amount ?? 1 } : { from, percent: gives.percent };
};

/** In any order: the highest tier that is reached counts wherever it stands, so no two may start at the same amount. */
const tiers: Reader<readonly Tier[]> = (value, field, report) => {
  const broken = new Set<string>();
  const read = list(tier, 1, MOST_TIERS)(value, field, violation => {
    broken.add(violation.field);
    report(violation);
  });
  const seen = new Set<number>();
  read.forEach(({ from }, index) => {
    if ([`${field}[${index}].from`, `${field}[${index}]`].some(name => broken.has(name))) return;
    if (seen.has(from))
      report({ field: `${field}[${index}].from`, value: from, message: 'is that of another tier too' });
    seen.add(from);
  });
  return read;
};

type OfType<Type extends Discount['type']> = Extract<Discount, { type: Type }>;

const byType: { readonly [Type in Discount['type']]: Reader<OfType<Type>> } = {
  PERCENTAGE: record<OfType<'PERCENTAGE'>>({
    type: oneOf('PERCENTAGE'),
    percent,
    maxAmount: nullable(amount),
    rounding,
    ...unitSelection,
  }),
  FIXED_AMOUNT: record<OfType<'FIXED_AMOUNT'>>({
    type: oneOf('FIXED_AMOUNT'),
    amount,
    allocation: optional(oneOf('ACROSS', 'EACH'), 'ACROSS'),
    ...unitSelection,
  }),
  TIERED: record<OfType<'TIERED'>>({ type: oneOf('TIERED'), tiers, maxAmount: nullable(amount), rounding }),
  BUY_X_GET_Y: record<OfType<'BUY_X_GET_Y'>>({
    type: oneOf('BUY_X_GET_Y'),
    buyQuantity: count,
    getQuantity: count,
    percentOff: optional(percent, '100'),
    products: callerIds,
    getProducts: callerIds,
    getCategories: callerIds,
    getOrder: optional(oneOf('CHEAPEST', 'DEAREST'), 'CHEAPEST'),
    maxAmount: nullable(amount),
    rounding,
  }),
  FREE_SHIPPING: record<OfType<'FREE_SHIPPING'>>({ type: oneOf('FREE_SHIPPING'), maxAmount: nullable(amount) }),
};

const types = Object.keys(byType) as Discount['type'][];
const nothing: Discount = { type: 'FREE_SHIPPING', maxAmount: null };

/** The discount by its `type`; fields of another type are unknown ones. */
export const discount: Reader<Discount> = (value, field, report) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    record({})(value, field, report);
    return nothing;
  }
  const given: unknown = Object.hasOwn(value, 'type') ? Reflect.get(value, 'type') : undefined;
  const type = types.find(known => known === given);
  if (type !== undefined) return byType[type](value, field, report);
  const message = given === undefined || given === null ? 'is required' : `must be one of ${types.join(', ')}`;
  report({ field: `${field}.type`, value: given, message });
  return nothing;
};
