import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewRecord } from '@org/adapters-kafka';
import kafkajs, { type KafkaMessage, type Message } from 'kafkajs';

/** What anybody outside can do with a broker: without our adapter, and so without its care. */

const clientOf = (brokers: readonly string[]) =>
  new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });

export async function eventually(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < 30_000; await sleep(20)) if (await condition()) return;
  throw new Error(`${what} never came`);
}

/** Writes records one by one to one part, each as large as the broker takes it. */
export async function written(brokers: readonly string[], topic: string, messages: readonly Message[]): Promise<void> {
  const producer = clientOf(brokers).producer({ createPartitioner: () => () => 0 });
  await producer.connect();
  for (const message of messages) await producer.send({ topic, messages: [message] });
  await producer.disconnect();
}

/** All that lies on a topic. */
export async function onTopic(brokers: readonly string[], topic: string): Promise<readonly KafkaMessage[]> {
  const kafka = clientOf(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const total = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const found: KafkaMessage[] = [];
  if (total === 0) return found;
  const consumer = kafka.consumer({ groupId: `${topic}-look`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void found.push(message) });
  await eventually(() => found.length >= total, `${total} records of ${topic}`);
  await consumer.disconnect();
  return found;
}

/** Records that are too large or too strange for a store or a broker in some way. @param own headers of an event */
export function hostile(own: Readonly<Record<string, string>>): readonly Partial<NewRecord>[] {
  // Random, because a store may pack what repeats.
  const long = randomBytes(50_000).toString('hex');
  const large = 'x'.repeat(950_000);
  return [
    { headers: { ...own, ce_time: '😀'.repeat(4_000) } },
    { headers: { ...own, ce_time: '-200000-01-01T00:00:00Z' } },
    { headers: { ...own, ce_id: 'x:9007199254740991', ce_subject: 'x', ce_sequence: '9007199254740991' } },
    { headers: { ...own, ce_actor: 'a\0b', traceparent: '\0' } },
    { headers: { ...own, ce_id: long } },
    { headers: { ...own, other: large } },
    { key: long },
    { key: `\0${long}`, value: `{"text":"\\ud83d"}` },
    { key: large },
    { value: `{"text":"${large}"}` },
    { value: '['.repeat(400_000) },
    { value: `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}` },
  ];
}
