import {
  type Cart,
  type CartLine,
  checkCart,
  type Instant,
  type OrderFacts,
  type OrderLine,
  optionOf,
  type Product,
  type QuotedCoupon,
  quote,
  refusal,
  type StepRefusal,
} from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { WishedCoupons } from '../coupon/wished-coupons.js';
import type { PlaceOrderInput } from './place-orders.js';

type Line = CartLine & { readonly optionId: string };
export type OrderCart = Omit<Cart, 'lines'> & { readonly lines: readonly Line[] };
export type OrderPrice = Omit<OrderFacts, 'paymentDeadline' | 'holdUntil'>;

/** What an order comes to; `no` = why it can't be had at that price. */
export interface PricedOrder {
  readonly price: OrderPrice;
  readonly no: StepRefusal | null;
}

/** The wished lines with what the catalogue says of them now. */
export function cartOfOrder(
  { lines: wished, channel, segments, shipping }: PlaceOrderInput,
  productOf: (productId: string) => Product,
  firstOrder: boolean,
  at: Instant,
): Outcome<OrderCart> {
  const lines: Line[] = [];
  const currencies = new Set<string>();
  for (const { lineId, productId, optionId, quantity } of wished) {
    const product = productOf(productId);
    if (product.status === 'NONE') return refused(refusal('PRODUCT_NOT_FOUND', { lineId, productId }));
    const option = optionOf(product, optionId);
    if (!option) return refused(refusal('OPTION_NOT_FOUND', { lineId, productId, optionId }));
    const { price, minimumUnitPrice, onSale } = option;
    const { categoryIds } = product.terms;
    currencies.add(price.currency);
    lines.push({
      lineId,
      productId,
      optionId,
      categoryIds,
      unitPrice: price.amount,
      quantity,
      onSale,
      minimumUnitPrice,
    });
  }
  const [currency, ...others] = currencies;
  if (currency === undefined) return refused(refusal('ORDER_EMPTY'));
  if (others.length > 0) return refused(refusal('CURRENCIES_MIXED', { currencies: [...currencies] }));
  const cart = { currency, lines, shipping, channel, segments, firstOrder, at };
  const violations = checkCart(cart);
  return violations.length > 0 ? refused(refusal('ORDER_INVALID', { violations })) : done(cart);
}

/**
 * The price with the coupons and points, and the first coupon that does not count: it is never dropped silently (orders
 * rule 3). Points above what is due are capped to it (rule 4).
 */
export function priceOrder(
  { userId, points, payment, fromCart }: PlaceOrderInput,
  cart: OrderCart,
  coupons: readonly QuotedCoupon[],
  unknown: WishedCoupons['unknown'],
): PricedOrder {
  const priced = quote(cart, coupons, { points, hints: false });
  const { lines: quoted, shipping, discounts, pointsUsed, total, refused: no } = priced;
  const lines = cart.lines.map((line, i): OrderLine => {
    const { discount = 0, net = 0 } = quoted[i] ?? {};
    return { ...line, discount, net };
  });
  const { currency, channel, segments, firstOrder, at: placedAt } = cart;
  const price = { userId, currency, lines, channel, segments, firstOrder, shipping, discounts, pointsUsed, total };
  const [first] = [...unknown, ...no];
  const code = first && { step: 'COUPON' as const, code: first.reason, data: first.data };
  return { price: { ...price, payment, fromCart, placedAt }, no: code ?? null };
}
