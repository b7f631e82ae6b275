import { randomUUID } from 'node:crypto';
import kafkajs, { type Kafka } from 'kafkajs';
import { nameOf } from './broker.js';
import { type KafkaSettings, kafkaConfigOf, RETRY, settingsOf } from './settings.js';

/** Nothing lies behind this: the part is empty, or everything in it is older. */
const NOTHING = -1;

/** What lies on topics, read from beginning to end without being a member of anybody's group. */
export class KafkajsLog {
  private readonly kafka: Kafka;

  constructor(
    settings: KafkaSettings,
    private readonly prefix = '',
  ) {
    this.kafka = new kafkajs.Kafka(kafkaConfigOf(settingsOf(settings)));
  }

  /** Where to begin and to end in every part that has something since then. */
  private async stretches(topics: readonly string[], since: number) {
    const admin = this.kafka.admin({ retry: RETRY });
    await admin.connect();
    try {
      const open = new Map<string, { topic: string; partition: number; from: string; to: number }>();
      for (const topic of topics) {
        const ends = new Map(
          (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]),
        );
        for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(topic, since)) {
          const to = ends.get(partition) ?? 0;
          if (Number(offset) > NOTHING && Number(offset) < to)
            open.set(nameOf({ topic, partition }), { topic, partition, from: offset, to });
        }
      }
      return open;
    } finally {
      await admin.disconnect();
    }
  }

  /** `ce_id` of all records that were written since then and are there now. @param since epoch milliseconds */
  async idsSince(topics: readonly string[], since: number): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    const open = await this.stretches(topics, since);
    if (open.size === 0) return ids;
    const places = [...open.values()];
    const groupId = `${this.prefix}resend-${randomUUID()}`;
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 200, retry: RETRY });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...new Set(places.map(({ topic }) => topic))], fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        consumer.on(consumer.events.CRASH, ({ payload }) => {
          if (!payload.restart) reject(payload.error);
        });
        consumer
          .run({
            autoCommit: false,
            eachBatch: async ({ batch }) => {
              for (const { headers } of batch.messages) ids.add(String(headers?.ce_id));
              const name = nameOf(batch);
              if (Number(batch.lastOffset()) + 1 >= (open.get(name)?.to ?? 0)) open.delete(name);
              if (open.size === 0) resolve();
            },
          })
          .catch(reject);
        for (const { topic, partition, from } of places) consumer.seek({ topic, partition, offset: from });
      });
    } finally {
      await consumer.disconnect();
    }
    return ids;
  }
}
