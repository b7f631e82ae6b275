import {
  type DeliveredEvent,
  failed,
  type Handled,
  handled,
  loggedEventTypes,
  type Subscription,
} from '@org/application';
import { type Broker, RecordTooLargeError } from './client/broker.js';
import { toRecord } from './cloud-events.js';

export interface RelayOptions {
  /** What the names of topics begin with. Default: nothing. */
  readonly prefix?: string;
  /** What is carried over. Default: all that the product logs. */
  readonly types?: readonly string[];
  /** Most events at once. Default 1,000. */
  readonly maxBatch?: number;
}

/**
 * Carries the log of events over to Kafka: a subscription to be given to the consumer that reads the log. Several
 * processes may run it; the order of a key is kept, and after a crash some events come twice.
 */
export function relaySubscription(broker: Pick<Broker, 'send'>, options: RelayOptions = {}): Subscription {
  const { prefix = '', types = loggedEventTypes, maxBatch = 1_000 } = options;
  /** One that is too large for the broker is looked for by halves, so that it stops nobody but itself. */
  async function send(events: readonly DeliveredEvent[]): Promise<readonly Handled[]> {
    try {
      await broker.send(events.map(event => toRecord(event, prefix)));
      return events.map(() => handled);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      if (events.length === 1) return [failed(error, false)];
      const half = Math.ceil(events.length / 2);
      return [...(await send(events.slice(0, half))), ...(await send(events.slice(half)))];
    }
  }
  return { group: 'kafka-relay', types, maxBatch, handle: send };
}
