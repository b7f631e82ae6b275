import {
  type Instant,
  type Order,
  type OrderCommand,
  type OrderEvent,
  order as orderDecider,
  type PlacedOrder,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { aggregateBatch } from '../../aggregate-batch.js';
import { orderEvents } from '../../order-events.js';
import type { Outcome } from '../../outcome.js';
import type { Versioned } from '../../ports/aggregate-repository.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';

export type OrderStores = Pick<Adapters, 'clock' | 'orders' | 'events'>;

type Without<Command> = Command extends unknown ? Omit<Command, 'at'> : never;
/** A command without what the batch knows itself. */
export type OrderWish = Without<OrderCommand>;

/** Orders under lock for the time of one transaction. */
export interface OrderBatch {
  /** The time of the store, read after the locks were won. */
  readonly now: Instant;
  /** Null = there is no such order. */
  order(orderNumber: string): PlacedOrder | null;
  /** Decides on what the commands before it have left. */
  decide(orderNumber: string, wish: OrderWish, origin: Origin): Outcome<readonly OrderEvent[]>;
  /** Those that what was decided has ended. */
  ended(): readonly EndedOrder[];
  save(): Promise<void>;
}

/** An order that is over, and on whose behalf. */
export interface EndedOrder {
  readonly orderNumber: string;
  readonly order: PlacedOrder;
  readonly origin: Origin;
}

/** Whether nothing can be held for it any more. */
export const isOver = ({ status }: Order): boolean => status === 'COMPLETED' || status === 'CANCELLED';

const isEnd = ({ type }: OrderEvent) => type === 'OrderCompleted' || type === 'OrderCancelled';

const placed = (state: Order): PlacedOrder | null => (state.status === 'NONE' ? null : state);

/** Locks orders, in the order that everybody keeps: orders before what is noted of payments, points, coupons and stock. */
export async function openOrders(
  stores: OrderStores,
  tx: Transaction,
  orderNumbers: readonly string[],
): Promise<OrderBatch> {
  return openLockedOrders(stores, tx, await stores.orders.load(tx, [...new Set(orderNumbers)], { lock: true }));
}

/**
 * The same for orders that are locked already, or that nobody can know of yet.
 * @param at the time of the store, where it is known; default: it is asked
 */
export async function openLockedOrders(
  stores: OrderStores,
  tx: Transaction,
  locked: ReadonlyMap<string, Versioned<Order>>,
  at?: Instant,
): Promise<OrderBatch> {
  const batch = aggregateBatch(stores.orders, orderDecider, locked);
  const now = at ?? (await stores.clock.now(tx));
  return {
    now,
    order: orderNumber => placed(batch.state(orderNumber)),
    decide: (orderNumber, wish, origin) => batch.decide(orderNumber, { ...wish, at: now } as OrderCommand, origin),
    ended: () =>
      batch.changed().flatMap(({ id, state, events, origins }) => {
        const order = placed(state);
        const origin = origins[events.findIndex(isEnd)];
        return order && origin ? [{ orderNumber: id, order, origin }] : [];
      }),
    async save() {
      const changed = batch.changed();
      if (changed.length === 0) return;
      const events = changed.flatMap(({ id, state, ...more }) =>
        state.status === 'NONE' ? [] : orderEvents({ orderNumber: id, facts: state.facts, ...more }),
      );
      await Promise.all([batch.save(tx), stores.events.append(tx, events)]);
    },
  };
}

/** Orders as they are, for who only has to read them. */
export async function readOrders(
  { orders }: Pick<OrderStores, 'orders'>,
  tx: Transaction,
  orderNumbers: readonly string[],
): Promise<ReadonlyMap<string, PlacedOrder>> {
  const loaded = await orders.load(tx, [...new Set(orderNumbers)]);
  return new Map(
    [...loaded].flatMap(([orderNumber, { state }]) => (state.status === 'NONE' ? [] : [[orderNumber, state]])),
  );
}
