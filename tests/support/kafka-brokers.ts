import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { brokerSettings, type OwnBrokers } from './kafka-settings.js';

interface LocalBroker {
  readonly address: string;
  readonly pid: number;
}

export interface LocalBrokers extends OwnBrokers {
  readonly pids: readonly number[];
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

const propertiesOf = (folder: string, { id, port, controllerPort }: Node, nodes: readonly Node[]) => {
  const settings = {
    ...brokerSettings({
      ...{ id, between: 'PLAINTEXT', advertised: `PLAINTEXT://127.0.0.1:${port}` },
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      voters: nodes.map(each => `${each.id}@127.0.0.1:${each.controllerPort}`),
    }),
    'log.dirs': join(folder, `data-${id}`),
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
    pids: brokers.map(({ pid }) => pid),
    addresses: brokers.map(({ address }) => address),
    async signal(index, signal) {
      process.kill(brokers[index]?.pid as number, signal);
    },
    async restart(index) {
      const node = nodes[index] as Node;
      brokers[index] = await start(node);
      await ready(node);
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
