import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaEventConsumer, KafkajsBroker, relaySubscription } from '@org/adapters-kafka';
import { postgresAdapters } from '@org/adapters-persistence';
import type { BusNotice } from '@org/application';
import {
  type EventBusFixture,
  eventBusContract,
  eventBusFailuresContract,
  QUICK_BUS,
} from '@org/application/contracts';
import { describeContract } from '@org/application/contracts/jest';
import { createTestTopics, describeKafka } from '../support/kafka.js';
import { createTestDatabase, emptyTables, type TestDatabase } from '../support/postgres.js';

/** A case makes topics and joins groups, which takes its time on a busy machine. */
const timeoutMs = 120_000;

/** Longer than a record is on its way, for what may not wait for a retry. */
const bus = { ...QUICK_BUS, retryDelayMs: 1_500 };
const types = ['order.paid.v1', 'order.shipped.v1'];

await describeKafka('the bus over Kafka', brokers => {
  const all: TestDatabase[] = [];
  const free: TestDatabase[] = [];
  afterAll(async () => {
    for (const database of all) await database.drop();
  });

  async function anotherDatabase(): Promise<TestDatabase> {
    const database = await createTestDatabase();
    all.push(database);
    return database;
  }

  const ends = new Map<EventBusFixture, () => Promise<void>>();

  /** Publisher → Postgres → relay → Kafka → consumer, with topics and tables of the case's own. */
  async function setup(): Promise<EventBusFixture> {
    const database = free.pop() ?? (await anotherDatabase());
    const topics = await createTestTopics(brokers, name => name.startsWith('order-events'));
    const report = ({ notice, group, error }: BusNotice) => {
      if (process.env.SHOW_NOTICES) console.log(notice, group, error.message);
    };
    const adapters = postgresAdapters(database.dataSource, { bus: { ...bus, report } });
    const { unitOfWork, clock, groupProgress, eventFeed, ids, stopwatch } = adapters;
    const broker = new KafkajsBroker({
      brokers,
      maxWaitMs: 50,
      log: (level, message, data) => {
        if (process.env.SHOW_NOTICES) console.log(level, message, JSON.stringify(data).slice(0, 300));
      },
    });
    const eventConsumer = new KafkaEventConsumer(
      {
        ...{ broker, progress: groupProgress, feed: eventFeed, ids, stopwatch },
        now: () => unitOfWork.run(tx => clock.now(tx)),
        timer: { pause: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined) },
      },
      { ...bus, report, prefix: topics.prefix, knownTypes: types },
    );
    const relay = await adapters.eventConsumer.subscribe(relaySubscription(broker, { prefix: topics.prefix, types }));
    const fixture = { ...adapters, eventConsumer, elapse: (ms: number) => sleep(ms + 1) };
    ends.set(fixture, async () => {
      await relay.stop();
      await broker.close();
      await topics.remove();
      if (await emptyTables(database)) free.push(database);
    });
    return fixture;
  }

  async function teardown(fixture: EventBusFixture) {
    await ends.get(fixture)?.();
    ends.delete(fixture);
  }

  for (const contract of [eventBusContract, eventBusFailuresContract])
    describeContract(contract, setup, { teardown, timeoutMs });
});
