import {
  type CouponFacts,
  type CouponId,
  type IssuedCoupon,
  needsStep,
  type OrderStep,
  type OrderStepStatus,
  orderSteps,
  type PlacedOrder,
  type Refusal,
} from '@org/domain';
import { couponRequestEventTypes, refusalOf, requestIdOf } from '../coupon-requests.js';
import { eventTypes } from '../events.js';
import { orderEventTypes } from '../order-events.js';
import type { FedEvent, FeedCursor } from '../ports/event-feed.js';
import type { OrderQueries, OrderView } from '../ports/order-queries.js';

/** An event as the user is told of it whom it is about (orders rule 22). */
export type UserEvent = {
  /** The place right behind it: what its user goes on from. */
  readonly cursor: FeedCursor;
} & (
  | {
      readonly event: 'order.status';
      /** As the event has left it. */
      readonly order: OrderView;
    }
  | {
      readonly event: 'coupon.result';
      readonly status: 'ISSUED';
      /** The request that it was issued for; null = it was had in another way. */
      readonly requestId: string | null;
      readonly coupon: IssuedCoupon;
    }
  | {
      readonly event: 'coupon.result';
      readonly status: 'REFUSED';
      readonly requestId: string;
      readonly refusal: Refusal;
    }
);

const { OrderPlaced, OrderHeld, OrderCompleted, OrderCancelled } = orderEventTypes;

function earlier(order: PlacedOrder, status: PlacedOrder['status'], steps: OrderStepStatus): PlacedOrder {
  const each = (step: OrderStep) => [step, needsStep(order.facts, step) ? steps : 'SKIPPED'] as const;
  const all = Object.fromEntries(orderSteps.map(each)) as unknown as PlacedOrder['steps'];
  return { ...order, status, reason: null, steps: all };
}

/** The status that each event has led to, worked out of the order as it is now: its facts never change, nor does its end. */
const statusAfter: Readonly<Record<string, (now: PlacedOrder) => PlacedOrder>> = {
  [OrderPlaced]: now => earlier(now, 'PENDING', 'PENDING'),
  [OrderHeld]: now => earlier(now, 'AWAITING_PAYMENT', 'HELD'),
  [OrderCompleted]: now => now,
  [OrderCancelled]: now => now,
};

type CouponResult = Extract<UserEvent, { event: 'coupon.result' }>;

/** What came of somebody's wish for a coupon. */
const resultOf: Readonly<Record<string, (event: FedEvent) => CouponResult>> = {
  [eventTypes.CouponIssued]: event => ({
    ...{ event: 'coupon.result', status: 'ISSUED', cursor: event.cursor },
    ...{ requestId: requestIdOf(event.data.cause), coupon: couponOf(event) },
  }),
  [couponRequestEventTypes.RequestRefused]: event => ({
    ...{ event: 'coupon.result', status: 'REFUSED', cursor: event.cursor },
    ...{ requestId: String(event.data.requestId), refusal: refusalOf(event) },
  }),
};

/** The types that users are told of: each changes the status of an order, or answers a wish for a coupon. */
export const userEventTypes: readonly string[] = [...Object.keys(statusAfter), ...Object.keys(resultOf)];

/** Whom an event is about. */
export const userOf = ({ type, key, data }: Pick<FedEvent, 'type' | 'key' | 'data'>): string =>
  resultOf[type] ? String(data.userId) : key;

const instantOf = (text: unknown) => (typeof text === 'string' ? Date.parse(text) : null);

/** The coupon that an event tells of, as it was when it was issued. */
function couponOf({ streamId, data }: FedEvent): IssuedCoupon {
  const { couponId: _, issuedAt, validFrom, expiresAt, ...rest } = data;
  const instants = { issuedAt: instantOf(issuedAt), validFrom: instantOf(validFrom), expiresAt: instantOf(expiresAt) };
  const facts = { ...rest, ...instants } as unknown as CouponFacts;
  return { id: streamId as CouponId, status: 'ISSUED', facts };
}

/** Large orders take their time to be read: others get their turn in between. */
const AT_A_TIME = 100;

async function ordersOf(
  queries: Pick<OrderQueries, 'named'>,
  orderNumbers: readonly string[],
): Promise<ReadonlyMap<string, OrderView>> {
  const found = new Map<string, OrderView>();
  const all = [...new Set(orderNumbers)];
  for (let start = 0; start < all.length; start += AT_A_TIME)
    for (const view of await queries.named(all.slice(start, start + AT_A_TIME))) found.set(view.orderNumber, view);
  return found;
}

/** What one user is told. */
export interface Addressed {
  readonly userId: string;
  readonly told: UserEvent;
}

/** What users are told of these events, in their order; an event of another type is left out. */
export async function userEventsOf(
  queries: Pick<OrderQueries, 'named'>,
  events: readonly FedEvent[],
): Promise<readonly Addressed[]> {
  const numberIn = ({ data }: FedEvent) => String(data.orderNumber);
  const orders = await ordersOf(queries, events.filter(({ type }) => statusAfter[type]).map(numberIn));
  return events.flatMap((event): Addressed[] => {
    const { type, cursor } = event;
    const userId = userOf(event);
    const result = resultOf[type];
    if (result) return [{ userId, told: result(event) }];
    const view = orders.get(numberIn(event));
    const after = statusAfter[type];
    if (!view || !after) return [];
    return [{ userId, told: { cursor, event: 'order.status', order: { ...view, order: after(view.order) } } }];
  });
}
