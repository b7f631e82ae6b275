import type { Order } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Versioned } from '../../ports/aggregate-repository.js';
import { InfrastructureError, StoreUnavailableError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { endHolds, saveOrders } from './end-holds.js';
import { holdAllSteps } from './hold-steps.js';
import { isOver, openLockedOrders, readOrders } from './order-batch.js';
import { type ProgressStores, progressOrders } from './progress-orders.js';
import type { OrderRef, StepStores } from './step-batches.js';

type Stores = ProgressStores & StepStores & Pick<Adapters, 'unitOfWork'>;

interface Batch {
  readonly limit: number;
  readonly origin: Origin;
  /** Told of every order that could not be helped. */
  failed(orderNumber: string, error: unknown): void;
}

/**
 * Ends one batch of orders that were not paid in time (orders rule 7). Answers how many; fewer than `limit` = none is
 * left for now, or some can't be ended: then each of the batch was a transaction of its own.
 */
export const timeOutOrders =
  (stores: Stores) =>
  async ({ limit, origin, failed }: Batch): Promise<number> => {
    const { orders, unitOfWork } = stores;
    const unpaid = (tx: Transaction) => orders.lockUnpaid(tx, limit);
    try {
      return await unitOfWork.run(async tx => timeOutAll(stores, tx, await unpaid(tx), origin));
    } catch (error) {
      if (error instanceof InfrastructureError) throw error;
    }
    const one = (tx: Transaction, orderNumber: string) => orders.load(tx, [orderNumber], { lock: true });
    return eachAlone([...(await unitOfWork.run(unpaid)).keys()], failed, orderNumber =>
      unitOfWork.run(async tx => timeOutAll(stores, tx, await one(tx, orderNumber), origin)),
    );
  };

async function timeOutAll(
  stores: Stores,
  tx: Transaction,
  locked: ReadonlyMap<string, Versioned<Order>>,
  origin: Origin,
): Promise<number> {
  if (locked.size === 0) return 0;
  const batch = await openLockedOrders(stores, tx, locked);
  for (const orderNumber of locked.keys()) batch.decide(orderNumber, { type: 'TimeOut' }, origin);
  await saveOrders(stores, tx, batch);
  return locked.size;
}

/** Answers for how many it went well. */
async function eachAlone(
  orderNumbers: readonly string[],
  failed: Batch['failed'],
  work: (orderNumber: string) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  for (const orderNumber of orderNumbers) {
    try {
      await work(orderNumber);
      done++;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      failed(orderNumber, error);
    }
  }
  return done;
}

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
  }: Batch & { readonly olderThanSeconds: number }): Promise<number> => {
    const stuck = await stores.unitOfWork.run(tx => stores.orders.stuck(tx, olderThanSeconds, limit));
    return eachAlone(stuck, failed, orderNumber => resumeOne(stores, { orderNumber, origin }));
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
