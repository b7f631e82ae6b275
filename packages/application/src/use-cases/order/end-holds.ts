import { type OrderStep, orderSteps } from '@org/domain';
import type { Outcome } from '../../outcome.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { type CartStores, emptyCarts } from './empty-carts.js';
import { type Ending, endOf } from './endings.js';
import { holdsFrom, type OrderHolds } from './find-holds.js';
import type { EndedOrder, OrderBatch } from './order-batch.js';
import { lockingOrder, openStep, type RequestedOrder, type StepBatch, type StepStores } from './step-batches.js';

export type EndStores = StepStores & CartStores;

/** All steps of many orders, open under their locks for the time of one transaction. */
export type Steps = Readonly<Record<OrderStep, StepBatch>>;

/** What was held first ends last. */
const endingOrder: readonly OrderStep[] = [...orderSteps].reverse();

/** @param asks whether a step is wanted for an order now; the others are only opened */
export async function openSteps(
  stores: StepStores,
  tx: Transaction,
  orders: readonly RequestedOrder[],
  asks: (step: OrderStep, order: RequestedOrder) => boolean,
): Promise<Steps> {
  // All at once: an adapter that can sends what they ask in one go, the locks in this order.
  const opened = await Promise.all(
    lockingOrder.map(
      async step => [step, await openStep[step](stores, tx, orders, order => asks(step, order))] as const,
    ),
  );
  return Object.fromEntries(opened) as unknown as Steps;
}

export const stepsHeld = (steps: Steps, order: RequestedOrder): OrderHolds =>
  holdsFrom(step => steps[step].holds(order));

/**
 * Posts whatever is held for an order that is completed, and voids it for one that is cancelled. What has ended so
 * already is left alone, so it may be done any number of times.
 * @throws Error when a hold has not ended as it must: one of a completed order is gone, and the order must not be completed
 */
export function endSteps(steps: Steps, { steps: holds }: OrderHolds, { order, origin, orderNumber }: EndedOrder): void {
  const end = endOf(order);
  for (const step of endingOrder)
    for (const { id, status } of holds[step]) {
      // What was never held needs no voiding: its step was refused.
      if (status === 'NONE' && end === 'Void') continue;
      const ending = { id, orderNumber, end, origin };
      assertEnded(step, ending, steps[step].end(ending));
    }
}

export const saveSteps = (steps: Steps): Promise<unknown> => Promise.all(endingOrder.map(step => steps[step].save()));

function assertEnded(step: OrderStep, { orderNumber }: Ending, outcome: Outcome<unknown>): void {
  if (!outcome.accepted) throw new Error(`${step} of order ${orderNumber}: ${outcome.refusal.code}`);
}

/** Ends what is held for orders that are over. */
export async function endHolds(stores: StepStores, tx: Transaction, ended: readonly EndedOrder[]): Promise<void> {
  if (ended.length === 0) return;
  const requested = new Map(ended.map(each => [each, { ...each, request: each.order.facts }]));
  const steps = await openSteps(stores, tx, [...requested.values()], () => false);
  for (const [each, order] of requested) endSteps(steps, stepsHeld(steps, order), each);
  await saveSteps(steps);
}

/**
 * Writes orders; and with those that are over now it ends what is held for them and the cart that they were made of, in
 * the same transaction: nobody sees the one without the other. What is held for them at the same moment by somebody who
 * has not committed, `progressOrders` or `resumeOrders` finds later.
 * @param late orders that were over before, and that something is held for all the same
 */
export async function saveOrders(
  stores: EndStores,
  tx: Transaction,
  batch: OrderBatch,
  late: readonly EndedOrder[] = [],
): Promise<void> {
  const ended = batch.ended();
  await Promise.all([batch.save(), endHolds(stores, tx, [...ended, ...late])]);
  // Last: everybody locks carts after what is held.
  await emptyCarts(stores, tx, ended);
}
