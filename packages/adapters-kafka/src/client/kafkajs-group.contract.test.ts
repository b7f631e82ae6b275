import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Kafka } from 'kafkajs';
import { createTestTopics, describeKafka, type TestTopics } from '../../../../tests/support/kafka.js';
import { KafkajsGroup } from './kafkajs-group.js';
import { KafkajsOffsets } from './kafkajs-offsets.js';
import { KafkajsSender } from './kafkajs-sender.js';
import { type AllSettings, kafkaConfigOf, settingsOf } from './settings.js';

const SESSION_MS = 6_000;

interface Beating {
  heartbeat(payload: unknown): Promise<unknown>;
}

/** A client for which the group has moved once, and the first look for it after that fails. */
function moved(kafka: Kafka, when: () => boolean): Kafka {
  let trouble: 'NONE' | 'MOVED' | 'OVER' = 'NONE';
  const known = new WeakSet<object>();
  const consumer: Kafka['consumer'] = config =>
    kafka.consumer({
      ...config,
      groupId: config?.groupId ?? '',
      partitionAssigners: (config?.partitionAssigners ?? []).map(inner => own => {
        const assigner = inner(own);
        const find = own.cluster.findGroupCoordinator;
        own.cluster.findGroupCoordinator = async group => {
          const coordinator: Awaited<ReturnType<typeof find>> & Partial<Beating> = await find(group);
          if (trouble === 'MOVED') {
            trouble = 'OVER';
            throw new Error('nobody knows where the group is');
          }
          if (!known.has(coordinator)) {
            known.add(coordinator);
            const heartbeat = (coordinator as unknown as Beating).heartbeat.bind(coordinator);
            coordinator.heartbeat = async payload => {
              if (trouble !== 'NONE' || !when()) return heartbeat(payload);
              trouble = 'MOVED';
              throw Object.assign(new Error('not here'), { type: 'NOT_COORDINATOR_FOR_GROUP' });
            };
          }
          return coordinator;
        };
        return assigner;
      }),
    });
  return Object.assign(Object.create(kafka) as Kafka, { consumer });
}

await describeKafka('a member of a group', brokers => {
  let topics: TestTopics;
  let settings: AllSettings;
  let kafka: Kafka;
  let offsets: KafkajsOffsets;
  let sender: KafkajsSender;
  const replaced: unknown[] = [];
  beforeAll(async () => {
    topics = await createTestTopics(brokers, name => name === 'order-events');
    const log = (_: string, message: string, data: object) =>
      message === 'a consumer is replaced' ? void replaced.push(data) : undefined;
    settings = settingsOf({ brokers, sessionTimeoutMs: SESSION_MS, drainMs: 500, maxWaitMs: 100, log });
    kafka = new kafkajs.Kafka(kafkaConfigOf(settings));
    offsets = new KafkajsOffsets(kafka);
    sender = new KafkajsSender(kafka);
  });
  afterAll(async () => {
    await Promise.all([offsets?.close(), sender?.close()]);
    await topics?.remove();
  });

  it('that has given its parts away and failed to join again does not wait for ever, though its heartbeats are answered', async () => {
    const topic = `${topics.prefix}order-events`;
    const got = new Set<string>();
    let mayMove = false;
    const listener = {
      assigned: () => undefined,
      revoked: async () => undefined,
      arrived: ({ records }: { readonly records: readonly { readonly value: Uint8Array | null }[] }) =>
        records.forEach(({ value }) => {
          got.add(Buffer.from(value ?? []).toString());
        }),
    };
    const joining = { group: `${topics.prefix}moved`, topics: [topic], from: 'START' as const };
    const parts = { kafka: moved(kafka, () => mayMove), settings, offsets, joining, starts: new Map(), listener };
    const group = new KafkajsGroup(parts);
    const send = (value: string) => sender.send([{ topic, key: value, value, headers: {} }]);
    const arrives = async (value: string, withinMs: number) => {
      for (const until = Date.now() + withinMs; !got.has(value) && Date.now() < until; ) await sleep(50);
      return got.has(value);
    };
    try {
      await send('before');
      expect(await arrives('before', 20_000)).toBe(true);
      mayMove = true;
      await sleep(2_500);
      await send('after');
      expect(await arrives('after', 3 * SESSION_MS)).toBe(true);
      expect(replaced.at(-1)).toEqual({ group: joining.group, why: 'it is a member without parts' });
    } finally {
      await group.leave();
    }
  });
});
