import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../examples/service/src/embedded/cluster.js';

const run = promisify(execFile);
const HOST = '127.0.0.1';

export const hasRedisBinary = (): Promise<boolean> =>
  run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );

/** Commands in the order given; answers are not looked at but for errors of the tool itself. */
export const redisCli = async (port: number, ...command: readonly string[]): Promise<string> =>
  (await run('redis-cli', ['-h', HOST, '-p', String(port), ...command])).stdout.trim();

/** A server of a test's own, which it may kill. */
export interface LocalRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** `SIGKILL` ends it at once, `SIGSTOP` lets it hang. Resolves when it has ended, if it ends by that. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, HOST);
    socket.setTimeout(500, () => socket.destroy());
    socket.on('data', data => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.on('error', () => undefined).on('close', () => resolve(false));
    socket.write('PING\r\n');
  });

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`${what} never came`);
}

interface StartOptions {
  /** It goes on when the process ends that has started it: whoever started it, ends it. */
  readonly outlives?: boolean;
  readonly args?: readonly string[];
  readonly port?: number;
}

/** A private server on a free port, without any persistence. */
export async function startRedis({
  outlives = false,
  args = [],
  port: wanted,
}: StartOptions = {}): Promise<LocalRedis> {
  const port = wanted ?? (await freePort());
  const base = ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const launch = () => {
    const child = spawn('redis-server', [...base, ...args], { stdio: 'ignore', detached: outlives });
    if (outlives) child.unref();
    return child;
  };
  let child: ChildProcess = launch();
  const ready = () =>
    until(async () => {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      return answers(port);
    }, 'a Redis that answers');
  await ready();
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://${HOST}:${port}`,
    port,
    get pid() {
      return child.pid as number;
    },
    async signal(signal) {
      if (signal === 'SIGKILL') await end();
      else child.kill(signal);
    },
    async restart() {
      await end();
      child = launch();
      await ready();
    },
    stop: end,
  };
}

export interface LocalSentinels {
  readonly url: string;
  /** The server that is the primary now. */
  primary(): Promise<LocalRedis>;
  stop(): Promise<void>;
}

/** A primary, a replica, and three sentinels that take half a second to give a primary up. */
export async function startSentinels(): Promise<LocalSentinels> {
  const folder = await mkdtemp(join(tmpdir(), 'promotions-sentinel-'));
  const primary = await startRedis();
  const replica = await startRedis({
    args: ['--replicaof', HOST, String(primary.port), '--repl-diskless-sync-delay', '0'],
  });
  const sentinels: LocalRedis[] = [];
  for (let i = 0; i < 3; i++) {
    const port = await freePort();
    const file = join(folder, `sentinel-${i}.conf`);
    const lines = [
      `port ${port}`,
      `bind ${HOST}`,
      `dir ${folder}`,
      `sentinel monitor shop ${HOST} ${primary.port} 2`,
      'sentinel down-after-milliseconds shop 500',
      'sentinel failover-timeout shop 3000',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    sentinels.push(await startSentinel(port, file));
  }
  const [first] = sentinels as [LocalRedis];
  const tells = async (field: string, value: string) =>
    (await redisCli(first.port, 'sentinel', 'master', 'shop')).includes(`${field}\n${value}`);
  await until(async () => (await tells('num-other-sentinels', '2')) && (await tells('num-slaves', '1')), 'a quorum');
  // Nobody promotes a replica that has never had what the primary has.
  const isInStep = async () => (await redisCli(replica.port, 'info', 'replication')).includes('master_link_status:up');
  await until(isInStep, 'a replica in step');
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `${HOST}:${port}`).join(',')}/shop`,
    async primary() {
      const [, port] = (await redisCli(first.port, 'sentinel', 'get-master-addr-by-name', 'shop')).split('\n');
      return Number(port) === primary.port ? primary : replica;
    },
    async stop() {
      for (const server of [...sentinels, replica, primary]) await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startSentinel(port: number, file: string): Promise<LocalRedis> {
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  await until(() => answers(port), 'a sentinel that answers');
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    ...{ url: `redis://${HOST}:${port}`, port, pid: child.pid as number },
    signal: async signal => (signal === 'SIGKILL' ? end() : void child.kill(signal)),
    restart: () => Promise.reject(new Error('a sentinel is not started again')),
    stop: end,
  };
}

export interface LocalCluster {
  readonly url: string;
  readonly nodes: readonly LocalRedis[];
  stop(): Promise<void>;
}

/** Three primaries, each with a replica if that is asked for, which takes over after a second. */
export async function startCluster({ replicas = false } = {}): Promise<LocalCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'promotions-cluster-'));
  const nodes: LocalRedis[] = [];
  for (let i = 0; i < (replicas ? 6 : 3); i++) {
    const own = ['--cluster-enabled', 'yes', '--cluster-config-file', join(folder, `node-${i}.conf`)];
    // The bus of a cluster listens on another port, which has to be free, too.
    const bus = ['--cluster-port', String(await freePort()), '--cluster-node-timeout', '1000'];
    nodes.push(await startRedis({ args: [...own, ...bus] }));
  }
  const hosts = nodes.map(({ port }) => `${HOST}:${port}`);
  const [first] = nodes as [LocalRedis];
  await run('redis-cli', [
    '--cluster',
    'create',
    ...hosts,
    '--cluster-replicas',
    replicas ? '1' : '0',
    '--cluster-yes',
  ]);
  const isWhole = async ({ port }: LocalRedis) =>
    (await redisCli(port, 'cluster', 'info')).includes('cluster_state:ok') &&
    (!replicas || (await redisCli(first.port, 'cluster', 'nodes')).split('slave').length === 4);
  for (const node of nodes) await until(() => isWhole(node), 'a whole cluster');
  return {
    url: `redis+cluster://${hosts.join(',')}`,
    nodes,
    async stop() {
      for (const node of nodes) await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
