import { accountEventTypes } from './account-events.js';
import { catalogueEventTypes } from './catalogue-events.js';
import { couponRequestEventTypes } from './coupon-requests.js';
import { accountEventDescriptions } from './event-schemas/account-events.js';
import {
  cartEventDescriptions,
  productEventDescriptions,
  stockEventDescriptions,
} from './event-schemas/catalogue-events.js';
import { couponEventDescriptions } from './event-schemas/coupon-events.js';
import { couponRequestEventDescriptions } from './event-schemas/coupon-request-events.js';
import type { EventDescription } from './event-schemas/description.js';
import { orderEventDescriptions } from './event-schemas/order-events.js';
import { paymentEventDescriptions } from './event-schemas/payment-events.js';
import { pointEventDescriptions } from './event-schemas/point-events.js';
import { policyEventDescriptions } from './event-schemas/policy-events.js';
import { eventTypes } from './events.js';
import { orderEventTypes } from './order-events.js';
import { paymentEventTypes } from './order-payments.js';
import { pointEventTypes } from './point-events.js';

type TypesOf<Types extends Readonly<Record<string, string>>> = Types[keyof Types];

/** By type on the wire what is told by name: a type without a description does not compile. */
const byType = <Types extends Readonly<Record<string, string>>>(
  types: Types,
  described: Readonly<Record<keyof Types, EventDescription>>,
) =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [type, described[name]])) as Readonly<
    Record<TypesOf<Types>, EventDescription>
  >;

/** Every event that is written to the log and leaves the service, by its type on the wire. */
export const eventDescriptions = {
  ...byType(eventTypes, { ...couponEventDescriptions, ...policyEventDescriptions }),
  ...byType(couponRequestEventTypes, couponRequestEventDescriptions),
  ...byType(orderEventTypes, orderEventDescriptions),
  ...byType(pointEventTypes, pointEventDescriptions),
  ...byType(catalogueEventTypes, {
    ...{ ...productEventDescriptions, ...stockEventDescriptions, ...cartEventDescriptions },
  }),
  ...byType(accountEventTypes, accountEventDescriptions),
} as const;

/** The type on the wire of an event that the service writes. */
export type EventType = keyof typeof eventDescriptions;

/** Events of others that the service reads, by their type on the wire. */
export const receivedEventDescriptions = byType(paymentEventTypes, paymentEventDescriptions);
