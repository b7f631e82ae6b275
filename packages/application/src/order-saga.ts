import type { OrderStep, PlacedOrder } from '@org/domain';
import type { Adapters } from './adapters.js';
import { catalogueEventTypes } from './catalogue-events.js';
import { eventTypes } from './events.js';
import { orderEventTypes } from './order-events.js';
import { orderOf, requestOf } from './order-messages.js';
import { pointEventTypes } from './point-events.js';
import { type DeliveredEvent, handled, type Subscription } from './ports/event-bus.js';
import { afterConflicts } from './use-case.js';
import { askStep } from './use-cases/order/hold-steps.js';
import { type Completed, progressOrders } from './use-cases/order/progress-orders.js';

/** What is done about events of some types. */
type Work = (events: readonly DeliveredEvent[]) => Promise<void>;

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
    work: (messages: readonly Message[]) => Promise<void>,
  ): Work =>
  async events => {
    const messages = new Map<string, Message>();
    for (const event of events) {
      const message = read(event);
      if (message) messages.set(message.orderNumber, message);
    }
    if (messages.size > 0) await work([...messages.values()]);
  };

/**
 * Who works at an order, each by messages of its own: stock, coupons and points are held side by side, and what they
 * answer lets the order go on to its end, which posts or voids what is held.
 */
const workersOf = (adapters: Adapters, completed: Completed): readonly Worker[] => {
  const { OrderPlaced, StepRefused, CancelRequested } = orderEventTypes;
  const { unitOfWork } = adapters;
  const look = progressOrders(adapters, completed);
  const progress = reading(orderOf, orders => afterConflicts(() => unitOfWork.run(tx => look(tx, orders))));
  const step = (name: OrderStep) => ({ [OrderPlaced]: reading(requestOf, askStep(adapters, name)) });
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
  ];
};

/** Large enough that a transaction pays, small enough that nobody who places an order waits long for the processor. */
const MOST_EVENTS = 100;
/** An order has several answers: those that come together are one look at it. */
const MOST_ANSWERS = 4 * MOST_EVENTS;

function subscriptionOf({ group, on, maxBatch = MOST_EVENTS }: Worker): Subscription {
  const typesOf = new Map<Work, string[]>();
  for (const [type, work] of Object.entries(on)) typesOf.set(work, [...(typesOf.get(work) ?? []), type]);
  return {
    group,
    types: Object.keys(on),
    maxBatch,
    handle: async events => {
      for (const [work, types] of typesOf) await work(events.filter(({ type }) => types.includes(type)));
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
): readonly Subscription[] => workersOf(adapters, completed).map(subscriptionOf);
