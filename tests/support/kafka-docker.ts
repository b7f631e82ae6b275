import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedTestContainer } from 'testcontainers';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { leaveBehind, removeContainer, restartContainer, signalContainer } from './docker.js';
import { brokerSettings, type OwnBrokers } from './kafka-settings.js';

const IMAGE = 'apache/kafka:4.1.0';
const START_MS = 200_000;
const STARTED = /Kafka Server started/;

/** `default.replication.factor` is `KAFKA_DEFAULT_REPLICATION_FACTOR` to the image. */
const environmentOf = (settings: Readonly<Record<string, string | number | boolean>>) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      String(value),
    ]),
  );

/** Whether a broker, not only the engine's proxy before it, is at a port: it tells its versions. */
const answers = (port: number) =>
  new Promise<boolean>(resolve => {
    // ApiVersions, version 0, correlation 1, no client id.
    const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => undefined).once('close', () => resolve(false));
  });

export interface DockerBrokers extends OwnBrokers {
  readonly containers: readonly string[];
}

/** Brokers in containers with a network of their own, in KRaft mode, with nothing in them. */
export async function startDockerBrokers(count: number): Promise<DockerBrokers> {
  const { GenericContainer, Network, Wait } = await import('testcontainers');
  const network = await new Network().start();
  await leaveBehind('networks', network.getId());
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  const voters = ids.map(id => `${id}@kafka-${id}:9093`);
  const clusterId = randomBytes(16).toString('base64url').replace(/^[-_]/, 'A');
  // Brokers tell their clients where they are, so the ports have to be known before.
  const ports: number[] = [];
  for (const _ of ids) ports.push(await freePort());

  async function launch(id: number): Promise<StartedTestContainer> {
    const port = ports[id - 1] as number;
    const settings = brokerSettings({
      ...{ id, voters, between: 'BETWEEN', listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093,BETWEEN://:9094' },
      advertised: `PLAINTEXT://127.0.0.1:${port},BETWEEN://kafka-${id}:9094`,
    });
    const container = await new GenericContainer(IMAGE)
      .withNetwork(network)
      .withNetworkAliases(`kafka-${id}`)
      .withExposedPorts({ container: 9092, host: port })
      .withEnvironment({ ...environmentOf(settings), CLUSTER_ID: clusterId, KAFKA_HEAP_OPTS: '-Xmx384m' })
      .withWaitStrategy(Wait.forLogMessage(STARTED))
      .withStartupTimeout(START_MS)
      .start();
    await leaveBehind('containers', container.getId());
    return container;
  }

  const started = await Promise.allSettled(ids.map(launch));
  const containers = started.flatMap(each => (each.status === 'fulfilled' ? [each.value.getId()] : []));
  const end = async () => {
    await Promise.all(containers.map(removeContainer));
    await network.stop();
  };
  const failed = started.find(each => each.status === 'rejected');
  if (failed) {
    await end();
    throw failed.reason;
  }
  return {
    containers,
    addresses: ports.map(port => `127.0.0.1:${port}`),
    signal: (index, signal) => signalContainer(containers[index] as string, signal),
    async restart(index) {
      await restartContainer(containers[index] as string);
      const until = Date.now() + START_MS;
      while (!(await answers(ports[index] as number))) {
        if (Date.now() > until) throw new Error(`broker ${index + 1} does not answer`);
        await sleep(50);
      }
    },
    end,
  };
}
