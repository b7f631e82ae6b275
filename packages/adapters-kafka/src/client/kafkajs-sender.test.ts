import { StoreUnavailableError } from '@org/application';
import type { Kafka, Message, PartitionerArgs, ProducerBatch, ProducerConfig } from 'kafkajs';
import { RecordTooLargeError } from './broker.js';
import { chunksOf, KafkajsSender } from './kafkajs-sender.js';

const record = (bytes: number, key = 'ann') => ({ topic: 't', key, value: 'x'.repeat(bytes), headers: {} });

describe('what is sent at once', () => {
  it('is cut where a request would get too large, in order', () => {
    const records = [300, 300, 500, 100, 900].map((bytes, i) => record(bytes, `k${i}`));
    const keys = chunksOf(records, 1_000).map(chunk => chunk.map(({ key }) => key));
    expect(keys).toEqual([['k0', 'k1'], ['k2', 'k3'], ['k4']]);
    expect(chunksOf([], 1_000)).toEqual([]);
  });

  it('counts bytes, not characters', () => {
    expect(() => chunksOf([{ ...record(0), value: '가'.repeat(400) }], 1_000)).toThrow(RecordTooLargeError);
    expect(chunksOf([{ ...record(0), value: 'a'.repeat(400) }], 1_000)).toHaveLength(1);
  });
});

/** A client whose brokers answer for all parts that records go to, but for those that it is told to forget. */
function aKafka(parts: number) {
  const calls: string[][] = [];
  const forgotten = new Set<number>();
  const producer = ({ createPartitioner }: ProducerConfig) => {
    const choose = createPartitioner?.();
    const partitionMetadata = Array.from({ length: parts }, (_, partitionId) => ({ partitionId, leader: 0 }));
    const partOf = (topic: string, message: Message) =>
      choose?.({ topic, message, partitionMetadata } as unknown as PartitionerArgs) ?? 0;
    return {
      connect: async () => undefined,
      disconnect: async () => undefined,
      async sendBatch({ topicMessages = [] }: ProducerBatch) {
        const chosen = topicMessages.flatMap(({ topic, messages }) =>
          messages.map(message => ({ topicName: topic, partition: partOf(topic, message) })),
        );
        calls.push(chosen.map(({ partition }) => String(partition)));
        return chosen.filter(({ partition }) => !forgotten.has(partition));
      },
    };
  };
  return { kafka: { producer } as unknown as Kafka, calls, forgotten };
}

describe('what was sent', () => {
  const records = ['ann', 'bob', 'cem', 'dan', 'eve'].map(key => record(1, key));

  it('is written when somebody has answered for every part', async () => {
    const { kafka, calls } = aKafka(3);
    await new KafkajsSender(kafka).send(records);
    expect(new Set(calls[0]).size).toBeGreaterThan(1);
  });

  it('is not written when nobody has answered for one of them, and the next call begins anew', async () => {
    const { kafka, calls, forgotten } = aKafka(3);
    const sender = new KafkajsSender(kafka);
    await sender.send(records);
    forgotten.add(Number(calls[0]?.[0]));
    await expect(sender.send(records)).rejects.toThrow(StoreUnavailableError);
    forgotten.clear();
    await sender.send(records);
    expect(calls).toHaveLength(3);
  });
});
