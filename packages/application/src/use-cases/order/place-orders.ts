import { type PaymentKind, type PlacedOrder, product } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';
import { namedCoupons, type QuoteStores, type WishedCoupons, wishedCoupons } from '../coupon/wished-coupons.js';
import { type OrderStores, openLockedOrders } from './order-batch.js';
import { cartOfOrder, type OrderPrice, priceOrder } from './price-order.js';

export interface WishedLine {
  readonly lineId: string;
  readonly productId: string;
  readonly optionId: string;
  readonly quantity: number;
}

/** An order as its buyer wants it, with what the shop says of him and of the shipping. */
export interface PlaceOrderInput {
  readonly userId: string;
  readonly lines: readonly WishedLine[];
  readonly couponIds: readonly string[];
  readonly codes: readonly string[];
  /** Points offered, minor units; what is not due is not used. */
  readonly points: number;
  readonly payment: PaymentKind;
  readonly channel: string | null;
  readonly segments: readonly string[];
  /** Minor units. */
  readonly shipping: number;
  readonly fromCart: boolean;
  readonly origin: Origin;
}

export interface OrderPlacing {
  /** How long an order waits for its payment. */
  readonly paymentDeadlineSeconds: number;
  /** How much longer than that holds last which nobody has resolved. */
  readonly holdGraceSeconds: number;
}

export interface Placed {
  readonly orderNumber: string;
  readonly order: PlacedOrder;
}

type Stores = OrderStores & QuoteStores & Pick<Adapters, 'ids' | 'products'>;

/**
 * Accepts orders: the price comes from the catalogue and the policy versions of now, and is frozen (orders rule 2).
 * What can't be had is told by the order itself, later; only requests that make no sense are refused at once (rule 3).
 */
export const placeOrders =
  (stores: Stores, placing: OrderPlacing): UseCase<PlaceOrderInput, Outcome<Placed>> =>
  async (tx, inputs) => {
    const productIds = inputs.flatMap(({ lines }) => lines.map(({ productId }) => productId));
    const [products, at, found] = await Promise.all([
      stores.products.load(tx, [...new Set(productIds)]),
      stores.clock.now(tx),
      namedCoupons(stores, tx, inputs),
    ]);
    const asked = inputs.map(({ userId, couponIds, codes }) => ({ userId, couponIds, codes, at }));
    const coupons = await wishedCoupons(stores, tx, asked, found);
    const isFirst = await firstOrders(stores, tx, inputs, coupons);
    const wishes = inputs.map((input, i) => {
      const productOf = (id: string) => products.get(id)?.state ?? product.initial;
      const { known, unknown } = coupons[i] ?? { known: [], unknown: [] };
      const cart = cartOfOrder(input, productOf, isFirst(input), at);
      const order = cart.accepted ? done(priceOrder(input, cart.value, known, unknown)) : cart;
      return { input, order, orderNumber: stores.ids.next() };
    });
    const numbers = wishes.map(({ orderNumber }) => [orderNumber, { version: 0, state: { status: 'NONE' } }] as const);
    const batch = await openLockedOrders(stores, tx, new Map(numbers), at);
    const outcomes = wishes.map(({ input: { origin }, order, orderNumber }): Outcome<Placed> => {
      if (!order.accepted) return order;
      const { price, no } = order.value;
      const facts = { ...price, ...deadlines(price, placing) };
      const outcome = batch.decide(orderNumber, { type: 'Place', facts, refusal: no }, origin);
      const placed = batch.order(orderNumber);
      if (!outcome.accepted || !placed) throw new Error(`order ${orderNumber} was placed before`);
      return done({ orderNumber, order: placed });
    });
    await batch.save();
    return outcomes;
  };

function deadlines(
  { payment, total, placedAt }: OrderPrice,
  { paymentDeadlineSeconds, holdGraceSeconds }: OrderPlacing,
) {
  const end = placedAt + paymentDeadlineSeconds * 1000;
  return {
    paymentDeadline: payment === 'EXTERNAL' && total > 0 ? end : null,
    holdUntil: end + holdGraceSeconds * 1000,
  };
}

/** Looks at former orders only where a coupon wants to know; of two orders that come together the first one counts. */
async function firstOrders(
  { orders }: Pick<Stores, 'orders'>,
  tx: Parameters<Stores['orders']['ordered']>[0],
  inputs: readonly PlaceOrderInput[],
  coupons: readonly WishedCoupons[],
): Promise<(input: PlaceOrderInput) => boolean> {
  const asks = (i: number) => coupons[i]?.known.some(({ policy }) => policy.terms.conditions.firstOrderOnly) ?? false;
  const users = [...new Set(inputs.filter((_, i) => asks(i)).map(({ userId }) => userId))];
  if (users.length === 0) return () => false;
  const ordered = new Set(await orders.ordered(tx, users));
  return ({ userId }) => {
    const isFirst = users.includes(userId) && !ordered.has(userId);
    ordered.add(userId);
    return isFirst;
  };
}
