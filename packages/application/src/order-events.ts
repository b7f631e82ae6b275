import type { OrderEvent, OrderFacts, PaymentRecord } from '@org/domain';
import type { NewEvent, Origin } from './ports/event-log.js';
import { outwardData } from './wire.js';

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
function fieldsOf(event: OrderEvent, facts: OrderFacts): Record<string, unknown> {
  switch (event.type) {
    case 'OrderPlaced':
      return { ...factsOnTheWire(event.facts), refused: event.refused };
    case 'StepRefused': {
      const { step, code, data } = event;
      return { step, code, data: outwardData(data) };
    }
    case 'PaymentRecorded':
      return paymentOnTheWire(event.payment);
    case 'OrderRefunded':
      return { ...event.refund };
    case 'OrderCompleted':
    case 'OrderCancelled': {
      const { type: _, at: __, ...fields } = event;
      return { ...fields, ...endOnTheWire(facts) };
    }
    default: {
      const { type: _, at: __, ...fields } = event;
      return fields;
    }
  }
}

/** Enough for who ends the holds and empties the cart, so that nobody has to read the order for it. */
const endOnTheWire = ({ lines, discounts, fromCart }: OrderFacts) => ({
  ...{ lineCount: lines.length, couponCount: discounts.length, fromCart },
});

interface Happened {
  readonly orderNumber: string;
  readonly facts: OrderFacts;
  readonly expectedVersion: number;
  readonly events: readonly OrderEvent[];
  /** One per event. */
  readonly origins: readonly Origin[];
}

export const orderEvents = ({ orderNumber, facts, expectedVersion, events, origins }: Happened): NewEvent[] =>
  events.map((event, i) => ({
    streamId: orderStream(orderNumber),
    streamVersion: expectedVersion + i + 1,
    type: orderEventTypes[event.type],
    data: { orderNumber, userId: facts.userId, ...fieldsOf(event, facts), at: iso(event.at) },
    key: facts.userId,
    origin: origins[i] as Origin,
  }));
