import type { Cart, CartLine } from '../cart/cart.js';
import { localTime } from '../local-time.js';
import type { Refusal } from '../refusal.js';
import { refusal } from '../refusal.js';
import type { Conditions, PolicyTerms, Selection } from './policy.js';
import type { PricingRefusalCode } from './refusal-codes.js';

export type PricingRefusal = Refusal<PricingRefusalCode>;

/** Allows (null) or refuses with the reason. */
type Condition = (terms: PolicyTerms, cart: Cart) => PricingRefusal | null;

/** From here on a set is quicker than a search. */
const LONG = 16;
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether a list of a policy has the id: such lists may be long, never change, and are asked for every line. */
export function has(ids: readonly string[], id: string): boolean {
  if (ids.length < LONG) return ids.includes(id);
  let set = sets.get(ids);
  if (!set) {
    set = new Set(ids);
    sets.set(ids, set);
  }
  return set.has(id);
}

const isOpen = ({ include, exclude }: Selection) => include.length === 0 && exclude.length === 0;

/** `include` empty = all; `exclude` wins. Of several ids one is enough, either way. */
function allows({ include, exclude }: Selection, ids: readonly string[]): boolean {
  if (exclude.length > 0 && ids.some(id => has(exclude, id))) return false;
  return include.length === 0 || ids.some(id => has(include, id));
}

const allowsOne = ({ include, exclude }: Selection, id: string) =>
  !has(exclude, id) && (include.length === 0 || has(include, id));

/** Whether a policy may discount the line (pricing rule 1). */
export const isEligible = ({ products, categories, excludeSaleItems }: Conditions, line: CartLine): boolean =>
  !(excludeSaleItems && line.onSale) && allowsOne(products, line.productId) && allows(categories, line.categoryIds);

/** Whether every line is eligible, whatever it is. */
export const takesAnyLine = ({ products, categories, excludeSaleItems }: Conditions): boolean =>
  !excludeSaleItems && isOpen(products) && isOpen(categories);

const twoDigits = (part: number) => String(part).padStart(2, '0');
const clock = (minute: number) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function isWithin(minute: number, from: number, until: number): boolean {
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

const sameCurrency: Condition = ({ currency }, cart) =>
  currency === cart.currency ? null : refusal('CURRENCY_MISMATCH', { expected: currency, actual: cart.currency });

const channelAllowed: Condition = ({ conditions: { channels } }, { channel }) =>
  isOpen(channels) || allows(channels, channel === null ? [] : [channel])
    ? null
    : refusal('CHANNEL_NOT_ALLOWED', { channel, ...channels });

const segmentAllowed: Condition = ({ conditions: { segments: allowed } }, { segments }) =>
  isOpen(allowed) || allows(allowed, segments) ? null : refusal('SEGMENT_NOT_ALLOWED', { segments, ...allowed });

const firstOrder: Condition = ({ conditions }, cart) =>
  conditions.firstOrderOnly && !cart.firstOrder ? refusal('FIRST_ORDER_ONLY', { firstOrder: false }) : null;

const weekdayAllowed: Condition = ({ conditions: { weekdays }, timeZone }, { at }) => {
  if (weekdays.length === 0) return null;
  const { weekday } = localTime(at, timeZone);
  return weekdays.includes(weekday) ? null : refusal('WEEKDAY_NOT_ALLOWED', { weekday, weekdays, timeZone });
};

const hourAllowed: Condition = ({ conditions: { hours }, timeZone }, { at }) => {
  if (hours === null) return null;
  const { minuteOfDay } = localTime(at, timeZone);
  if (isWithin(minuteOfDay, minuteOf(hours.from), minuteOf(hours.until))) return null;
  return refusal('HOUR_NOT_ALLOWED', { time: clock(minuteOfDay), ...hours, timeZone });
};

/** What must be in the cart and is not; null = nothing is missing (pricing rule 2). */
export function missingItems({ requires }: Conditions, { lines }: Cart): Conditions['requires'] | null {
  if (requires.products.length === 0 && requires.categories.length === 0) return null;
  const products = requires.products.filter(id => !lines.some(line => line.productId === id));
  const categories = requires.categories.filter(id => !lines.some(line => line.categoryIds.includes(id)));
  return products.length + categories.length > 0 ? { products, categories } : null;
}

const requiredItems: Condition = ({ conditions }, cart) => {
  const missing = missingItems(conditions, cart);
  return missing && refusal('REQUIRED_ITEM_MISSING', { ...missing });
};

const someLine: Condition = ({ conditions }, { lines }) => {
  if (lines.some(line => isEligible(conditions, line))) return null;
  const { products, categories, excludeSaleItems } = conditions;
  return refusal('NO_ELIGIBLE_LINES', { products, categories, excludeSaleItems });
};

/** Asked in this order; the first "no" is the answer. */
const cartConditions: readonly Condition[] = [
  ...[sameCurrency, channelAllowed, segmentAllowed, firstOrder],
  ...[weekdayAllowed, hourAllowed, someLine, requiredItems],
];

/** Why the cart as such does not meet the conditions of the policy; null = it does. Thresholds are asked later. */
export function cartRefusal(terms: PolicyTerms, cart: Cart): PricingRefusal | null {
  for (const condition of cartConditions) {
    const no = condition(terms, cart);
    if (no) return no;
  }
  return null;
}
