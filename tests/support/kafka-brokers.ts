import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../examples/service/src/embedded/cluster.js';

export interface LocalBroker {
  readonly address: string;
  readonly pid: number;
}

export interface LocalBrokers {
  readonly brokers: readonly LocalBroker[];
  /** Starts one again that was killed; `brokers` has it at once. */
  restart(index: number): Promise<LocalBroker>;
  /** Ends all of them. */
  end(): Promise<void>;
}

/** A busy machine takes its time; whoever waits for the first one of a run waits a little longer. */
const PATIENCE_MS = 200_000;
const JAVA = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

const accepts = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

interface Node {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
}

/** A broker that is gone is noticed after some seconds, as operations.md recommends it. */
const propertiesOf = (folder: string, { id, port, controllerPort }: Node, nodes: readonly Node[]) => {
  const replicas = Math.min(3, nodes.length);
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': nodes.map(each => `${each.id}@127.0.0.1:${each.controllerPort}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, `data-${id}`),
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.min(2, replicas),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': nodes.length,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.min(2, replicas),
    'transaction.state.log.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    'broker.session.timeout.ms': 4_000,
    'broker.heartbeat.interval.ms': 500,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
};

async function until(condition: () => Promise<boolean>, failed: () => Promise<string>): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await sleep(50)) if (await condition()) return;
  throw new Error(await failed());
}

/** Brokers of this machine's Java on free ports, in KRaft mode, with nothing in them. */
export async function startBrokers(jars: string, folder: string, count: number): Promise<LocalBrokers> {
  await mkdir(folder, { recursive: true });
  const nodes: Node[] = [];
  for (let id = 1; id <= count; id++) nodes.push({ id, port: await freePort(), controllerPort: await freePort() });
  const java = (...args: string[]) => promisify(execFile)('java', [...JAVA, '-cp', jars, ...args]);
  // A name that begins with a dash would be read as an option.
  const uuid = randomBytes(16).toString('base64url').replace(/^[-_]/, 'A');
  const children: ChildProcess[] = [];
  const fileOf = ({ id }: Node) => join(folder, `server-${id}.properties`);
  const logOf = ({ id }: Node) => join(folder, `server-${id}.log`);

  async function start(node: Node): Promise<LocalBroker> {
    const out = openSync(logOf(node), 'a');
    const args = [...JAVA, '-cp', jars, 'kafka.Kafka', fileOf(node)];
    // Its log is a file: whoever started it may be gone before it.
    const child = spawn('java', args, { stdio: ['ignore', out, out], detached: true });
    child.unref();
    children[node.id - 1] = child;
    // For global-teardown.js, whatever becomes of this process.
    await writeFile(join(folder, `server-${node.id}.pid`), String(child.pid));
    return { address: `127.0.0.1:${node.port}`, pid: child.pid as number };
  }
  const ready = (node: Node) =>
    until(
      async () => {
        if (children[node.id - 1]?.exitCode !== null) throw new Error(await readFile(logOf(node), 'utf8'));
        return accepts(node.port);
      },
      async () => `broker ${node.id} does not answer: ${await readFile(logOf(node), 'utf8')}`,
    );

  for (const node of nodes) {
    await writeFile(fileOf(node), propertiesOf(folder, node, nodes));
    await java('kafka.tools.StorageTool', 'format', '-t', uuid, '-c', fileOf(node), '--ignore-formatted');
  }
  const brokers = await Promise.all(nodes.map(start));
  try {
    await Promise.all(nodes.map(ready));
  } catch (error) {
    // Nobody would know of them.
    for (const child of children) child.kill('SIGKILL');
    throw error;
  }
  return {
    brokers,
    async restart(index) {
      const node = nodes[index] as Node;
      const broker = await start(node);
      brokers[index] = broker;
      await ready(node);
      return broker;
    },
    async end() {
      for (const child of children) child.kill('SIGKILL');
      await until(
        async () => children.every(child => child.exitCode !== null || child.signalCode !== null),
        async () => 'a broker does not end',
      );
    },
  };
}
