import { connected, type RedisClient, redisAdapters, redisAnswers, redisConnection } from '@org/adapters-persistence';
import type { Adapters, CircuitBreaker } from '@org/application';
import { InMemoryCache } from '@org/application/memory';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';

/** The Redis of the service; null = each process has lock, cache and gate of its own. */
export type RedisPart = RedisClient | null;

/** How long a start waits for Redis: it goes without, and Redis joins when it comes. */
const PATIENCE_MS = 2_000;

export async function connectRedis({ redisUrl }: Pick<Config, 'redisUrl'>, logger: Logger): Promise<RedisPart> {
  if (redisUrl === null) return null;
  const client = redisConnection(redisUrl, { report: err => logger.warn({ err: err.message }, 'Redis is not there') });
  if (!(await connected(client, PATIENCE_MS))) logger.warn('started without Redis: it joins when it comes');
  return client;
}

/** The adapters of the ports that Redis serves, or those of this process. */
export function sharedAdapters(
  redis: RedisPart,
  stores: Pick<Adapters, 'unitOfWork' | 'fences' | 'stopwatch'>,
  config: Pick<Config, 'redisPrefix' | 'cacheEntries'>,
  circuit: CircuitBreaker,
): Partial<Pick<Adapters, 'lock' | 'cache' | 'quotaGate'>> {
  if (redis === null) return { cache: new InMemoryCache(stores.stopwatch, { capacity: config.cacheEntries }) };
  return redisAdapters(redis, stores, { prefix: config.redisPrefix, circuit });
}

export const redisCheckOf = (redis: RedisPart): (() => Promise<boolean>) | null =>
  redis === null ? null : () => redisAnswers(redis);
