import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { changeCarts } from '../cart/change-carts.js';
import type { OrderRef } from './hold-steps.js';
import { readOrders } from './order-batch.js';

type Stores = Pick<Adapters, 'clock' | 'orders' | 'events' | 'products' | 'carts'>;

/** Takes what was ordered from a cart out of it, once it is bought (orders rule 2). */
export const emptyCarts =
  (stores: Stores) =>
  async (tx: Transaction, refs: readonly OrderRef[]): Promise<void> => {
    const orders = await readOrders(
      stores,
      tx,
      refs.map(({ orderNumber }) => orderNumber),
    );
    const inputs = refs.flatMap(({ orderNumber, origin }) => {
      const order = orders.get(orderNumber);
      if (order?.status !== 'COMPLETED') return [];
      const { userId, lines } = order.facts;
      const items = lines.map(({ productId, optionId }) => ({ productId, optionId }));
      return [{ userId, change: { type: 'Remove' as const, items }, origin }];
    });
    await changeCarts(stores)(tx, inputs);
  };
