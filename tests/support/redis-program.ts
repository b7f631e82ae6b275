import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { leaveBehind, removeContainer, restartContainer, type Signal, signalContainer } from './docker.js';
import { runFolder } from './run.js';

/** One that was started: whether it answers yet is for the caller to find out. */
export interface RunningRedis {
  readonly pid: number | null;
  /** `SIGKILL` resolves when it has ended; it may have ended before. */
  signal(signal: Signal): Promise<void>;
  /** Runs it anew after its end, with the same arguments. */
  again(): Promise<void>;
  /** Why it will never answer, as far as that is known. */
  failure(): string | null;
  /** Ends it and takes away its files. */
  remove(): Promise<void>;
}

export interface RedisArguments {
  /** Lines of a file, which it may write to. */
  readonly config?: readonly string[];
  readonly args: readonly string[];
  /** It goes on when the process ends that has started it: whoever started it, ends it. */
  readonly outlives?: boolean;
}

/** Runs `redis-server` so that it is found at 127.0.0.1 of this machine, in a folder of its own. */
export type RedisProgram = (what: RedisArguments) => Promise<RunningRedis>;

export const REDIS_IMAGE = 'redis:7-alpine';

export const hasRedisBinary = (): Promise<boolean> =>
  promisify(execFile)('redis-server', ['--version']).then(
    () => true,
    () => false,
  );

export const localRedis: RedisProgram = async ({ config = [], args, outlives = false }) => {
  const folder = await mkdtemp(join(runFolder(), 'redis-'));
  const file = join(folder, 'redis.conf');
  await writeFile(file, `dir ${folder}\n${config.join('\n')}\n`);
  const launch = () => {
    const started = spawn('redis-server', [file, ...args], { stdio: 'ignore', detached: outlives });
    if (outlives) started.unref();
    return started;
  };
  let child: ChildProcess = launch();
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  async function signal(name: Signal) {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill(name);
    if (name === 'SIGKILL') await ended;
  }
  return {
    get pid() {
      return child.pid ?? null;
    },
    signal,
    async again() {
      child = launch();
    },
    failure: () => (child.exitCode === null ? null : `redis-server ended with ${child.exitCode}`),
    async remove() {
      await signal('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** As PID 1, and with a file that it may write to. */
const SCRIPT = `printf '%s\\n' "$CONFIG" >/data/redis.conf; exec redis-server /data/redis.conf "$@"`;

/** In the machine's own network: sentinels and nodes of a cluster tell clients the addresses that they have themselves. */
export const dockerRedis: RedisProgram = async ({ config = [], args }) => {
  const { GenericContainer } = await import('testcontainers');
  const container = await new GenericContainer(REDIS_IMAGE)
    .withNetworkMode('host')
    .withEnvironment({ CONFIG: ['dir /data', ...config].join('\n') })
    .withCommand(['sh', '-c', SCRIPT, 'redis', ...args])
    .start();
  const id = container.getId();
  await leaveBehind('containers', id);
  let runs = true;
  return {
    pid: null,
    async signal(name) {
      if (runs) await signalContainer(id, name);
      if (name === 'SIGKILL') runs = false;
    },
    async again() {
      await restartContainer(id);
      runs = true;
    },
    failure: () => null,
    remove: () => removeContainer(id),
  };
};
