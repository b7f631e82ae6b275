import { type Cache, CircuitBreaker, circuitSettings, type Lock, type QuotaGate } from '@org/application';
import { ProcessStopwatch } from '../node/process-stopwatch.js';
import { inTime } from './breaker.js';
import type { RedisClient } from './connection.js';
import { RedisCache } from './redis-cache.js';
import { RedisQuotaGate } from './redis-quota-gate.js';
import { type LockStores, RedlockLock } from './redlock-lock.js';

export interface RedisAdapters {
  readonly lock: Lock;
  readonly cache: Cache;
  readonly quotaGate: QuotaGate;
}

export interface RedisAdaptersOptions {
  /** What all keys begin with; those who share a Redis and a store have the same. Default `promotions:`. */
  readonly prefix?: string;
  /** What keeps callers from a Redis that fails. Default: one of its own, with the figures `careful`. */
  readonly circuit?: Pick<CircuitBreaker, 'enter'>;
}

const ownCircuit = () =>
  new CircuitBreaker({ name: 'redis', stopwatch: new ProcessStopwatch(), ...circuitSettings.careful });

/** The ports that Redis serves, over one connection. The fences of the locks stay in the store. */
export function redisAdapters(
  client: RedisClient,
  stores: LockStores,
  { prefix = 'promotions:', circuit = ownCircuit() }: RedisAdaptersOptions = {},
): RedisAdapters {
  return {
    lock: new RedlockLock(client, stores, prefix, circuit),
    cache: new RedisCache(client, prefix, circuit),
    quotaGate: new RedisQuotaGate(client, prefix, circuit),
  };
}

/** Whether Redis answers now, whatever its circuit thinks of it. */
export const redisAnswers = (client: RedisClient): Promise<boolean> =>
  inTime(() => client.ping()).then(
    () => true,
    () => false,
  );
