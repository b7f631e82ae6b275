import { needsStep, type Order, type OrderStep, orderSteps, type Refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { afterConflicts } from '../../use-case.js';
import { emptyCarts } from './empty-carts.js';
import { type EndStores, endSteps, openSteps, saveSteps, stepsHeld } from './end-holds.js';
import { heldSteps, type OrderHolds } from './find-holds.js';
import {
  type EndedOrder,
  type OrderBatch,
  type OrderStores,
  openLockedOrders,
  openOrders,
  readOrders,
} from './order-batch.js';
import { type OrderRef, openStep, type RequestedOrder, type StepStores } from './step-batches.js';

/** Writes down which steps can't be had, so that it stays. */
function refuse(
  batch: OrderBatch,
  step: OrderStep,
  orders: readonly OrderRef[],
  refusals: ReadonlyMap<string, Refusal>,
): void {
  for (const { orderNumber, origin } of orders) {
    const no = refusals.get(orderNumber);
    if (no) batch.decide(orderNumber, { type: 'RefuseStep', step, code: no.code, data: no.data }, origin);
  }
}

const refuseStep =
  (stores: OrderStores, step: OrderStep, refusals: ReadonlyMap<string, Refusal>, orders: readonly OrderRef[]) =>
  async (tx: Transaction): Promise<void> => {
    const batch = await openOrders(stores, tx, [...refusals.keys()]);
    refuse(batch, step, orders, refusals);
    await batch.save();
  };

const asksFor = (step: OrderStep, order: Order | undefined) =>
  order?.status === 'PENDING' && order.steps[step] === 'PENDING';

/** Holds one step of those orders that wait for it still: whoever reads old messages finds that most are over. Answers the refusals. */
const holdStep =
  (stores: StepStores, step: OrderStep, wanted: readonly RequestedOrder[]) =>
  async (tx: Transaction): Promise<ReadonlyMap<string, Refusal>> => {
    const numbers = wanted.map(({ orderNumber }) => orderNumber);
    const read = await readOrders(stores, tx, numbers);
    const open = wanted.filter(({ orderNumber }) => asksFor(step, read.get(orderNumber)));
    if (open.length === 0) return new Map();
    const batch = await openStep[step](stores, tx, open, () => true);
    await batch.save();
    return batch.refusals;
  };

/**
 * Holds one step of the orders that need it, and tells those that can't have it. In two transactions: whoever ends orders locks them
 * before what is held for them, and so must everybody; asked again after a crash in between, it comes to the same.
 */
export const askStep =
  (stores: StepStores & Pick<Adapters, 'unitOfWork'>, step: OrderStep) =>
  async (orders: readonly RequestedOrder[]): Promise<void> => {
    const { unitOfWork } = stores;
    const wanted = orders.filter(({ request }) => needsStep(request, step));
    if (wanted.length === 0) return;
    const refusals = await afterConflicts(() => unitOfWork.run(holdStep(stores, step, wanted)));
    if (refusals.size > 0) await afterConflicts(() => unitOfWork.run(refuseStep(stores, step, refusals, wanted)));
  };

/**
 * Holds whatever pending orders still need and lets them go on, in one transaction: for who does the work of all steps,
 * and has nobody's answer to wait for. What is held and ended at once is written once. The orders are locked first,
 * as everybody does. Answers those that are over now.
 */
export const holdAllSteps =
  (stores: EndStores) =>
  async (tx: Transaction, wanted: readonly RequestedOrder[]): Promise<readonly EndedOrder[]> => {
    const numbers = wanted.map(({ orderNumber }) => orderNumber);
    const locked = await stores.orders.load(tx, numbers, { lock: true });
    const stateOf = ({ orderNumber }: OrderRef) => locked.get(orderNumber)?.state;
    const orders = wanted.filter(order => stateOf(order)?.status === 'PENDING');
    if (orders.length === 0) return [];
    const steps = await openSteps(stores, tx, orders, (step, order) => asksFor(step, stateOf(order)));
    const batch = await openLockedOrders(stores, tx, locked);
    // In the order of the steps: of several refusals the first one is the reason.
    for (const step of orderSteps) refuse(batch, step, orders, steps[step].refusals);
    const holdsOf = new Map(orders.map(order => [order.orderNumber, stepsHeld(steps, order)] as const));
    for (const { orderNumber, origin } of orders) {
      const holds = holdsOf.get(orderNumber) as OrderHolds;
      const { pointHold } = holds;
      batch.decide(orderNumber, { type: 'Progress', held: heldSteps(holds), pointHold }, origin);
    }
    const ended = batch.ended();
    for (const each of ended) endSteps(steps, holdsOf.get(each.orderNumber) as OrderHolds, each);
    await Promise.all([batch.save(), saveSteps(steps)]);
    await emptyCarts(stores, tx, ended);
    return ended;
  };
