import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/** A free port of this machine, a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Resident memory in MB; 0 where the system doesn't tell. */
export interface Memory {
  readonly now: number;
  readonly peak: number;
}

export interface Child {
  readonly process: ChildProcess;
  /** The last lines that it wrote. */
  readonly output: () => string;
  /** The exit code, when it has ended by itself. */
  readonly ended: Promise<number | null>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  memory(): Promise<Memory>;
  /** Processor time of the process itself so far, in milliseconds; 0 where the system doesn't tell. */
  processorTime(): Promise<number>;
}

async function memoryOf(pid: number | undefined): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
  return { now: mb('VmRSS'), peak: mb('VmHWM') };
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

async function processorTimeOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

const PATIENCE_MS = 60_000;

/** Starts a program and waits until its output matches `ready`. */
export async function start(
  command: string,
  args: readonly string[],
  ready: RegExp,
  env: NodeJS.ProcessEnv = {},
): Promise<Child> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${command} is not ready after ${PATIENCE_MS} ms: ${output}`));
    }, PATIENCE_MS);
    const read = (chunk: Buffer) => {
      output = (output + chunk).slice(-20_000);
      if (!ready.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    child.once('error', fail);
    void ended.then(code => fail(new Error(`${command} ${args[0] ?? ''} ended with ${code}: ${output}`)));
  });
  return {
    process: child,
    output: () => output,
    ended,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    },
    memory: () => memoryOf(child.pid),
    processorTime: () => processorTimeOf(child.pid),
  };
}

/** What a program of ours says with its last line, as JSON; waits until it has ended. */
export async function reportOf<Report>(child: Child): Promise<Report> {
  const code = await child.ended;
  if (code !== 0) throw new Error(`it ended with ${code}: ${child.output()}`);
  return JSON.parse(child.output().trim().split('\n').at(-1) ?? '') as Report;
}
