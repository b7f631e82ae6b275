import { type HeldSteps, type Instant, needsStep, type OrderStep, orderSteps, type PlacedOrder } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { pointHoldRef, reservationIds, stockHoldIds } from './hold-ids.js';

export type HoldStores = Pick<Adapters, 'clock' | 'stockHolds' | 'reservations' | 'pointLedger'>;

/** One hold of an order, by the time of the store. */
export interface FoundHold {
  readonly id: string;
  readonly status: 'NONE' | 'HELD' | 'POSTED' | 'GONE';
}

/** What is held for one order, step by step. */
export interface OrderHolds {
  readonly steps: Readonly<Record<OrderStep, readonly FoundHold[]>>;
  /** Null = nothing is held of the user's points. */
  readonly pointHold: string | null;
}

interface StoredHold {
  readonly status: string;
  readonly until?: Instant | null;
  readonly expiresAt?: Instant;
}

const nothing: StoredHold = { status: 'NONE' };
const ended: Readonly<Record<string, FoundHold['status']>> = { POSTED: 'POSTED', CONFIRMED: 'POSTED', NONE: 'NONE' };

/** @param stored undefined = there is none */
export function found(id: string, stored: StoredHold | undefined, now: Instant): FoundHold {
  const { status, ...ends } = stored ?? nothing;
  const until = ends.until ?? ends.expiresAt ?? Number.POSITIVE_INFINITY;
  const isLive = (status === 'HELD' || status === 'RESERVED') && until > now;
  return { id, status: isLive ? 'HELD' : (ended[status] ?? 'GONE') };
}

type Orders = ReadonlyMap<string, PlacedOrder>;
type Find = (
  stores: HoldStores,
  tx: Transaction,
  orders: Orders,
) => Promise<(orderNumber: string, now: Instant) => readonly FoundHold[]>;

const flatIds = (orders: Orders, idsOf: (orderNumber: string, facts: PlacedOrder['facts']) => readonly string[]) =>
  [...orders].flatMap(([orderNumber, { facts }]) => idsOf(orderNumber, facts));

const factsOf = (orders: Orders, orderNumber: string) => {
  const order = orders.get(orderNumber);
  if (!order) throw new Error(`order ${orderNumber} was not asked for`);
  return order.facts;
};

/** How the holds of each step are found: by names that follow from the order, in one look-up. */
const finders: Readonly<Record<OrderStep, Find>> = {
  STOCK: async ({ stockHolds }, tx, orders) => {
    const stored = await stockHolds.load(tx, flatIds(orders, stockHoldIds));
    return (orderNumber, now) =>
      stockHoldIds(orderNumber, factsOf(orders, orderNumber)).map(id => found(id, stored.get(id)?.state, now));
  },
  COUPON: async ({ reservations }, tx, orders) => {
    const ids = flatIds(orders, reservationIds);
    const stored = ids.length > 0 ? await reservations.load(tx, ids) : new Map<string, never>();
    return (orderNumber, now) =>
      reservationIds(orderNumber, factsOf(orders, orderNumber)).map(id => found(id, stored.get(id)?.state, now));
  },
  POINTS: async ({ pointLedger }, tx, orders) => {
    const refs = [...orders].flatMap(([orderNumber, { facts }]) =>
      needsStep(facts, 'POINTS') ? [pointHoldRef(orderNumber, facts)] : [],
    );
    const stored = refs.length > 0 ? await pointLedger.holds(tx, refs) : [];
    const holdOf = new Map(refs.map(({ key }, i) => [key, stored[i] ?? null]));
    return (orderNumber, now) => {
      const hold = holdOf.get(orderNumber);
      return hold === undefined ? [] : [found(hold?.pointId ?? '', hold ?? undefined, now)];
    };
  },
};

/** Looks up the holds of many orders, one look-up for each step; `now` is the time of the store that they are judged by. */
export async function findHolds(
  stores: HoldStores,
  tx: Transaction,
  orders: Orders,
): Promise<{ readonly now: Instant; readonly holds: ReadonlyMap<string, OrderHolds> }> {
  const [now, ...stored] = await Promise.all([
    stores.clock.now(tx),
    ...orderSteps.map(async step => [step, await finders[step](stores, tx, orders)] as const),
  ]);
  const findOf = new Map(stored);
  const holdsOf = (orderNumber: string) => holdsFrom(step => findOf.get(step)?.(orderNumber, now) ?? []);
  return { now, holds: new Map([...orders.keys()].map(orderNumber => [orderNumber, holdsOf(orderNumber)])) };
}

export function holdsFrom(of: (step: OrderStep) => readonly FoundHold[]): OrderHolds {
  const steps = { STOCK: of('STOCK'), COUPON: of('COUPON'), POINTS: of('POINTS') };
  return { steps, pointHold: steps.POINTS[0]?.id || null };
}

/** Whether anything is held at all. */
export const isAnyHeld = ({ steps }: OrderHolds): boolean =>
  Object.values(steps).some(holds => holds.some(({ status }) => status === 'HELD'));

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
