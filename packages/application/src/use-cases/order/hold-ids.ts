import type { OrderFacts } from '@org/domain';
import { OF_AN_ORDER } from '../../own-holds.js';

/** As much of an order as is needed to hold what it asks for. */
export type OrderRequest = Pick<OrderFacts, 'userId' | 'pointsUsed' | 'placedAt' | 'holdUntil'> & {
  readonly lines: readonly Pick<OrderFacts['lines'][number], 'productId' | 'optionId' | 'quantity'>[];
  readonly discounts: readonly Pick<
    OrderFacts['discounts'][number],
    'couponId' | 'code' | 'amount' | 'policyVersion'
  >[];
};

/** How long holds last when nobody resolves them: the same for every attempt, so that the same again is the same. */
export const holdSeconds = ({ holdUntil, placedAt }: OrderRequest): number => Math.ceil((holdUntil - placedAt) / 1000);

const named = (orderNumber: string, what: string, index: number) => `${OF_AN_ORDER}${orderNumber}/${what}/${index}`;

const names = (orderNumber: string, what: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => named(orderNumber, what, i));

/** The holds of an order by their names, which follow from the order alone: asked for again, they are the same. */
export const stockHoldIds = (orderNumber: string, { lines }: Pick<OrderRequest, 'lines'>): readonly string[] =>
  names(orderNumber, 'stock', lines.length);

export const reservationIds = (
  orderNumber: string,
  { discounts }: Pick<OrderRequest, 'discounts'>,
): readonly string[] => names(orderNumber, 'coupon', discounts.length);

export const pointHoldRef = (orderNumber: string, { userId }: Pick<OrderRequest, 'userId'>) => ({
  userId,
  key: orderNumber,
});
