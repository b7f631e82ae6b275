import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaEventConsumer, KafkajsBroker } from '@org/adapters-kafka';
import { ProcessTimer, postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { handled } from '@org/application';
import { log } from './chaos-log.mjs';

const { DATABASE_URL, KAFKA_BROKERS, KAFKA_TOPIC_PREFIX, MEMBER, DIES_AFTER } = process.env;
const source = await postgresDataSource({ url: DATABASE_URL, poolSize: 5 }).initialize();
const { unitOfWork, clock, groupProgress, eventFeed, ids, stopwatch } = postgresAdapters(source);
const broker = new KafkajsBroker({ log, brokers: KAFKA_BROKERS.split(','), sessionTimeoutMs: 6_000, maxWaitMs: 100 });
const consumer = new KafkaEventConsumer(
  {
    ...{ broker, progress: groupProgress, feed: eventFeed, ids, stopwatch, timer: new ProcessTimer() },
    now: () => unitOfWork.run(tx => clock.now(tx)),
  },
  { prefix: KAFKA_TOPIC_PREFIX, retryDelayMs: 50 },
);

// The effect has the id of its event as its key: what comes again changes nothing.
const effect = `insert into seen (id, key, version, member)
  select * from unnest($1::text[], $2::text[], $3::int[], array_fill($4::text, array[$5::int])) on conflict do nothing`;

let batches = 0;
const member = await consumer.subscribe({
  group: 'chaos',
  types: ['order.placed.v1'],
  maxBatch: 50,
  async handle(events) {
    const columns = ['id', 'key', 'streamVersion'].map(name => events.map(event => event[name]));
    await source.query(effect, [...columns, MEMBER, events.length]);
    // Written, and not committed to Kafka.
    if (DIES_AFTER && ++batches > Number(DIES_AFTER)) process.kill(process.pid, 'SIGKILL');
    await sleep(5);
    return events.map(() => handled);
  },
});
process.on('SIGTERM', async () => {
  await member.stop();
  process.exit(0);
});
