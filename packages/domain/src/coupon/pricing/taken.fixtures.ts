import type { Cart, CartLine } from '../../cart/cart.js';
import type { Discount } from '../policy.js';
import { priceOfCoupon, quote } from '../pricing.js';
import { checkQuote } from './check.js';
import { cart, coupon, termsWith, type Variations } from './pricing.fixtures.js';

/** What one coupon takes off each line, or the code of its refusal. The quote must pass its own checker. */
export function taken(
  discount: Discount,
  lines: readonly CartLine[],
  variations: Variations = {},
  more: Partial<Cart> = {},
) {
  const quoted = quote(cart(lines, more), [coupon('SAVE', discount, variations)]);
  expect(checkQuote(quoted)).toEqual([]);
  const [refused] = quoted.refused;
  if (refused) return refused.reason;
  return Object.fromEntries((quoted.discounts[0]?.allocations ?? []).map(({ lineId, amount }) => [lineId, amount]));
}

/** The whole discount of one coupon, or the code of its refusal. */
export const amountOf = (discount: Discount, lines: readonly CartLine[], variations: Variations = {}) => {
  const price = priceOfCoupon(cart(lines), termsWith(discount, variations));
  return price.accepted ? price.discount : price.refusal.code;
};
