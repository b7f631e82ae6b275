import { createTestTopics } from '../../support/kafka.js';
import { kafkaOrNone } from '../../support/kafka-server.js';

let world: Readonly<Record<string, string>> = {};

/** What every service of this file is told beside what its test says. */
export const worldOf = () => world;

/**
 * The services of this file get their events by Kafka, with topics of their own. So a file of stories is run a second
 * time by one that comes here first and imports it then.
 * @returns false where there is no Kafka
 */
export async function byKafka(): Promise<boolean> {
  const brokers = await kafkaOrNone();
  if (!brokers) return false;
  const topics = await createTestTopics(brokers);
  afterAll(() => topics.remove());
  world = { KAFKA_BROKERS: brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix };
  return true;
}

/** Says that a file of stories is not told by Kafka here. */
export function leftOut(title: string): void {
  const { skip: without } = it;
  without(`${title} (skipped: there is no Kafka here)`, () => undefined);
}
