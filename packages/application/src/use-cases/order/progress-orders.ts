import type { Transaction } from '../../ports/unit-of-work.js';
import { findHolds, heldSteps } from './find-holds.js';
import type { OrderRef } from './hold-steps.js';
import { type OrderStores, openOrders } from './order-batch.js';
import { type ResolveStores, resolveHolds } from './resolve-holds.js';

export type ProgressStores = OrderStores & ResolveStores;

/**
 * Looks at what is held for orders, and lets them go on as far as that allows: replies that come together are one
 * look. A hold that comes after the end of its order goes the way of the others.
 */
export const progressOrders =
  (stores: ProgressStores) =>
  async (tx: Transaction, refs: readonly OrderRef[]): Promise<void> => {
    const byNumber = new Map(refs.map(ref => [ref.orderNumber, ref]));
    const batch = await openOrders(stores, tx, [...byNumber.keys()]);
    const orders = [...byNumber.values()].flatMap(({ orderNumber, origin }) => {
      const order = batch.order(orderNumber);
      return order ? [{ orderNumber, order, origin }] : [];
    });
    const pending = orders.filter(({ order }) => order.status === 'PENDING');
    if (pending.length > 0) {
      const holds = await findHolds(stores, tx, new Map(pending.map(({ orderNumber, order }) => [orderNumber, order])));
      for (const { orderNumber, origin } of pending) {
        const found = holds.get(orderNumber);
        if (!found) continue;
        batch.decide(orderNumber, { type: 'Progress', held: heldSteps(found), pointHold: found.pointHold }, origin);
      }
      await batch.save();
    }
    await resolveHolds(
      stores,
      tx,
      orders.filter(({ order }) => order.status === 'CANCELLED'),
    );
  };
