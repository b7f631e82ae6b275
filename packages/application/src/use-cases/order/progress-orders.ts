import type { Transaction } from '../../ports/unit-of-work.js';
import { type EndStores, saveOrders } from './end-holds.js';
import { findHolds, type HoldStores, heldSteps, isAnyHeld } from './find-holds.js';
import { type EndedOrder, openLockedOrders } from './order-batch.js';
import type { OrderRef } from './step-batches.js';

export type ProgressStores = EndStores & HoldStores;

/**
 * Looks at what is held for orders, and lets them go on as far as that allows: replies that come together are one
 * look. A hold that comes after the end of its order is voided here, because nobody else will come for it. Answers those
 * that are over now.
 */
export const progressOrders =
  (stores: ProgressStores) =>
  async (tx: Transaction, refs: readonly OrderRef[]): Promise<readonly EndedOrder[]> => {
    const originOf = new Map(refs.map(({ orderNumber, origin }) => [orderNumber, origin]));
    const locked = await stores.orders.load(tx, [...originOf.keys()], { lock: true });
    const orders = [...originOf].flatMap(([orderNumber, origin]) => {
      const order = locked.get(orderNumber)?.state;
      const isLooked = order?.status === 'PENDING' || order?.status === 'CANCELLED';
      return isLooked ? [{ orderNumber, order, origin }] : [];
    });
    if (orders.length === 0) return [];
    const looked = new Map(orders.map(({ orderNumber, order }) => [orderNumber, order]));
    const { now, holds } = await findHolds(stores, tx, looked);
    const batch = await openLockedOrders(stores, tx, locked, now);
    const late = orders.flatMap(({ orderNumber, order, origin }) => {
      const found = holds.get(orderNumber);
      if (!found || order.status !== 'CANCELLED' || !isAnyHeld(found)) return [];
      return [{ orderNumber, order, origin }];
    });
    for (const { orderNumber, order, origin } of orders) {
      const found = holds.get(orderNumber);
      if (!found || order.status !== 'PENDING') continue;
      batch.decide(orderNumber, { type: 'Progress', held: heldSteps(found), pointHold: found.pointHold }, origin);
    }
    await saveOrders(stores, tx, batch, late);
    return batch.ended();
  };
