import type { StoredEvent } from '@org/application';
import type { Broker } from './client/broker.js';
import type { KafkajsLog } from './client/kafkajs-log.js';
import { eventId, toRecord } from './cloud-events.js';
import { topicOf } from './topics.js';

export interface ResendParts {
  readonly broker: Pick<Broker, 'send'>;
  readonly log: Pick<KafkajsLog, 'idsSince'>;
  /** Events of the store in the window, oldest first, as often as it is asked. */
  readonly events: () => AsyncIterable<StoredEvent>;
  /** What the names of topics begin with. Default: nothing. */
  readonly prefix?: string;
}

export interface Missing {
  /** Events of the store in the window. */
  readonly total: number;
  /** Those that are on no topic, oldest first. */
  readonly missing: readonly StoredEvent[];
}

/**
 * Compares the store with what is on the topics. An event that the topic has forgotten by its retention is missing, too.
 * @param since beginning of the window, epoch milliseconds: nothing of it was sent earlier
 */
export async function findMissing({ log, events, prefix = '' }: ResendParts, since: number): Promise<Missing> {
  const found: StoredEvent[] = [];
  for await (const event of events()) found.push(event);
  const topics = [...new Set(found.map(({ type }) => prefix + topicOf(type).name))];
  const ids = await log.idsSince(topics, since);
  return { total: found.length, missing: found.filter(event => !ids.has(eventId(event))) };
}

const AT_ONCE = 1_000;

/** Sends them in their order. They come behind what was sent meanwhile: consumers take an event once, whenever it comes. */
export async function resend({ broker, prefix = '' }: ResendParts, missing: readonly StoredEvent[]): Promise<void> {
  for (let i = 0; i < missing.length; i += AT_ONCE)
    await broker.send(missing.slice(i, i + AT_ONCE).map(event => toRecord(event, prefix)));
}
