import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { changeCarts } from '../cart/change-carts.js';
import type { EndedOrder } from './order-batch.js';

export type CartStores = Pick<Adapters, 'clock' | 'events' | 'products' | 'carts'>;

/** Takes what was ordered from a cart out of it, once it is bought (orders rule 2); what was added meanwhile stays. */
export async function emptyCarts(stores: CartStores, tx: Transaction, ended: readonly EndedOrder[]): Promise<void> {
  const bought = ended.filter(({ order }) => order.status === 'COMPLETED' && order.facts.fromCart);
  if (bought.length === 0) return;
  const inputs = bought.map(({ order: { facts }, origin }) => {
    const items = facts.lines.map(({ productId, optionId, quantity }) => ({ productId, optionId, quantity }));
    return { userId: facts.userId, change: { type: 'Buy' as const, items }, origin };
  });
  await changeCarts(stores)(tx, inputs);
}
