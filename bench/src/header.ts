import { cpus, loadavg, totalmem } from 'node:os';
import { Redis } from 'ioredis';
import type { Databases } from './database.js';
import type { Scale } from './options.js';
import type { Server } from './servers.js';

interface Surroundings {
  readonly postgres: Server;
  readonly redis: Server | null;
  readonly databases: Databases;
  readonly scale: Scale;
}

async function redisVersion(server: Server | null): Promise<string> {
  if (!server) return 'skipped: no redis-server';
  const redis = new Redis(server.url);
  const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '?';
  await redis.quit();
  return `${version}, ${server.about}`;
}

/** What a reader has to know to compare the figures with his own. */
export async function header({ postgres, redis, databases, scale }: Surroundings): Promise<string> {
  const { version, fsync, commit } = await databases.figures();
  const [cpu] = cpus();
  const lines = [
    `Processors: ${cpus().length} (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform}`,
    `Processes that wanted a processor in the minute before: ${loadavg()[0]?.toFixed(1)}`,
    `Node.js ${process.versions.node}`,
    `Postgres ${version}, ${postgres.about}, fsync ${fsync}, synchronous_commit ${commit}`,
    `Redis ${await redisVersion(redis)}`,
    'Load generator: raw keep-alive sockets in one process on the same machine; it shares the processors with the servers',
    `Scale: ${scale}${scale === 'small' ? ' (proves that the figures work; their speeds mean nothing)' : ''}`,
  ];
  return ['## Benchmarks', '', ...lines.map(line => `- ${line}`), ''].join('\n');
}
