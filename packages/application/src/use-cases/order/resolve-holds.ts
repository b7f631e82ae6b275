import { needsStep, type OrderStep } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Outcome } from '../../outcome.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { endReservations } from '../coupon/end-reservations.js';
import { movePoints } from '../points/move-points.js';
import { endStockHolds } from '../stock/end-stock-holds.js';
import type { StockStores } from '../stock/stock-batch.js';
import { type CartStores, emptyCarts } from './empty-carts.js';
import { type Ending, endOf, endOfDiscount, endOfLine, endOfPoints } from './endings.js';
import { holdNames, pointHoldRef } from './hold-ids.js';
import type { EndedOrder, OrderBatch } from './order-batch.js';
import { lockingOrder } from './step-batches.js';

export type ResolveStores = StockStores &
  Pick<Adapters, 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'ids' | 'pointLedger'>;

export type EndStores = ResolveStores & CartStores;

type Resolve = (
  stores: ResolveStores,
  tx: Transaction,
  holds: readonly Ending[],
) => Promise<readonly Outcome<unknown>[]>;

const resolvers: Readonly<Record<OrderStep, Resolve>> = {
  STOCK: (stores, tx, holds) => endStockHolds(stores)(tx, holds.map(endOfLine)),
  COUPON: (stores, tx, holds) => endReservations(stores)(tx, holds.map(endOfDiscount)),
  POINTS: (stores, tx, holds) => movePoints(stores, { debt: 'ALLOWED' })(tx, holds.map(endOfPoints)),
};

/** What was never held needs no voiding: its step was refused. */
const neverHeld = new Set(['STOCK_HOLD_NOT_FOUND', 'RESERVATION_NOT_FOUND']);

async function resolveStep(stores: ResolveStores, tx: Transaction, step: OrderStep, holds: readonly Ending[]) {
  if (holds.length === 0) return;
  const outcomes = await resolvers[step](stores, tx, holds);
  for (const [i, hold] of holds.entries()) assertEnded(step, hold, outcomes[i]);
}

/** @throws Error when a hold of an order that is over has not ended as it must */
export function assertEnded(
  step: OrderStep,
  { end, orderNumber }: Ending,
  outcome: Outcome<unknown> | undefined,
): void {
  if (outcome?.accepted || (end === 'Void' && outcome && neverHeld.has(outcome.refusal.code))) return;
  throw new Error(`${step} of order ${orderNumber}: ${outcome?.refusal.code}`);
}

/**
 * Posts what is held for completed orders, and voids what is held for cancelled ones. What is resolved already is left
 * alone, so it may be done any number of times.
 * @throws Error when a hold of a completed order can't be posted: it is gone, and the order must not be completed
 */
export async function endHolds(stores: ResolveStores, tx: Transaction, ended: readonly EndedOrder[]): Promise<void> {
  // Points that were held since the last look at an order have a name that only the ledger knows.
  const unseen = ended.filter(({ order }) => order.pointHold === null && needsStep(order.facts, 'POINTS'));
  const refs = unseen.map(({ orderNumber, order }) => pointHoldRef(orderNumber, order.facts));
  const found = refs.length > 0 ? await stores.pointLedger.holds(tx, refs) : [];
  const seen = new Map(unseen.map(({ orderNumber }, i) => [orderNumber, found[i]?.pointId ?? null]));
  const holdsOf = (step: OrderStep) =>
    ended.flatMap(({ orderNumber, order, origin }) => {
      const pointHold = order.pointHold ?? seen.get(orderNumber) ?? null;
      const end = endOf(order);
      return holdNames(orderNumber, { ...order, pointHold })[step].map(
        (id): Ending => ({ id, orderNumber, end, origin }),
      );
    });
  // All at once: an adapter that can sends what they ask in one go, step by step in this order.
  await Promise.all(lockingOrder.map(step => resolveStep(stores, tx, step, holdsOf(step))));
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
