import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@org/example-service/embedded-postgres';
import { freePort, start } from './child.js';

export interface Server {
  readonly url: string;
  readonly about: string;
  stop(): Promise<void>;
}

const none = async () => undefined;

/** The server of BENCH_DATABASE_URL, or a private one whose data lies on the disk and is gone after the run. */
export async function postgresServer(): Promise<Server> {
  const given = process.env.BENCH_DATABASE_URL;
  if (given) return { url: given, about: 'of BENCH_DATABASE_URL', stop: none };
  const folder = await mkdtemp(join(tmpdir(), 'promotions-bench-'));
  // The server may run under another account, which has to reach its data.
  await chmod(folder, 0o711);
  const { url, stop } = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: console.error });
  return {
    url,
    about: 'private, with the settings of the embedded one',
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server of BENCH_REDIS_URL, or a private one; null when the machine has none. Nothing in it is durable. */
export async function redisServer(): Promise<Server | null> {
  const given = process.env.BENCH_REDIS_URL;
  if (given) return { url: given, about: 'of BENCH_REDIS_URL', stop: none };
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  try {
    const child = await start('redis-server', args, /Ready to accept connections/);
    return { url: `redis://127.0.0.1:${port}`, about: 'private, not persistent', stop: () => child.stop() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** `BENCH_KAFKA_BROKERS`, where topics may be made and removed. */
export const kafkaBrokers = (): readonly string[] | null => process.env.BENCH_KAFKA_BROKERS?.split(',') ?? null;
