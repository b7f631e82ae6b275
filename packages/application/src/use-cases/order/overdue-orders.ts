import type { Adapters } from '../../adapters.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { holdAllSteps } from './hold-steps.js';
import { isOver, openLockedOrders, readOrders } from './order-batch.js';
import { type ProgressStores, progressOrders } from './progress-orders.js';
import { endHolds, saveOrders } from './resolve-holds.js';
import type { OrderRef, StepStores } from './step-batches.js';

type Stores = ProgressStores & StepStores & Pick<Adapters, 'unitOfWork'>;

interface Batch {
  readonly limit: number;
  readonly origin: Origin;
}

/**
 * Ends one batch of orders that were not paid in time (orders rule 7). Answers how many; fewer than `limit` = none is
 * left for now.
 */
export const timeOutOrders =
  (stores: Stores) =>
  ({ limit, origin }: Batch): Promise<number> =>
    stores.unitOfWork.run(async tx => {
      const unpaid = await stores.orders.lockUnpaid(tx, limit);
      if (unpaid.size === 0) return 0;
      const batch = await openLockedOrders(stores, tx, unpaid);
      for (const orderNumber of unpaid.keys()) batch.decide(orderNumber, { type: 'TimeOut' }, origin);
      await saveOrders(stores, tx, batch);
      return unpaid.size;
    });

/**
 * Finds orders that nobody has gone on with, and goes on: asks once more for what has not been answered, and resolves
 * what is held for orders that are over. An answer that is unknown is never taken for a refusal. Each order is a
 * transaction of its own, so that none stands in the way of the others.
 */
export const resumeOrders =
  (stores: Stores) =>
  async ({
    limit,
    origin,
    olderThanSeconds,
    failed,
  }: Batch & {
    readonly olderThanSeconds: number;
    /** Told of every order that could not be helped. */
    failed(orderNumber: string, error: unknown): void;
  }): Promise<number> => {
    const stuck = await stores.unitOfWork.run(tx => stores.orders.stuck(tx, olderThanSeconds, limit));
    let resumed = 0;
    for (const orderNumber of stuck) {
      try {
        await resumeOne(stores, { orderNumber, origin });
        resumed++;
      } catch (error) {
        failed(orderNumber, error);
      }
    }
    return resumed;
  };

async function resumeOne(stores: Stores, { orderNumber, origin }: OrderRef): Promise<void> {
  const read = (tx: Transaction) => readOrders(stores, tx, [orderNumber]).then(found => found.get(orderNumber));
  await stores.unitOfWork.run(async tx => {
    const order = await read(tx);
    if (order) await holdAllSteps(stores)(tx, [{ orderNumber, origin, request: order.facts }]);
    await progressOrders(stores)(tx, [{ orderNumber, origin }]);
  });
  await stores.unitOfWork.run(async tx => {
    const order = await read(tx);
    if (order && isOver(order)) await endHolds(stores, tx, [{ orderNumber, order, origin }]);
  });
}
