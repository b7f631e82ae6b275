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
  /** How many of them are on no topic. */
  readonly missing: number;
}

const AT_ONCE = 1_000;

/**
 * Compares the store with what is on the topics, and tells what is missing as it goes, oldest first: of a window of any
 * size only the ids of the records are in memory. An event that the topic has forgotten by its retention is missing, too.
 * @param since beginning of the window, epoch milliseconds: nothing of it was sent earlier
 * @param tell called with up to a thousand events at a time, one call after the other
 */
export async function findMissing(
  { log, events, prefix = '' }: ResendParts,
  since: number,
  tell: (missing: readonly StoredEvent[]) => Promise<void> | void,
): Promise<Missing> {
  const topics = new Set<string>();
  let total = 0;
  for await (const { type } of events()) {
    topics.add(prefix + topicOf(type).name);
    total++;
  }
  const ids = await log.idsSince([...topics], since);
  let missing = 0;
  const page: StoredEvent[] = [];
  const turn = async () => {
    if (page.length === 0) return;
    missing += page.length;
    await tell(page.splice(0));
  };
  for await (const event of events()) {
    if (ids.has(eventId(event))) continue;
    page.push(event);
    if (page.length === AT_ONCE) await turn();
  }
  await turn();
  return { total, missing };
}

/** Sends them in their order. They come behind what was sent meanwhile: consumers take an event once, whenever it comes. */
export async function resend({ broker, prefix = '' }: ResendParts, missing: readonly StoredEvent[]): Promise<void> {
  await broker.send(missing.map(event => toRecord(event, prefix)));
}
