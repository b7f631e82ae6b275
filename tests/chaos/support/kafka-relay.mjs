import { KafkajsBroker, relaySubscription } from '@org/adapters-kafka';
import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { log } from './chaos-log.mjs';

const { DATABASE_URL, KAFKA_BROKERS, KAFKA_TOPIC_PREFIX } = process.env;
const source = await postgresDataSource({ url: DATABASE_URL, poolSize: 5 }).initialize();
const broker = new KafkajsBroker({ log, brokers: KAFKA_BROKERS.split(',') });
// Whoever dies is followed soon.
const report = ({ notice, error }) => log('warn', notice, { error: error.message });
const { eventConsumer } = postgresAdapters(source, { bus: { leaseMs: 2_000, report } });
const relay = await eventConsumer.subscribe(
  relaySubscription(broker, { prefix: KAFKA_TOPIC_PREFIX, types: ['order.placed.v1'] }),
);
process.on('SIGTERM', async () => {
  await relay.stop();
  await broker.close();
  process.exit(0);
});
