import { type HeldSteps, type Instant, needsStep, type OrderStep, type PlacedOrder, type StockHold } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { StoredPointHold } from '../../ports/point-ledger.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { pointHoldRef, reservationIds, stockHoldIds } from './hold-ids.js';

export type HoldStores = Pick<Adapters, 'clock' | 'stockHolds' | 'reservations' | 'pointLedger'>;

/** One hold of an order, by the time of the store. */
interface FoundHold {
  readonly id: string;
  readonly status: 'NONE' | 'HELD' | 'POSTED' | 'GONE';
}

/** What is held for one order, step by step. */
export interface OrderHolds {
  readonly steps: Readonly<Record<OrderStep, readonly FoundHold[]>>;
  /** Null = nothing is held of the user's points. */
  readonly pointHold: string | null;
}

interface Stored {
  readonly status: string;
  readonly until?: Instant;
  readonly expiresAt?: Instant;
}

const ended: Readonly<Record<string, FoundHold['status']>> = { POSTED: 'POSTED', CONFIRMED: 'POSTED', NONE: 'NONE' };

function found(id: string, { status, ...ends }: Stored, now: Instant): FoundHold {
  const until = ends.until ?? ends.expiresAt ?? Number.POSITIVE_INFINITY;
  const isLive = (status === 'HELD' || status === 'RESERVED') && until > now;
  return { id, status: isLive ? 'HELD' : (ended[status] ?? 'GONE') };
}

const never: StockHold = { status: 'NONE' };
const noPoints: Pick<StoredPointHold, 'status' | 'until'> | { status: 'NONE' } = { status: 'NONE' };

/** Looks up the holds of many orders by their names, three look-ups in all. */
export async function findHolds(
  { clock, stockHolds, reservations, pointLedger }: HoldStores,
  tx: Transaction,
  orders: ReadonlyMap<string, PlacedOrder>,
): Promise<ReadonlyMap<string, OrderHolds>> {
  const all = [...orders].map(([orderNumber, { facts }]) => ({
    orderNumber,
    stock: stockHoldIds(orderNumber, facts),
    coupons: reservationIds(orderNumber, facts),
    points: needsStep(facts, 'POINTS') ? pointHoldRef(orderNumber, facts) : null,
  }));
  const reservationKeys = all.flatMap(({ coupons }) => coupons);
  const refs = all.flatMap(({ points }) => (points ? [points] : []));
  const [stock, coupons, points, now] = await Promise.all([
    stockHolds.load(
      tx,
      all.flatMap(each => each.stock),
    ),
    reservationKeys.length > 0 ? reservations.load(tx, reservationKeys) : new Map(),
    refs.length > 0 ? pointLedger.holds(tx, refs) : [],
    clock.now(tx),
  ]);
  const pointsOf = new Map(refs.map(({ key }, i) => [key, points[i] ?? null]));
  return new Map(
    all.map(({ orderNumber, ...ids }): [string, OrderHolds] => {
      const held = pointsOf.get(orderNumber) ?? null;
      const steps = {
        STOCK: ids.stock.map(id => found(id, stock.get(id)?.state ?? never, now)),
        COUPON: ids.coupons.map(id => found(id, coupons.get(id)?.state ?? never, now)),
        POINTS: ids.points ? [found(held?.pointId ?? '', held ?? noPoints, now)] : [],
      };
      return [orderNumber, { steps, pointHold: held?.pointId ?? null }];
    }),
  );
}

/** What the holds of a step come to: lost if one is gone, held if none is missing. */
function stepOf(holds: readonly FoundHold[]): HeldSteps[OrderStep] {
  if (holds.some(({ status }) => status === 'NONE')) return 'PENDING';
  return holds.some(({ status }) => status === 'GONE') ? 'LOST' : 'HELD';
}

export const heldSteps = ({ steps }: OrderHolds): HeldSteps => ({
  STOCK: stepOf(steps.STOCK),
  COUPON: stepOf(steps.COUPON),
  POINTS: stepOf(steps.POINTS),
});
