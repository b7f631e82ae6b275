import { accountEventTypes } from './account-events.js';
import { catalogueEventTypes } from './catalogue-events.js';
import { eventTypes } from './events.js';
import { orderEventTypes } from './order-events.js';
import { pointEventTypes } from './point-events.js';

/** Every type that this product writes to its log, on the wire. */
export const loggedEventTypes: readonly string[] = [
  eventTypes,
  catalogueEventTypes,
  orderEventTypes,
  pointEventTypes,
  accountEventTypes,
].flatMap(types => Object.values(types));
