import { randomUUID } from 'node:crypto';
import { KafkaEventConsumer, KafkajsBroker, toRecord } from '@org/adapters-kafka';
import { ProcessTimer, postgresAdapters } from '@org/adapters-persistence';
import { handled } from '@org/application';
import kafkajs, { type EachBatchPayload } from 'kafkajs';
import type pg from 'pg';
import type { BenchDatabase } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { type BenchTopics, makeTopics } from '../kafka.js';
import { inRounds, medianOf, ratio, timesQuicker, verdict } from '../measuring.js';

const TYPE = 'order.paid.v1';
const TOPIC = 'order-events';
/** How many batches are handled at a time, and how many records one has at most: the same for all. */
const [AT_A_TIME, BATCH] = [2, 500];
const [USERS, AMOUNT] = [1_000, 10];

interface Message {
  readonly id: string;
  readonly user: string;
}

/** The work: everything once, by an inbox, and a balance for each user; one transaction for each batch. */
async function work(pool: pg.Pool, messages: readonly Message[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({
      name: 'work',
      text: `with news as (
          insert into bench_inbox select i.id, i.user_id from unnest($1::text[], $2::text[]) i(id, user_id)
          on conflict do nothing returning user_id),
        sums as (select user_id, count(*) * ${AMOUNT} as amount from news group by user_id order by user_id)
        update bench_balances b set amount = b.amount + s.amount from sums s where b.user_id = s.user_id`,
      values: [messages.map(({ id }) => id), messages.map(({ user }) => user)],
    });
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Counts what is done, from the first batch to the last. */
class Progress {
  private began = 0;
  private left: number;
  private over: () => void = () => undefined;
  readonly done: Promise<number>;

  constructor(readonly count: number) {
    this.left = count;
    this.done = new Promise(resolve => {
      this.over = () => resolve((performance.now() - this.began) / 1_000);
    });
  }

  begin(): void {
    this.began ||= performance.now();
  }

  did(count: number): void {
    this.left -= count;
    if (this.left <= 0) this.over();
  }
}

interface Place {
  readonly database: BenchDatabase;
  readonly pool: pg.Pool;
  readonly topics: BenchTopics;
}

interface Contender {
  readonly name: string;
  /** Of all records; one at a time is so slow that a part tells enough. */
  readonly share: number;
  /** Begins to consume as a new group. @returns ends it */
  run(place: Place, progress: Progress): Promise<() => Promise<void>>;
}

const ours: Contender = {
  name: 'KafkaEventConsumer, manual ack after the transaction',
  share: 1,
  async run({ database, pool, topics: { brokers, prefix } }, progress) {
    const { clock, eventFeed: feed, groupProgress, unitOfWork, ids, stopwatch } = postgresAdapters(database.dataSource);
    const broker = new KafkajsBroker({ brokers });
    const now = () => unitOfWork.run(tx => clock.now(tx));
    const parts = { ...{ broker, progress: groupProgress, feed, now, ids, stopwatch }, timer: new ProcessTimer() };
    const consumer = new KafkaEventConsumer(parts, { prefix, concurrency: AT_A_TIME });
    const running = await consumer.subscribe({
      ...{ group: randomUUID(), types: [TYPE], maxBatch: BATCH },
      async handle(events) {
        progress.begin();
        const messages = events.map(({ id, data }) => ({ id, user: String(data.user) }));
        await work(pool, messages);
        progress.did(events.length);
        return events.map(() => handled);
      },
    });
    return async () => {
      await running.stop();
      await broker.close();
    };
  },
};

type Batch = (payload: EachBatchPayload, messages: readonly Message[]) => Promise<void>;

/** A consumer as its makers show it, which commits itself. */
const bareConsumer = (name: string, share: number, take: (place: Place, progress: Progress) => Batch): Contender => ({
  ...{ name, share },
  async run(place, progress) {
    const { brokers, prefix } = place.topics;
    const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: prefix + randomUUID(), maxWaitTimeInMs: 500 });
    await consumer.connect();
    await consumer.subscribe({ topics: [prefix + TOPIC], fromBeginning: true });
    const batch = take(place, progress);
    await consumer.run({
      ...{ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: AT_A_TIME },
      async eachBatch(payload) {
        progress.begin();
        const messages = payload.batch.messages.map(({ headers, value }) => ({
          ...{ id: String(headers?.ce_id), user: JSON.parse(String(value)).user as string },
        }));
        await batch(payload, messages);
      },
    });
    return () => consumer.disconnect();
  },
});

