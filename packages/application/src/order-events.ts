import type { OrderEvent, OrderFacts, PaymentRecord } from '@org/domain';
import type { NewEvent, Origin } from './ports/event-log.js';

/** Types on the wire, as those of coupons. */
export const orderEventTypes = {
  OrderPlaced: 'order.placed.v1',
  StepRefused: 'order.step-refused.v1',
  CancelRequested: 'order.cancel-requested.v1',
  OrderHeld: 'order.held.v1',
  PaymentRecorded: 'order.payment-recorded.v1',
  OrderCompleted: 'order.completed.v1',
  OrderCancelled: 'order.cancelled.v1',
  OrderRefunded: 'order.refunded.v1',
} as const satisfies Record<OrderEvent['type'], string>;

/** Streams are named `<area>/<id>`. */
export const orderStream = (orderNumber: string) => `order/${orderNumber}`;

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

const factsOnTheWire = ({ placedAt, paymentDeadline, holdUntil, ...facts }: OrderFacts) => ({
  ...facts,
  placedAt: iso(placedAt),
  paymentDeadline: iso(paymentDeadline),
  holdUntil: iso(holdUntil),
});

const paymentOnTheWire = ({ occurredAt, ...payment }: PaymentRecord) => ({ ...payment, occurredAt: iso(occurredAt) });

/** Plain JSON in the field names of the API, with instants as RFC 3339 text. */
function fieldsOf(event: OrderEvent): Record<string, unknown> {
  switch (event.type) {
    case 'OrderPlaced':
      return factsOnTheWire(event.facts);
    case 'PaymentRecorded':
      return paymentOnTheWire(event.payment);
    case 'OrderRefunded':
      return { ...event.refund };
    default: {
      const { type: _, at: __, ...fields } = event;
      return fields;
    }
  }
}

interface Happened {
  readonly orderNumber: string;
  readonly userId: string;
  readonly expectedVersion: number;
  readonly events: readonly OrderEvent[];
  /** One per event. */
  readonly origins: readonly Origin[];
}

export const orderEvents = ({ orderNumber, userId, expectedVersion, events, origins }: Happened): NewEvent[] =>
  events.map((event, i) => ({
    streamId: orderStream(orderNumber),
    streamVersion: expectedVersion + i + 1,
    type: orderEventTypes[event.type],
    data: { orderNumber, userId, ...fieldsOf(event), at: iso(event.at) },
    key: userId,
    origin: origins[i] as Origin,
  }));
