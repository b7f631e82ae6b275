import type { OrderFacts } from '@org/domain';

/** How long holds last when nobody resolves them: the same for every attempt, so that the same again is the same. */
export const holdSeconds = ({ holdUntil, placedAt }: OrderFacts): number => Math.ceil((holdUntil - placedAt) / 1000);

/** Callers' ids have no slash, so nobody else can have made a hold of this name. */
const OF_AN_ORDER = 'order/';
const named = (orderNumber: string, what: string, index: number) => `${OF_AN_ORDER}${orderNumber}/${what}/${index}`;

/** Whether an order made the hold of this id itself. Whoever reserves for himself names any order that he likes. */
export const isOfAnOrder = (holdId: string): boolean => holdId.startsWith(OF_AN_ORDER);

/** The holds of an order by their names, which follow from the order alone: asked for again, they are the same. */
export const stockHoldIds = (orderNumber: string, { lines }: OrderFacts): readonly string[] =>
  lines.map((_, i) => named(orderNumber, 'stock', i));

export const reservationIds = (orderNumber: string, { discounts }: OrderFacts): readonly string[] =>
  discounts.map((_, i) => named(orderNumber, 'coupon', i));

export const pointHoldRef = (orderNumber: string, { userId }: OrderFacts) => ({ userId, key: orderNumber });
