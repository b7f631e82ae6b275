import { type OrderStep, orderSteps, type PlacedOrder } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Outcome } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { endReservations } from '../coupon/end-reservations.js';
import { movePoints } from '../points/move-points.js';
import { endStockHolds } from '../stock/end-stock-holds.js';
import type { StockStores } from '../stock/stock-batch.js';
import { findHolds, type HoldStores, type OrderHolds } from './find-holds.js';

export type ResolveStores = HoldStores &
  StockStores &
  Pick<Adapters, 'coupons' | 'policies' | 'campaigns' | 'ids' | 'pointLedger'>;

/** An order that is over, and who made it so. */
export interface FinishedOrder {
  readonly orderNumber: string;
  readonly order: PlacedOrder;
  readonly origin: Origin;
}

type End = 'Post' | 'Void';
type Resolve = (
  stores: ResolveStores,
  tx: Transaction,
  end: End,
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

const endOf = ({ status }: PlacedOrder): End => (status === 'COMPLETED' ? 'Post' : 'Void');

/**
 * Posts what is held for completed orders, and voids what is held for cancelled ones in reverse order. What is
 * resolved already is left alone, so it may be done any number of times.
 * @param only the steps to resolve; default all
 * @throws Error when a hold of a completed order can't be posted: nobody but the time could have ended it
 */
export async function resolveHolds(
  stores: ResolveStores,
  tx: Transaction,
  orders: readonly FinishedOrder[],
  only: readonly OrderStep[] = orderSteps,
): Promise<number> {
  if (orders.length === 0) return 0;
  const found = await findHolds(
    stores,
    tx,
    new Map(orders.map(({ orderNumber, order }) => [orderNumber, order])),
    only,
  );
  const completed = orders.filter(({ order }) => endOf(order) === 'Post');
  const cancelled = orders.filter(({ order }) => endOf(order) === 'Void');
  let resolved = 0;
  for (const step of only) resolved += await resolveStep(stores, tx, 'Post', step, completed, found);
  for (const step of [...only].reverse()) resolved += await resolveStep(stores, tx, 'Void', step, cancelled, found);
  return resolved;
}

async function resolveStep(
  stores: ResolveStores,
  tx: Transaction,
  end: End,
  step: OrderStep,
  orders: readonly FinishedOrder[],
  found: ReadonlyMap<string, OrderHolds>,
): Promise<number> {
  const holds = orders.flatMap(({ orderNumber, origin }) =>
    (found.get(orderNumber)?.steps[step] ?? [])
      .filter(({ status }) => status === 'HELD' || (status === 'GONE' && end === 'Post'))
      .map(({ id }) => ({ id, orderNumber, origin })),
  );
  if (holds.length === 0) return 0;
  const outcomes = await resolvers[step](stores, tx, end, holds);
  for (const [i, outcome] of outcomes.entries())
    if (!outcome.accepted) throw new Error(`${step} of order ${holds[i]?.orderNumber}: ${outcome.refusal.code}`);
  return holds.length;
}
