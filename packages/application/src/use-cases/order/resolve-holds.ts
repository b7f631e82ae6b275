import { type OrderStep, orderSteps } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Outcome } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { endReservations } from '../coupon/end-reservations.js';
import { movePoints } from '../points/move-points.js';
import { endStockHolds } from '../stock/end-stock-holds.js';
import type { StockStores } from '../stock/stock-batch.js';
import { type HoldCounts, holdNames } from './hold-ids.js';

export type ResolveStores = StockStores &
  Pick<Adapters, 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'ids' | 'pointLedger'>;

/** `Post`: the order is completed. `Void`: it is cancelled. */
export type HoldEnd = 'Post' | 'Void';

/** The holds of an order that is over, and on whose behalf they end. */
export interface EndedHolds {
  readonly orderNumber: string;
  readonly end: HoldEnd;
  readonly holds: HoldCounts;
  readonly origin: Origin;
}

type Resolve = (
  stores: ResolveStores,
  tx: Transaction,
  end: HoldEnd,
  holds: readonly { readonly id: string; readonly origin: Origin }[],
) => Promise<readonly Outcome<unknown>[]>;

const resolvers: Readonly<Record<OrderStep, Resolve>> = {
  STOCK: (stores, tx, end, holds) =>
    endStockHolds(stores)(
      tx,
      holds.map(({ id, origin }) => ({ holdId: id, end, origin })),
    ),
  COUPON: (stores, tx, end, holds) =>
    endReservations(stores)(
      tx,
      holds.map(({ id, origin }) => ({
        ...{ reservationId: id, end: end === 'Post' ? ('Confirm' as const) : ('Release' as const) },
        ...{ owner: null, origin },
      })),
    ),
  POINTS: (stores, tx, end, holds) =>
    movePoints(stores, { debt: 'ALLOWED' })(
      tx,
      holds.map(({ id, origin }) =>
        end === 'Post'
          ? { change: 'Post', pointId: id, points: null, origin }
          : { change: 'Void', pointId: id, origin },
      ),
    ),
};

/** What was never held needs no voiding: its step was refused. */
const neverHeld = new Set(['STOCK_HOLD_NOT_FOUND', 'RESERVATION_NOT_FOUND']);

/**
 * Posts what is held for completed orders, and voids what is held for cancelled ones in reverse order. What is
 * resolved already is left alone, so it may be done any number of times.
 * @param only the steps to resolve; default all
 * @throws Error when a hold of a completed order can't be posted: nobody but the time could have ended it
 */
export async function resolveHolds(
  stores: ResolveStores,
  tx: Transaction,
  orders: readonly EndedHolds[],
  only: readonly OrderStep[] = orderSteps,
): Promise<void> {
  for (const step of only) await resolveStep(stores, tx, 'Post', step, orders);
  for (const step of [...only].reverse()) await resolveStep(stores, tx, 'Void', step, orders);
}

async function resolveStep(
  stores: ResolveStores,
  tx: Transaction,
  end: HoldEnd,
  step: OrderStep,
  orders: readonly EndedHolds[],
): Promise<void> {
  const ending = orders.flatMap(({ orderNumber, origin, holds, ...order }) =>
    order.end === end ? holdNames(orderNumber, holds)[step].map(id => ({ id, orderNumber, origin })) : [],
  );
  if (ending.length === 0) return;
  const outcomes = await resolvers[step](stores, tx, end, ending);
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.accepted || (end === 'Void' && neverHeld.has(outcome.refusal.code))) continue;
    throw new Error(`${step} of order ${ending[i]?.orderNumber}: ${outcome.refusal.code}`);
  }
}
