import { StoreUnavailableError } from '@org/application';
import kafkajs, { type IHeaders, type Kafka, type Message, type Producer } from 'kafkajs';
import { bytesOf, type NewRecord, nameOf, RecordTooLargeError } from './broker.js';
import { partOfKey } from './parts-of-keys.js';
import { METADATA_MAX_AGE_MS, RETRY } from './settings.js';

/** Brokers take batches of 1 MiB with everything around them; all records of a call may go to one part. */
const MOST_BYTES = 900_000;

/** In order, each small enough for one request. @throws RecordTooLargeError */
export function chunksOf(records: readonly NewRecord[], most = MOST_BYTES): readonly (readonly NewRecord[])[] {
  const chunks: NewRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = bytesOf(record);
    if (bytes > most) throw new RecordTooLargeError(`a record of ${bytes} bytes for ${record.topic}, at most ${most}`);
    if (bytes > room) {
      chunks.push([]);
      room = most;
    }
    chunks.at(-1)?.push(record);
    room -= bytes;
  }
  return chunks;
}

const buffer = (part: Uint8Array | string | null) =>
  part === null || typeof part === 'string' ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength);

function messagesOf(records: readonly NewRecord[]) {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of records) {
    const messages = byTopic.get(topic) ?? [];
    messages.push({ key: buffer(key), value: buffer(value), headers: headers as IHeaders });
    byTopic.set(topic, messages);
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** An idempotent producer; after any failure a new one, because the numbers of the old one may have a gap by then. */
export class KafkajsSender {
  private producer: Promise<Producer> | null = null;
  /** One call after the other: two in flight could overtake each other when the first one fails. */
  private last: Promise<unknown> = Promise.resolve();
  /** The parts that the records under way go to, as the partitioner chose them. */
  private readonly chosen = new Set<string>();

  constructor(private readonly kafka: Kafka) {}

  private async connected(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      createPartitioner: () => {
        const inTurn = kafkajs.Partitioners.DefaultPartitioner();
        return args => {
          const { key } = args.message;
          const partition =
            key === null || key === undefined ? inTurn(args) : partOfKey(key, args.partitionMetadata.length);
          this.chosen.add(nameOf({ topic: args.topic, partition }));
          return partition;
        };
      },
      retry: RETRY,
    });
    await producer.connect();
    return producer;
  }

  /** @throws RecordTooLargeError, StoreUnavailableError */
  send(records: readonly NewRecord[]): Promise<void> {
    const sent = this.last.then(() => this.sendNow(records));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  private async sendNow(records: readonly NewRecord[]): Promise<void> {
    const chunks = chunksOf(records);
    this.producer ??= this.connected();
    try {
      const producer = await this.producer;
      for (const chunk of chunks) await this.sendChunk(producer, chunk);
    } catch (error) {
      await this.close();
      throw translated(error);
    }
  }

  /**
   * kafkajs 2.2.4 asks no broker twice in one call: parts that a broker takes over from one that died, after it had
   * answered for its own, are left out, and the call succeeds. So whoever is not answered for is missed here.
   */
  private async sendChunk(producer: Producer, chunk: readonly NewRecord[]): Promise<void> {
    this.chosen.clear();
    const answers = await producer.sendBatch({ acks: -1, topicMessages: messagesOf(chunk) });
    for (const { topicName: topic, partition } of answers) this.chosen.delete(nameOf({ topic, partition }));
    if (this.chosen.size > 0) throw new Error(`nobody has answered for ${[...this.chosen].join(', ')}`);
  }

  async close(): Promise<void> {
    const { producer } = this;
    this.producer = null;
    await producer?.then(each => each.disconnect()).catch(() => undefined);
  }
}

function translated(error: unknown): Error {
  const { message } = error as Error;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (tooLarge.has((cause as { type?: string }).type ?? ''))
      return new RecordTooLargeError(message, { cause: error });
  return new StoreUnavailableError(`the broker did not take what was sent: ${message}`, { cause: error });
}
