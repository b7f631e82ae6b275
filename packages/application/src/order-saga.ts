import type { OrderStep, PlacedOrder } from '@org/domain';
import type { Adapters } from './adapters.js';
import { catalogueEventTypes } from './catalogue-events.js';
import { eventTypes } from './events.js';
import { orderEventTypes } from './order-events.js';
import { orderOf, requestOf } from './order-messages.js';
import { pointEventTypes } from './point-events.js';
import { type DeliveredEvent, handled, type Subscription } from './ports/event-bus.js';
import type { Transaction } from './ports/unit-of-work.js';
import { Recent } from './recent.js';
import { afterConflicts } from './use-case.js';
import { askStep, holdAllSteps } from './use-cases/order/hold-steps.js';
import type { EndedOrder } from './use-cases/order/order-batch.js';
import { progressOrders } from './use-cases/order/progress-orders.js';

/** `TOGETHER`: one worker holds all that an order needs, in one transaction. `APART`: stock, coupons and points have a worker each. */
export type StepWork = 'TOGETHER' | 'APART';

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

/** What this process knows of orders that are over. */
interface Finished {
  /** Told of what it has ended, when that is certain. */
  tell(ended: readonly EndedOrder[]): void;
  /** Whether it completed the order: then no answer changes anything. One that was cancelled may still get a hold to be voided. */
  isCompleted(orderNumber: string): boolean;
}

function finished(completed: (order: PlacedOrder) => void): Finished {
  const known = new Recent<true>(MOST_FINISHED);
  return {
    isCompleted: orderNumber => known.get(orderNumber) ?? false,
    tell(ended) {
      for (const { orderNumber, order } of ended)
        if (order.status === 'COMPLETED') {
          known.set(orderNumber, true);
          completed(order);
        }
    },
  };
}

/**
 * Who works at an order, each by messages of its own. `APART`: stock, coupons and points are held side by side, and what
 * they answer lets the order go on to its end, which posts or voids what is held. `TOGETHER`: one holds them all and lets
 * the order go on at once, so that there are no answers to look at.
 */
const workersOf: Readonly<Record<StepWork, (adapters: Adapters, finished: Finished) => readonly Worker[]>> = {
  APART(adapters, { tell, isCompleted }) {
    const { OrderPlaced, StepRefused, CancelRequested } = orderEventTypes;
    const look = progressOrders(adapters);
    const answered = (event: DeliveredEvent) => {
      const order = orderOf(event);
      return order && isCompleted(order.orderNumber) ? null : order;
    };
    const progress = reading(answered, async orders => tell(await inOne(adapters, tx => look(tx, orders))));
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
  },
  TOGETHER(adapters, { tell }) {
    const holdAll = holdAllSteps(adapters);
    const work = reading(requestOf, async orders => tell(await inOne(adapters, tx => holdAll(tx, orders))));
    return [{ group: 'step-worker', on: { [orderEventTypes.OrderPlaced]: work } }];
  },
};

const inOne = <Result>({ unitOfWork }: Adapters, work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
  afterConflicts(() => unitOfWork.run(work));

/** Large enough that a transaction pays, small enough that nobody who places an order waits long for the processor. */
const MOST_EVENTS = 100;
/** An order has several answers: those that come together are one look at it. */
const MOST_ANSWERS = 4 * MOST_EVENTS;
/** Answers come within moments of the end of their order. */
const MOST_FINISHED = 10_000;

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
  steps: StepWork,
  completed: (order: PlacedOrder) => void = () => undefined,
): readonly Subscription[] => workersOf[steps](adapters, finished(completed)).map(subscriptionOf);
