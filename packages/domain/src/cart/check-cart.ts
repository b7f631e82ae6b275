import { isAmount } from '../money.js';
import type { Violation } from '../refusal.js';
import type { Cart, CartLine } from './cart.js';

/** An answer has one net per unit, so the number of units is bounded. */
export const MAX_LINE_QUANTITY = 10_000;

/** Whether `quantity` can be that of a line: whole, 1 to `MAX_LINE_QUANTITY`. */
export const isLineQuantity = (quantity: number): boolean =>
  Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_LINE_QUANTITY;

interface LineRule {
  readonly field: keyof CartLine;
  readonly message: string;
  isKept(line: CartLine): boolean;
}

const lineRules: readonly LineRule[] = [
  {
    field: 'quantity',
    message: `must be a whole number from 1 to ${MAX_LINE_QUANTITY}`,
    isKept: ({ quantity }) => isLineQuantity(quantity),
  },
  {
    field: 'unitPrice',
    message: 'must be whole minor units, 0 or more',
    isKept: ({ unitPrice }) => isAmount(unitPrice),
  },
  {
    field: 'minimumUnitPrice',
    // A floor above the price makes sense: what is sold below it already is not discounted.
    message: 'must be whole minor units, 0 or more',
    isKept: ({ minimumUnitPrice }) => isAmount(minimumUnitPrice),
  },
];

function lineViolations(line: CartLine, index: number): Violation[] {
  return lineRules
    .filter(rule => !rule.isKept(line))
    .map(({ field, message }) => ({ field: `lines[${index}].${field}`, value: line[field], message }));
}

function repeatedIds(lines: readonly CartLine[]): Violation[] {
  const seen = new Set<string>();
  return lines.flatMap(({ lineId }, index) => {
    if (seen.has(lineId))
      return [{ field: `lines[${index}].lineId`, value: lineId, message: 'must be unique in the cart' }];
    seen.add(lineId);
    return [];
  });
}

/** Everything in a cart that makes no sense; [] = it can be priced. An empty cart makes sense. */
export function checkCart(cart: Cart): Violation[] {
  const violations = [...cart.lines.flatMap(lineViolations), ...repeatedIds(cart.lines)];
  if (!/^[A-Z]{3}$/.test(cart.currency))
    violations.push({ field: 'currency', value: cart.currency, message: 'must be three letters of ISO 4217' });
  if (!isAmount(cart.shipping))
    violations.push({ field: 'shipping', value: cart.shipping, message: 'must be whole minor units, 0 or more' });
  if (!Number.isSafeInteger(cart.at))
    violations.push({ field: 'at', value: cart.at, message: 'must be whole epoch milliseconds' });
  const total = cart.lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, cart.shipping);
  if (violations.length === 0 && total > Number.MAX_SAFE_INTEGER)
    violations.push({ field: 'lines', value: total, message: 'must not be worth more than 2^53 - 1 in all' });
  return violations;
}
