import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KafkajsLog } from '@org/adapters-kafka';
import { postgresAdapters } from '@org/adapters-persistence';
import kafkajs from 'kafkajs';
import { createTestTopics, type TestTopics } from '../../support/kafka.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

const KEYS = 20;
const TYPE = 'order.placed.v1';
const { CHAOS_KAFKA_VERSIONS, CHAOS_KAFKA_PACE_MS, CHAOS_LOG = '' } = process.env;

/** Twenty events at a time, one of each key, from the log over relays and Kafka to members, which write what they got. */
export interface Flow {
  readonly topics: TestTopics;
  /** @param script in this folder; ended when the flow is closed */
  start(script: 'kafka-member' | 'kafka-relay', name: string, env?: Record<string, string>): ChildProcess;
  /** How many effects a member has. */
  handledBy(name: string): Promise<number>;
  /**
   * Publishes while the faults happen, and looks at what has become of it when they are over: everything once, and no
   * key turned round.
   */
  everythingOnce(faults: (isOver: () => boolean) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface Pace {
  /** Events of each of the twenty keys, at least. Default: `CHAOS_KAFKA_VERSIONS`, or 60. */
  readonly versions?: number;
  /** Between two times twenty events, milliseconds. Default: `CHAOS_KAFKA_PACE_MS`, or 100. */
  readonly paceMs?: number;
}

/** Nobody waits for ever, and a long run may take long. */
export const patienceMs = ({ versions, paceMs }: Required<Pace>): number => 60_000 + 2 * versions * paceMs;

export const paceOf = (given: Pace = {}): Required<Pace> => ({
  versions: Number(CHAOS_KAFKA_VERSIONS ?? 60),
  paceMs: Number(CHAOS_KAFKA_PACE_MS ?? 100),
  ...given,
});

/** Waits for something that has to come. @throws Error when it never does */
export async function until(condition: () => Promise<boolean>, what: string, ms = patienceMs(paceOf())): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < ms; await sleep(50)) if (await condition()) return;
  throw new Error(`${what} never came`);
}

/** How many records lie on the parts of the topic, and up to where the group has acknowledged them. */
async function whereabouts({ brokers, prefix }: TestTopics): Promise<string> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(`${prefix}order-events`);
  const [group] = await admin.fetchOffsets({ groupId: `${prefix}chaos`, topics: [`${prefix}order-events`] });
  const { groups } = await admin.describeGroups([`${prefix}chaos`]);
  await admin.disconnect();
  const done = new Map(group?.partitions.map(({ partition, offset }) => [partition, offset]));
  const parts = ends.map(({ partition, high }) => `${partition}: ${done.get(partition)} of ${high}`).join(', ');
  const ids = await new KafkajsLog({ brokers }, prefix).idsSince([`${prefix}order-events`], 0);
  return `${ids.size} different ones lie on the brokers (${parts}); the group is ${groups[0]?.state}, with ${groups[0]?.members.length} members`;
}

const TURNED = `select key from (select key, version, lag(version) over (partition by key order by at) as before from seen) s
  where version <> coalesce(before, 0) + 1`;
const GAP = `select max(extract(epoch from t - before))::float as gap
  from (select t, lag(t) over (order by t) as before from seen) s`;

export async function openFlow(brokers: readonly string[], given: Pace = {}): Promise<Flow> {
  const pace = paceOf(given);
  const children: ChildProcess[] = [];
  const database: TestDatabase = await createTestDatabase({ poolSize: 10 });
  const topics = await createTestTopics(brokers, name => name.startsWith('order-events'), 6);
  const query = (sql: string, values: readonly unknown[] = []) => database.dataSource.query(sql, [...values]);
  await query(
    'create table seen (id text primary key, key text, version int, member text, at bigserial, t timestamptz default clock_timestamp())',
  );

  /** As many as wanted, and more for as long as somebody needs them to show that he is at work. */
  async function publish(isEnough: (version: number) => boolean): Promise<number> {
    const { eventPublisher } = postgresAdapters(database.dataSource);
    for (let version = 1; ; version++) {
      await eventPublisher.publish(
        Array.from({ length: KEYS }, (_, i) => ({
          ...{ streamId: `s-${i}`, streamVersion: version, type: TYPE, data: {}, key: `key-${i}` },
          origin: { actor: 'chaos', traceparent: null },
        })),
      );
      if (isEnough(version)) return KEYS * version;
      await sleep(pace.paceMs);
    }
  }

  return {
    topics,
    start(name, member, env = {}) {
      const { PATH = '', HOME = '' } = process.env;
      const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.mjs`)], {
        env: {
          ...{ PATH, HOME, DATABASE_URL: database.url, MEMBER: member, CHAOS_LOG },
          ...{ KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, ...env },
        },
        stdio: 'inherit',
      });
      children.push(child);
      return child;
    },
    handledBy: async name =>
      (await query('select count(*)::int as count from seen where member = $1', [name]))[0].count,
    async everythingOnce(faults) {
      let isOver = false;
      let areWell = false;
      const publishing = publish(version => {
        isOver = version >= pace.versions;
        return isOver && areWell;
      });
      const over = faults(() => isOver).finally(() => {
        areWell = true;
      });
      const [published] = await Promise.all([publishing, over]);
      const all = async () => (await query('select count(*)::int as count from seen'))[0].count;
      await until(async () => (await all()) === published, 'the last event', patienceMs(pace)).catch(async error => {
        throw new Error(`${error.message}: ${await all()} of ${published} took effect; ${await whereabouts(topics)}`);
      });
      expect(await query(TURNED)).toEqual([]);
      expect(await query('select 1 from parked_events')).toEqual([]);
      const [{ gap }] = await query(GAP);
      process.stdout.write(`${published} events; nothing was handled for ${Number(gap).toFixed(1)} s at most\n`);
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await topics.remove();
      await database.drop();
    },
  };
}
