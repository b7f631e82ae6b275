import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CircuitBreaker,
  type Held,
  type Lock,
  LockBusyError,
  type LockFences,
  type LockOptions,
  LockUnavailableError,
  type UnitOfWork,
} from '@org/application';
import Redlock, { ExecutionError, type Lock as Leased, ResourceLockedError } from 'redlock';
import { Breaker } from './breaker.js';
import type { RedisClient } from './connection.js';

export interface LockStores {
  readonly unitOfWork: UnitOfWork;
  readonly fences: LockFences;
}

/** Between two looks at a lock that somebody else holds, ms; half of it by chance. */
const LOOK_EVERY_MS = 16;

/** What others hold is no failure of Redis. */
async function isHeldByOthers(error: unknown): Promise<boolean> {
  if (!(error instanceof ExecutionError)) return false;
  const votes = await Promise.all(error.attempts);
  return votes.every(({ votesAgainst }) =>
    [...votesAgainst.values()].every(vote => vote instanceof ResourceLockedError),
  );
}

/** Locks among all processes that share a Redis, by the algorithm of redlock. */
export class RedlockLock implements Lock {
  private readonly redlock: Redlock;
  private readonly breaker: Breaker;

  /** @param prefix what its keys begin with */
  constructor(
    client: RedisClient,
    private readonly stores: LockStores,
    private readonly prefix: string,
    circuit: Pick<CircuitBreaker, 'enter'>,
  ) {
    this.breaker = new Breaker(circuit, (message, options) => new LockUnavailableError(message, options));
    this.redlock = new Redlock([client], { retryCount: 0 });
  }

  async withLock<Result>(
    keys: readonly string[],
    ttlMs: number,
    work: (held: Held) => Promise<Result>,
    { waitMs = 5_000 }: LockOptions = {},
  ): Promise<Result> {
    const wanted = [...new Set(keys)].sort();
    const leases = await this.acquire(wanted, ttlMs, waitMs);
    try {
      const left = Math.min(...leases.map(({ expiration }) => expiration)) - Date.now();
      const signal = AbortSignal.timeout(Math.max(0, left));
      const { unitOfWork, fences } = this.stores;
      const fence = await unitOfWork.run(tx => fences.draw(tx, wanted));
      return await work({ fence, signal });
    } finally {
      await this.release(leases);
    }
  }

  private async acquire(keys: readonly string[], ttlMs: number, waitMs: number): Promise<Leased[]> {
    const until = performance.now() + waitMs;
    for (;;) {
      const leases = await this.takeInTime(keys, ttlMs);
      if (leases) return leases;
      if (performance.now() >= until) throw new LockBusyError(`${keys.join(', ')}: held by others for ${waitMs} ms`);
      await sleep(LOOK_EVERY_MS * (0.5 + Math.random()));
    }
  }

  /** What is won too late, when nobody waits for it any more, is given back. */
  private async takeInTime(keys: readonly string[], ttlMs: number): Promise<Leased[] | null> {
    let isLate = false;
    const taking = async () => {
      const leases = await this.takeAll(keys, ttlMs);
      if (isLate && leases) await this.release(leases);
      return leases;
    };
    try {
      return await this.breaker.run(taking);
    } catch (error) {
      isLate = true;
      throw error;
    }
  }

  /** One after the other, for in a cluster they lie on different nodes; all in the same order, and none is kept without the rest. */
  private async takeAll(keys: readonly string[], ttlMs: number): Promise<Leased[] | null> {
    const leases: Leased[] = [];
    try {
      for (const key of keys) leases.push(await this.redlock.acquire([`${this.prefix}lock:${key}`], ttlMs));
      return leases;
    } catch (error) {
      await this.release(leases);
      if (await isHeldByOthers(error)) return null;
      throw error;
    }
  }

  /** What can't be given back ends with its time. */
  private async release(leases: readonly Leased[]) {
    await Promise.all(leases.map(lease => lease.release().catch(() => undefined)));
  }
}
