import { join } from 'node:path';
import { onDocker } from './docker.js';
import { startBrokers } from './kafka-brokers.js';
import { startDockerBrokers } from './kafka-docker.js';
import { kafkaJars } from './kafka-jars.js';
import type { OwnBrokers } from './kafka-settings.js';
import { oncePerRun, runFolder } from './run.js';

/** A broker for the tests of one run; each test file has a prefix of its own there. */
export interface KafkaServer {
  readonly kind: 'given' | 'docker' | 'local' | 'none';
  readonly brokers: readonly string[];
  readonly container?: string;
  readonly pid?: number;
}

/** A container, when an engine answers and has the image; else null. */
const dockerServer = (): Promise<KafkaServer | null> =>
  onDocker('Kafka', async () => {
    const { addresses, containers } = await startDockerBrokers(1);
    return { kind: 'docker', brokers: addresses, ...(containers[0] && { container: containers[0] }) };
  });

async function localServer(): Promise<KafkaServer | null> {
  const jars = await kafkaJars();
  if (jars === null) return null;
  const {
    addresses,
    pids: [pid],
  } = await startBrokers(jars, join(runFolder(), 'kafka'), 1);
  return { kind: 'local', brokers: addresses, ...(pid !== undefined && { pid }) };
}

const mayBeDocker = () => process.env.TEST_KAFKA !== 'local';

/** `TEST_KAFKA_BROKERS`, else Docker, else this machine's Java; never a broker that merely listens on this machine. */
async function climb(): Promise<KafkaServer> {
  const given = process.env.TEST_KAFKA_BROKERS;
  if (given) return { kind: 'given', brokers: given.split(',') };
  const docker = mayBeDocker() ? await dockerServer() : null;
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

/** A cluster of the caller's own, in Docker, else of this machine's Java. @throws Error where there is neither */
export async function kafkaCluster(name: string, count = 3): Promise<OwnBrokers> {
  const docker = mayBeDocker() ? await onDocker('A cluster of Kafka', () => startDockerBrokers(count)) : null;
  if (docker) return docker;
  const jars = await kafkaJars();
  if (jars === null) throw new Error('a cluster needs Docker, or Java and Maven for its libraries');
  return startBrokers(jars, join(runFolder(), name), count);
}
