import { KafkajsBroker, KafkajsLog, relaySubscription, toRecord } from '@org/adapters-kafka';
import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import type { BenchDatabase } from '../database.js';
import type { Figure } from '../figure.js';
import { fillEvents } from '../fill.js';
import { type BenchTopics, makeTopics } from '../kafka.js';
import { medianOf, ratio, verdict } from '../measuring.js';

const TYPE = 'order.paid.v1';
const TOPIC = 'order-events';
const BATCH = 1_000;

interface Sent {
  readonly seconds: number;
  readonly events: number;
}

/** The relay as the service runs it, from the first event to the last that the broker has acknowledged. */
async function relayed(database: BenchDatabase, { brokers, prefix }: BenchTopics, count: number): Promise<Sent> {
  const source = await postgresDataSource({ url: database.url }).initialize();
  const broker = new KafkajsBroker({ brokers });
  await broker.send([]);
  const { handle, ...relay } = relaySubscription(broker, { prefix, types: [TYPE] });
  const { eventConsumer } = postgresAdapters(source);
  let [events, began, ended] = [0, 0, 0];
  let over: () => void = () => undefined;
  const done = new Promise<void>(resolve => {
    over = resolve;
  });
  const running = await eventConsumer.subscribe({
    ...relay,
    async handle(batch) {
      began ||= performance.now();
      const results = await handle(batch);
      events += batch.length;
      ended = performance.now();
      if (events >= count) over();
      return results;
    },
  });
  await done;
  await running.stop();
  await broker.close();
  await source.destroy();
  return { events, seconds: (ended - began) / 1_000 };
}

/** The bare rows from the index, sent as they are: no groups, no places that are written down. */
async function bare(database: BenchDatabase, { brokers, prefix }: BenchTopics): Promise<Sent> {
  const client = await database.pool(1).connect();
  const broker = new KafkajsBroker({ brokers });
  await broker.send([]);
  const began = performance.now();
  let [events, position] = [0, '0'];
  for (let more = true; more; ) {
    const { rows } = await client.query<EventRow>({
      name: 'bare relay',
      text: `select *, extract(epoch from recorded_at)::float8 * 1000 as at from events
        where position > $1::bigint order by position limit ${BATCH}`,
      values: [position],
    });
    await broker.send(rows.map(row => toRecord(eventOf(row), prefix)));
    events += rows.length;
    more = rows.length === BATCH;
    position = rows.at(-1)?.position ?? position;
  }
  const seconds = (performance.now() - began) / 1_000;
  client.release();
  await broker.close();
  return { events, seconds };
}

type Stored = Parameters<typeof toRecord>[0];

/** A row as the bare client answers it. */
interface EventRow extends Pick<Stored, 'type' | 'key' | 'data'> {
  readonly stream_id: string;
  readonly stream_version: number;
  readonly actor: string;
  readonly at: number;
  readonly position: string;
}

const eventOf = ({ stream_id, stream_version, type, key, data, actor, at }: EventRow): Stored => ({
  ...{ streamId: stream_id, streamVersion: stream_version, type, key, data },
  ...{ recordedAt: at, origin: { actor, traceparent: null } },
});

const speed = ({ events, seconds }: Sent) => events / seconds;

/** How fast the log of events is carried over to Kafka. */
export const kafkaRelay: Figure = {
  name: 'kafka-relay',
  async run(stage) {
    const { kafkaBrokers } = stage;
    if (!kafkaBrokers) return stage.without('Kafka');
    const count = stage.pick(100_000, 1_000);
    const database = await stage.ownDatabase();
    await fillEvents(database, TYPE, count);
    await database.query('analyze events');
    const checks = [];
    const [ours, limits]: [Sent[], Sent[]] = [[], []];
    for (let round = 0; round < stage.pick(3, 1); round++) {
      const topics = await makeTopics(kafkaBrokers, stage.pick(undefined, 2));
      try {
        await database.query(`delete from event_slices where group_name = 'kafka-relay'`);
        ours.push(await relayed(database, topics, count));
        const ids = await new KafkajsLog(topics).idsSince([topics.prefix + TOPIC], 0);
        checks.push({ what: 'events that are on the broker', expected: count, actual: ids.size });
        limits.push(await bare(database, topics));
      } finally {
        await topics.remove();
      }
    }
    const [our, limit] = [medianOf(ours, speed), medianOf(limits, speed)];
    const row = (name: string, sent: Sent) => [name, speed(sent), ratio(speed(sent) / speed(limit))];
    return {
      tables: [
        {
          title: `Relay: ${count} events from the log to Kafka`,
          columns: ['way', 'events/s', 'to the limit'],
          rows: [row('relay', our), row(`limit: bare rows by ${BATCH}, bare sends`, limit)],
          notes: [
            'Idempotent producer, acks=all; the broker, the database and the relay share the processors.',
            verdict('events a second, goal above 20,000', speed(our), '/s', speed(our) > 20_000),
          ],
        },
      ],
      checks,
    };
  },
};
