import type { Cache, Lock, QuotaGate } from '@org/application';
import { Breaker } from './breaker.js';
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
}

/** The ports that Redis serves, over one connection. The fences of the locks stay in the store. */
export function redisAdapters(
  client: RedisClient,
  stores: LockStores,
  { prefix = 'promotions:' }: RedisAdaptersOptions = {},
): RedisAdapters {
  return {
    lock: new RedlockLock(client, stores, prefix),
    cache: new RedisCache(client, prefix),
    quotaGate: new RedisQuotaGate(client, prefix),
  };
}

const patient = new WeakMap<RedisClient, Breaker>();

/** Whether Redis answers. */
export async function redisAnswers(client: RedisClient): Promise<boolean> {
  const breaker = patient.get(client) ?? new Breaker(message => new Error(message));
  patient.set(client, breaker);
  return breaker
    .run(() => client.ping())
    .then(
      () => true,
      () => false,
    );
}
