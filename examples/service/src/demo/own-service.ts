import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A service that was started for the demonstration. */
export interface OwnService {
  readonly url: string;
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** Starts the service as a process of its own, on any free port, and waits until it is ready. */
export function startOwnService(): Promise<OwnService> {
  const main = fileURLToPath(new URL('../main.js', import.meta.url));
  const env = { ...process.env, PORT: '0', LOG_LEVEL: 'warn' };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      void stop();
      reject(new Error(`the service was not ready within ${PATIENCE_MS / 1000} s`));
    }, PATIENCE_MS);
    const lines = createInterface({ input: child.stdout });
    lines.on('line', line => {
      const url = /^Ready: (\S+)$/.exec(line)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve({ url, stop });
    });
    void ended.then(() => {
      clearTimeout(timer);
      reject(new Error('the service did not start (it says why above); one that runs elsewhere is named with --url'));
    });
  });
}
