import { join } from 'node:path';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { type LocalBrokers, startBrokers } from './kafka-brokers.js';
import { kafkaJars } from './kafka-jars.js';
import { oncePerRun, runFolder } from './postgres-server.js';

/** A broker for the tests of one run; each test file has a prefix of its own there. */
export interface KafkaServer {
  readonly kind: 'given' | 'docker' | 'local' | 'none';
  readonly brokers: readonly string[];
  readonly container?: string;
  readonly pid?: number;
}

const IMAGE = 'apache/kafka:4.1.0';

/** A container, when an engine answers and has the image; else null. */
async function dockerServer(): Promise<KafkaServer | null> {
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    // The broker tells its clients where it is, so the port has to be known before.
    const port = await freePort();
    const container = await new GenericContainer(IMAGE)
      .withExposedPorts({ container: 9092, host: port })
      .withEnvironment({
        ...{
          KAFKA_NODE_ID: '1',
          KAFKA_PROCESS_ROLES: 'broker,controller',
          KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
        },
        KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
        KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
        ...{ KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER', KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT' },
        ...{ KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1', KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '1' },
        ...{ KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1', KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1' },
        ...{ KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0', KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false' },
      })
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .start();
    return { kind: 'docker', brokers: [`${container.getHost()}:${port}`], container: container.getId() };
  } catch {
    return null;
  }
}

async function localServer(): Promise<KafkaServer | null> {
  const jars = await kafkaJars();
  if (jars === null) return null;
  const { brokers } = await startBrokers(jars, join(runFolder(), 'kafka'), 1);
  const [broker] = brokers;
  return broker ? { kind: 'local', brokers: [broker.address], pid: broker.pid } : null;
}

/** `TEST_KAFKA_BROKERS`, else Docker, else this machine's Java; never a broker that merely listens on this machine. */
async function climb(): Promise<KafkaServer> {
  const given = process.env.TEST_KAFKA_BROKERS;
  if (given) return { kind: 'given', brokers: given.split(',') };
  const docker = process.env.TEST_KAFKA === 'local' ? null : await dockerServer();
  return docker ?? (await localServer()) ?? { kind: 'none', brokers: [] };
}

/** The one broker of this run. */
const testKafka = (): Promise<KafkaServer> => oncePerRun('kafka', climb);

const missing = 'no Kafka: neither TEST_KAFKA_BROKERS nor Docker nor Java with Maven';

/**
 * The brokers of this run; null on a machine that can't have any, where what needs them is left out with one line that
 * says so. @throws Error instead with `CI=true`
 */
export async function kafkaOrNone(): Promise<readonly string[] | null> {
  const { kind, brokers } = await testKafka();
  if (kind !== 'none') return brokers;
  if (process.env.CI === 'true') throw new Error(missing);
  process.stderr.write(`${missing}; left out\n`);
  return null;
}

/** A cluster of the caller's own, of this machine's Java. @throws Error where there is none */
export async function kafkaCluster(name: string, count = 3): Promise<LocalBrokers> {
  const jars = await kafkaJars();
  if (jars === null) throw new Error('a cluster needs Java, and Maven for its libraries');
  return startBrokers(jars, join(runFolder(), name), count);
}
