import { eventDescriptions } from './event-descriptions.js';

/** Every type that this product writes to its log, on the wire. */
export const loggedEventTypes: readonly string[] = Object.keys(eventDescriptions);