const commit = async (
  { batch, resolveOffset, commitOffsetsIfNecessary, heartbeat }: EachBatchPayload,
  last: number,
) => {
  const { offset } = batch.messages[last] as { offset: string };
  resolveOffset(offset);
  const next = { partition: batch.partition, offset: String(Number(offset) + 1) };
  await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [next] }] });
  await heartbeat();
};

const byBatch = bareConsumer(
  'limit: bare eachBatch with the same SQL',
  1,
  ({ pool }, progress) =>
    async (payload, messages) => {
      for (let from = 0; from < messages.length; from += BATCH) {
        const some = messages.slice(from, from + BATCH);
        await work(pool, some);
        await commit(payload, from + some.length - 1);
        progress.did(some.length);
      }
    },
);

const singly = bareConsumer('naive: one by one', 0.03, ({ pool }, progress) => async (payload, messages) => {
  for (const [i, message] of messages.entries()) {
    if (!payload.isRunning()) return;
    await work(pool, [message]);
    await commit(payload, i);
    progress.did(1);
  }
});

async function prepare(database: BenchDatabase, { brokers, prefix }: BenchTopics, count: number) {
  await database.query('create table bench_inbox (id text primary key, user_id text not null)');
  await database.query(
    'create table bench_balances (user_id text primary key, amount bigint not null) with (fillfactor = 50)',
  );
  await database.query(`insert into bench_balances select 'user-' || n, 0 from generate_series(0, ${USERS - 1}) n`);
  const broker = new KafkajsBroker({ brokers });
  for (let from = 0; from < count; from += 5_000)
    await broker.send(
      Array.from({ length: Math.min(5_000, count - from) }, (_, i) => {
        const user = `user-${(from + i) % USERS}`;
        const data = { user, orderNumber: `order-${from + i}`, amount: 12_900, currency: 'KRW' };
        const about = {
          streamId: `order/${from + i}`,
          streamVersion: 1,
          type: TYPE,
          key: user,
          recordedAt: Date.now(),
        };
        return toRecord({ ...about, data, origin: { actor: 'bench', traceparent: null } }, prefix);
      }),
    );
  await broker.close();
}

/** How fast records are handled that mean work in the database. */
export const kafkaConsumer: Figure = {
  name: 'kafka-consumer',
  async run(stage) {
    const { kafkaBrokers } = stage;
    if (!kafkaBrokers) return stage.without('Kafka');
    const count = stage.pick(100_000, 600);
    const database = await stage.ownDatabase();
    const topics = await makeTopics(kafkaBrokers, stage.pick(undefined, 2));
    const pool = database.pool(4);
    const checks: Check[] = [];
    async function consume({ name, share, run }: Contender) {
      await database.query('truncate bench_inbox');
      await database.query('update bench_balances set amount = 0');
      await database.query('vacuum bench_balances');
      const progress = new Progress(Math.ceil(count * share));
      const end = await run({ database, pool, topics }, progress);
      const seconds = await progress.done;
      await end();
      const [found] = await database.query<{ records: number; amount: number }>(
        'select (select count(*)::int from bench_inbox) as records, (select sum(amount)::int from bench_balances) as amount',
      );
      const { records = 0, amount = 0 } = found ?? {};
      if (share === 1) checks.push({ what: `${name}: records that took effect`, expected: count, actual: records });
      checks.push({ what: `${name}: what they add up to`, expected: records * AMOUNT, actual: amount });
      return progress.count / seconds;
    }
    try {
      await prepare(database, topics, count);
      const runs = await inRounds(stage.pick(3, 1), [ours, byBatch, singly], consume);
      const speeds = (contender: Contender) => runs.get(contender) ?? [];
      const speed = (contender: Contender) => medianOf(speeds(contender), each => each);
      const toLimit = timesQuicker(speeds(ours), speeds(byBatch), each => each);
      const toNaive = timesQuicker(speeds(ours), speeds(singly), each => each);
      const row = (each: Contender) => [each.name, speed(each), ratio(speed(each) / speed(byBatch))];
      return {
        tables: [
          {
            title: `Kafka: ${count} records, each of which is work in Postgres`,
            columns: ['consumer', 'records/s', 'to the limit'],
            rows: [ours, byBatch, singly].map(row),
            notes: [
              `Each record takes effect once, by an inbox; batches of ${BATCH} at most, ${AT_A_TIME} at a time, on 16 partitions.`,
              verdict('to one by one, goal 10', toNaive, ' ×', toNaive >= 10),
              verdict('to the bare client, goal 0.8', toLimit, ' ×', toLimit >= 0.8),
            ],
          },
        ],
        checks,
      };
    } finally {
      await topics.remove();
    }
  },
};
