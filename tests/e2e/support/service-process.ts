import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { worldOf } from './world.js';

// Processes take their time on a busy machine.
import.meta.jest.setTimeout(60_000);

export const root = join(import.meta.dirname, '../../..');
const main = join(root, 'examples/service/dist/main.js');

export const secret = 'a secret of the tests, which is longer than 32 bytes';

/** Of personal data: nothing is kept in the folder of the tests. */
export const PERSONAL_DATA_KEYS = `tests:${Buffer.alloc(32, 7).toString('base64')}`;

export interface ServiceProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Everything it has printed so far. */
  output(): string;
  /** Sends a signal and waits for the end; answers the exit code, or null when it was killed. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
}

type Environment = Readonly<Record<string, string>>;

const living = new Set<ChildProcess>();

/** Whatever a test forgot: nothing outlives the file. */
export async function killAll(): Promise<void> {
  const ends = [...living].map(child => once(child, 'exit'));
  for (const child of living) child.kill('SIGKILL');
  await Promise.all(ends);
}

const ready = (printed: string) => /^Ready: (\S+)$/m.exec(printed)?.[1];

function run(env: Environment, script: string, args: readonly string[]) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: { PATH, HOME, ...env } });
  let printed = '';
  const collect = (chunk: Buffer) => {
    printed += chunk.toString();
    child.emit('printed');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  living.add(child);
  const ended = new Promise<number | null>(resolve =>
    child.once('close', code => {
      living.delete(child);
      // Whoever died without being asked to says why.
      if (script === main && code !== null && !child.killed && ready(printed)) console.error(printed);
      resolve(code);
    }),
  );
  return { child, ended, output: () => printed };
}

const PATIENCE_MS = 90_000;

/** The built service as a process of its own, on any free port, ready. */
export async function startService(env: Environment): Promise<ServiceProcess> {
  const common = {
    ...{ PORT: '0', LOG_LEVEL: 'warn', RATE_LIMIT_PER_USER: '0' },
    ...{ JWT_SECRET: secret, PERSONAL_DATA_KEYS },
  };
  const { child, ended, output } = run({ ...common, ...worldOf(), ...env }, main, []);
  const late = AbortSignal.timeout(PATIENCE_MS);
  let over = false;
  void ended.then(() => {
    over = true;
    child.emit('printed');
  });
  while (!ready(output())) {
    if (over) throw new Error(`the service did not start:\n${output()}`);
    await once(child, 'printed', { signal: late });
  }
  const url = ready(output()) as string;
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid as number,
    output,
    ended,
    signal: signal => child.kill(signal),
    end: signal => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs a start that is expected to fail, or a command, to its end. */
export async function runToEnd(
  env: Environment,
  command?: string,
  args: readonly string[] = [],
  patienceMs = PATIENCE_MS,
) {
  const script = command ? join(root, `examples/service/dist/commands/${command}.js`) : main;
  const { ended, output, child } = run(env, script, args);
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  const code = await ended;
  clearTimeout(timer);
  return { code, output: output() };
}

/** Starts a command and lets the test kill it. */
export const startCommand = (env: Environment, command: string, args: readonly string[]) =>
  run(env, join(root, `examples/service/dist/commands/${command}.js`), args);
