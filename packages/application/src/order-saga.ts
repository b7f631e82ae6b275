import type { OrderStep, PlacedOrder } from '@org/domain';
import type { Adapters } from './adapters.js';
import { catalogueEventTypes } from './catalogue-events.js';
import { eventTypes } from './events.js';
import { orderEventTypes } from './order-events.js';
import { cartOrderOf, endingOf, orderOf, requestOf } from './order-messages.js';
import { pointEventTypes } from './point-events.js';
import { type DeliveredEvent, handled, type Subscription } from './ports/event-bus.js';
import type { Transaction } from './ports/unit-of-work.js';
import { afterConflicts } from './use-case.js';
import { emptyCarts } from './use-cases/order/empty-carts.js';
import { holdStep } from './use-cases/order/hold-steps.js';
import { type Completed, progressOrders } from './use-cases/order/progress-orders.js';
import { type HoldEnd, resolveHolds } from './use-cases/order/resolve-holds.js';

/** What is to be done about events of some types, in one transaction; null = nothing. */
type Work = (events: readonly DeliveredEvent[]) => ((tx: Transaction) => Promise<unknown>) | null;

interface Worker {
  readonly group: string;
  readonly maxBatch?: number;
  /** By type; those of one batch are taken in this order. */
  readonly on: Readonly<Record<string, Work>>;
}

/** Reads messages and does what they ask for; about the same order, the last one counts. */
const reading =
  <Message extends { readonly orderNumber: string }>(
    read: (event: DeliveredEvent) => Message | null,
    work: (tx: Transaction, messages: readonly Message[]) => Promise<unknown>,
  ): Work =>
  events => {
    const messages = new Map<string, Message>();
    for (const event of events) {
      const message = read(event);
      if (message) messages.set(message.orderNumber, message);
    }
    return messages.size > 0 ? tx => work(tx, [...messages.values()]) : null;
  };

/**
 * Who works at an order, each by messages of its own: stock, coupons and points are held side by side, what they
 * answer lets the order go on, its completion posts what is held, and its cancellation voids it in reverse order.
 */
const workersOf = (adapters: Adapters, completed: Completed): readonly Worker[] => {
  const { OrderPlaced, OrderCompleted, OrderCancelled, StepRefused, CancelRequested } = orderEventTypes;
  const progress = reading(orderOf, progressOrders(adapters, completed));
  const ends = (end: HoldEnd, only?: readonly OrderStep[]) =>
    reading(endingOf(end), (tx, orders) => resolveHolds(adapters, tx, orders, only));
  const step = (name: OrderStep) => ({
    [OrderPlaced]: reading(requestOf, holdStep(adapters, name)),
    [OrderCompleted]: ends('Post', [name]),
  });
  return [
    { group: 'stock-worker', on: step('STOCK') },
    { group: 'coupon-worker', on: step('COUPON') },
    { group: 'point-worker', on: step('POINTS') },
    {
      group: 'order-worker',
      maxBatch: MOST_ANSWERS,
      on: {
        [catalogueEventTypes.StockHeld]: progress,
        [eventTypes.CouponReserved]: progress,
        [pointEventTypes.PointsHeld]: progress,
        [StepRefused]: progress,
        [CancelRequested]: progress,
      },
    },
    { group: 'compensation-worker', on: { [OrderCancelled]: ends('Void') } },
    { group: 'cart-worker', on: { [OrderCompleted]: reading(cartOrderOf, emptyCarts(adapters)) } },
  ];
};

/** Large enough that a transaction pays, small enough that nobody who places an order waits long for the processor. */
const MOST_EVENTS = 100;
/** An order has several answers: those that come together are one look at it. */
const MOST_ANSWERS = 4 * MOST_EVENTS;

function subscriptionOf({ unitOfWork }: Adapters, { group, on, maxBatch = MOST_EVENTS }: Worker): Subscription {
  const typesOf = new Map<Work, string[]>();
  for (const [type, work] of Object.entries(on)) typesOf.set(work, [...(typesOf.get(work) ?? []), type]);
  return {
    group,
    types: Object.keys(on),
    maxBatch,
    handle: async events => {
      for (const [work, types] of typesOf) {
        const todo = work(events.filter(({ type }) => types.includes(type)));
        if (todo) await afterConflicts(() => unitOfWork.run(todo));
      }
      return events.map(() => handled);
    },
  };
}

/**
 * What has to be subscribed to, in one process or in many, for orders to go on.
 * @param completed told of every order that this process completes; default: nobody
 */
export const orderSubscriptions = (
  adapters: Adapters,
  completed: (order: PlacedOrder) => void = () => undefined,
): readonly Subscription[] => workersOf(adapters, completed).map(worker => subscriptionOf(adapters, worker));
