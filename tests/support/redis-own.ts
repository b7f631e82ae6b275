import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { onDocker, type Signal } from './docker.js';
import { dockerRedis, hasRedisBinary, localRedis, type RedisProgram, type RunningRedis } from './redis-program.js';
import { oncePerRun } from './run.js';

const HOST = '127.0.0.1';
const PATIENCE_MS = 30_000;

/** One command to the server at a port of this machine; a list is answered as lines. @throws Error of the server */
export async function redisCli(port: number, command: string, ...args: readonly string[]): Promise<string> {
  const options = { enableReadyCheck: false, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 };
  const client = new Redis(port, HOST, options).on('error', () => undefined);
  try {
    await client.connect();
    const answer = await client.call(command, ...args);
    return Array.isArray(answer) ? answer.flat().join('\n') : String(answer).trim();
  } finally {
    client.disconnect();
  }
}

/** A server of a test's own, which it may kill. */
export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number | null;
  /** `SIGKILL` ends it at once, `SIGSTOP` lets it hang. Resolves when it has ended, if it ends by that. */
  signal(signal: Signal): Promise<void>;
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

export async function until(condition: () => Promise<boolean>, what: string, patienceMs = PATIENCE_MS): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < patienceMs; await sleep(50)) if (await condition()) return;
  throw new Error(`${what} never came`);
}

const ready = (running: RunningRedis, port: number, patienceMs?: number) =>
  until(
    async () => {
      const failure = running.failure();
      if (failure !== null) throw new Error(failure);
      return answers(port);
    },
    'a Redis that answers',
    patienceMs,
  );

const basic = (port: number) => ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no'];

/** Docker that shares the network of this machine, else the binary; null = neither. Tried once per run. */
export const redisProgram = (): Promise<'docker' | 'local' | null> =>
  oncePerRun('redis-program', async () => {
    const probe = async () => {
      const port = await freePort();
      const running = await dockerRedis({ args: basic(port) });
      try {
        await ready(running, port, 10_000);
        return 'docker' as const;
      } finally {
        await running.remove();
      }
    };
    const docker = process.env.TEST_REDIS === 'local' ? null : await onDocker('A Redis to be killed', probe);
    return docker ?? ((await hasRedisBinary()) ? 'local' : null);
  });

interface StartOptions {
  /** Run by this machine's binary, and not ended with the process that has started it. */
  readonly outlives?: boolean;
  readonly config?: readonly string[];
  readonly args?: readonly string[];
  readonly port?: number;
}

async function start(port: number, args: readonly string[], { outlives = false, config = [] }: StartOptions) {
  const program: RedisProgram = !outlives && (await redisProgram()) === 'docker' ? dockerRedis : localRedis;
  const running = await program({ args, config, outlives });
  await ready(running, port);
  const own: OwnRedis = {
    url: `redis://${HOST}:${port}`,
    port,
    get pid() {
      return running.pid;
    },
    signal: running.signal,
    async restart() {
      await running.signal('SIGKILL');
      await running.again();
      await ready(running, port);
    },
    stop: running.remove,
  };
  return own;
}

/** A private server on a free port, without any persistence. */
export async function startRedis(options: StartOptions = {}): Promise<OwnRedis> {
  const port = options.port ?? (await freePort());
  return start(port, [...basic(port), ...(options.args ?? [])], options);
}

/** A sentinel: what it learns it writes into its own file. */
export async function startSentinel(config: readonly string[]): Promise<OwnRedis> {
  const port = await freePort();
  return start(port, ['--sentinel'], { config: [`port ${port}`, `bind ${HOST}`, ...config] });
}
