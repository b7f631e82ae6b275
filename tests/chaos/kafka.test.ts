import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KafkajsBroker, relaySubscription } from '@org/adapters-kafka';
import { postgresAdapters } from '@org/adapters-persistence';
import kafkajs from 'kafkajs';
import { createTestTopics, describeKafka, type TestTopics } from '../support/kafka.js';
import type { LocalBrokers } from '../support/kafka-brokers.js';
import { kafkaCluster } from '../support/kafka-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const KEYS = 20;
const VERSIONS = Number(process.env.CHAOS_KAFKA_VERSIONS ?? 60);
const PACE_MS = Number(process.env.CHAOS_KAFKA_PACE_MS ?? 100);
/** Nobody waits for ever, and a long run may take long. */
const PATIENCE_MS = 120_000 + VERSIONS * PACE_MS;

import.meta.jest.setTimeout(2 * PATIENCE_MS + 60_000);
const TYPE = 'order.placed.v1';
const script = join(import.meta.dirname, 'support/kafka-member.mjs');

let database: TestDatabase;
let topics: TestTopics;
let members: ChildProcess[];
let broker: KafkajsBroker;

const query = (sql: string, values: readonly unknown[] = []) => database.dataSource.query(sql, [...values]);
const handledBy = async (name: string): Promise<number> =>
  (await query('select count(*)::int as count from seen where member = $1', [name]))[0].count;

function startMember(name: string, env: Record<string, string> = {}): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [script], {
    env: {
      ...{ PATH, HOME, DATABASE_URL: database.url, MEMBER: name },
      ...{ KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, ...env },
    },
    stdio: 'inherit',
  });
  members.push(child);
  return child;
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await sleep(50)) if (await condition()) return;
  throw new Error(`${what} never came`);
}

async function open(brokers: readonly string[]): Promise<void> {
  members = [];
  database = await createTestDatabase({ poolSize: 10 });
  topics = await createTestTopics(brokers, name => name.startsWith('order-events'), 6);
  broker = new KafkajsBroker({ brokers });
  await query(
    'create table seen (id text primary key, key text, version int, member text, at bigserial, t timestamptz default clock_timestamp())',
  );
}

async function close(): Promise<void> {
  for (const child of members) child.kill('SIGKILL');
  await broker.close();
  await topics.remove();
  await database.drop();
}

/** Publishes while the faults happen, and looks at what has become of it when they are over. */
async function everythingOnce(faults: () => Promise<void>): Promise<void> {
  const { eventPublisher, eventConsumer } = postgresAdapters(database.dataSource);
  const relay = await eventConsumer.subscribe(relaySubscription(broker, { prefix: topics.prefix, types: [TYPE] }));
  const publishing = (async () => {
    for (let version = 1; version <= VERSIONS; version++) {
      await eventPublisher.publish(
        Array.from({ length: KEYS }, (_, i) => ({
          ...{ streamId: `s-${i}`, streamVersion: version, type: TYPE, data: {}, key: `key-${i}` },
          origin: { actor: 'chaos', traceparent: null },
        })),
      );
      await sleep(PACE_MS);
    }
  })();
  await faults();
  await publishing;
  const all = async () => (await query('select count(*)::int as count from seen'))[0].count;
  await until(async () => (await all()) === KEYS * VERSIONS, 'the last event');
  const turned = await query(
    `select key from (select key, version, lag(version) over (partition by key order by at) as before from seen) s
     where version <> coalesce(before, 0) + 1`,
  );
  expect(turned).toEqual([]);
  expect(await query('select 1 from parked_events')).toEqual([]);
  const [{ gap }] = await query(
    `select max(extract(epoch from t - before))::float as gap from (select t, lag(t) over (order by t) as before from seen) s`,
  );
  process.stdout.write(`nothing was handled for ${Number(gap).toFixed(1)} s at most\n`);
  await relay.stop();
}

await describeKafka('consumers over Kafka', brokers => {
  beforeEach(() => open(brokers));
  afterEach(close);

  it('that die between two commits, stand still beyond their session, or come and go lose nothing and turn no key round', () =>
    everythingOnce(async () => {
      const dying = startMember('dying', { DIES_AFTER: '10' });
      const stopped = startMember('stopped');
      await once(dying, 'exit');
      await until(async () => (await handledBy('stopped')) > 50, 'the first events');
      stopped.kill('SIGSTOP');
      startMember('heir');
      await until(async () => (await handledBy('heir')) > 100, 'the heir');
      stopped.kill('SIGCONT');
      for (let i = 0; i < 3; i++) {
        const guest = startMember(`guest-${i}`);
        await sleep(1_000);
        guest.kill('SIGTERM');
      }
    }));
});

await describeKafka('a cluster of three brokers', () => {
  let cluster: LocalBrokers;
  beforeAll(async () => {
    cluster = await kafkaCluster('kafka-cluster');
    await open(cluster.brokers.map(({ address }) => address));
  });
  afterAll(async () => {
    await close();
    await cluster?.end();
  });

  it('goes on without the broker that kept the group', () =>
    everythingOnce(async () => {
      const { brokers } = cluster;
      startMember('one');
      startMember('two');
      await until(async () => (await handledBy('one')) > 50 && (await handledBy('two')) > 50, 'the first events');
      const addresses = brokers.map(({ address }) => address);
      const coordinator = await coordinatorOf(addresses, `${topics.prefix}chaos`);
      const victim = brokers.find(({ address }) => address === coordinator);
      if (!victim) throw new Error(`${coordinator} is none of ${addresses}`);
      process.kill(victim.pid, 'SIGKILL');
    }));
});

/** The address of the broker that keeps a group: its name decides, by the hash of Java. */
async function coordinatorOf(addresses: readonly string[], group: string): Promise<string> {
  let hash = 0;
  for (let i = 0; i < group.length; i++) hash = (Math.imul(hash, 31) + group.charCodeAt(i)) | 0;
  const admin = new kafkajs.Kafka({ brokers: [...addresses], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics: found } = await admin.fetchTopicMetadata({ topics: ['__consumer_offsets'] });
  const { brokers } = await admin.describeCluster();
  await admin.disconnect();
  const partitions = found[0]?.partitions ?? [];
  const leader = partitions.find(({ partitionId }) => partitionId === (hash & 0x7fffffff) % partitions.length)?.leader;
  const { host, port } = brokers.find(({ nodeId }) => nodeId === leader) ?? { host: '', port: 0 };
  return `${host}:${port}`;
}
