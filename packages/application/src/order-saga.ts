import type { Adapters } from './adapters.js';
import { catalogueEventTypes } from './catalogue-events.js';
import { eventTypes } from './events.js';
import { orderEventTypes } from './order-events.js';
import { pointEventTypes } from './point-events.js';
import { type DeliveredEvent, handled, type Subscription } from './ports/event-bus.js';
import type { Transaction } from './ports/unit-of-work.js';
import { afterConflicts } from './use-case.js';
import { emptyCarts } from './use-cases/order/empty-carts.js';
import { isOfAnOrder } from './use-cases/order/hold-ids.js';
import { holdStep, type OrderRef } from './use-cases/order/hold-steps.js';
import { readOrders } from './use-cases/order/order-batch.js';
import { progressOrders } from './use-cases/order/progress-orders.js';
import { resolveHolds } from './use-cases/order/resolve-holds.js';

type Work = (tx: Transaction, orders: readonly OrderRef[]) => Promise<void>;

interface Worker {
  readonly group: string;
  /** What the worker does at which events, in this order where several come in one batch. */
  readonly on: Readonly<Record<string, Work>>;
}

/** Told how long an order has taken, milliseconds; orders that waited for a payment are left out. */
export type Took = (ms: number) => void;

/** Orders that are over; a message that is late for once finds what has become of them. */
const finished =
  (adapters: Adapters, took: Took, steps?: Parameters<typeof resolveHolds>[3]): Work =>
  async (tx, refs) => {
    const orders = await readOrders(
      adapters,
      tx,
      refs.map(({ orderNumber }) => orderNumber),
    );
    const over = refs.flatMap(ref => {
      const order = orders.get(ref.orderNumber);
      return order && order.endedAt !== null ? [{ ...ref, order }] : [];
    });
    for (const { order } of over)
      if (order.facts.paymentDeadline === null) took((order.endedAt ?? 0) - order.facts.placedAt);
    await resolveHolds(adapters, tx, over, steps);
  };

/**
 * Who works at an order, each by messages of its own: stock, coupons and points are held side by side, what they
 * answer lets the order go on, its completion posts what is held, and its cancellation voids it in reverse order.
 */
const workersOf = (adapters: Adapters, took: Took): readonly Worker[] => {
  const progress = progressOrders(adapters);
  const { OrderPlaced, OrderCompleted, OrderCancelled, StepRefused, CancelRequested } = orderEventTypes;
  const step = (name: Parameters<typeof holdStep>[1]) => ({
    [OrderPlaced]: holdStep(adapters, name),
    [OrderCompleted]: finished(adapters, took, [name]),
  });
  return [
    { group: 'stock-worker', on: step('STOCK') },
    { group: 'coupon-worker', on: step('COUPON') },
    { group: 'point-worker', on: step('POINTS') },
    {
      group: 'order-worker',
      on: {
        [catalogueEventTypes.StockHeld]: progress,
        [eventTypes.CouponReserved]: progress,
        [pointEventTypes.PointsHeld]: progress,
        [StepRefused]: progress,
        [CancelRequested]: progress,
      },
    },
    { group: 'compensation-worker', on: { [OrderCancelled]: finished(adapters, took) } },
    { group: 'cart-worker', on: { [OrderCompleted]: emptyCarts(adapters) } },
  ];
};

/** The order that an event is about, each once, on behalf of who caused the last of them; others have no order. */
function ordersOf(events: readonly DeliveredEvent[]): readonly OrderRef[] {
  const refs = new Map<string, OrderRef>();
  for (const { data, origin } of events) {
    const { orderNumber, reservationId } = data;
    const isForeign = typeof reservationId === 'string' && !isOfAnOrder(reservationId);
    if (typeof orderNumber === 'string' && !isForeign) refs.set(orderNumber, { orderNumber, origin });
  }
  return [...refs.values()];
}

function subscriptionOf({ unitOfWork }: Adapters, { group, on }: Worker): Subscription {
  const works = new Map<Work, string[]>();
  for (const [type, work] of Object.entries(on)) works.set(work, [...(works.get(work) ?? []), type]);
  return {
    group,
    types: Object.keys(on),
    handle: async events => {
      for (const [work, types] of works) {
        const refs = ordersOf(events.filter(({ type }) => types.includes(type)));
        if (refs.length > 0) await afterConflicts(() => unitOfWork.run(tx => work(tx, refs)));
      }
      return events.map(() => handled);
    },
  };
}

/** What has to be subscribed to, in one process or in many, for orders to go on. */
export const orderSubscriptions = (adapters: Adapters, took: Took = () => undefined): readonly Subscription[] =>
  workersOf(adapters, took).map(worker => subscriptionOf(adapters, worker));
