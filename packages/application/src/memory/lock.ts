import { type Held, type Lock, LockBusyError, type LockOptions } from '../ports/lock.js';
import type { LockFences } from '../ports/lock-fences.js';
import type { UnitOfWork } from '../ports/unit-of-work.js';

interface Waiting {
  readonly keys: readonly string[];
  readonly grant: () => void;
}

/** Locks among the callers of one process, in the order of their coming. */
export class InMemoryLock implements Lock {
  private readonly holders = new Map<string, symbol>();
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly stores: { readonly unitOfWork: UnitOfWork; readonly fences: LockFences }) {}

  async withLock<Result>(
    keys: readonly string[],
    ttlMs: number,
    work: (held: Held) => Promise<Result>,
    { waitMs = 5_000 }: LockOptions = {},
  ): Promise<Result> {
    const wanted = [...new Set(keys)].sort();
    const holder = await this.acquire(wanted, waitMs);
    const over = new AbortController();
    const timer = setTimeout(() => {
      over.abort();
      this.release(wanted, holder);
    }, ttlMs);
    timer.unref();
    try {
      const { unitOfWork, fences } = this.stores;
      const fence = await unitOfWork.run(tx => fences.draw(tx, wanted));
      return await work({ fence, signal: over.signal });
    } finally {
      clearTimeout(timer);
      this.release(wanted, holder);
    }
  }

  private take(keys: readonly string[]): symbol | null {
    if (keys.some(key => this.holders.has(key))) return null;
    const holder = Symbol(keys.join());
    for (const key of keys) this.holders.set(key, holder);
    return holder;
  }

  private acquire(keys: readonly string[], waitMs: number): Promise<symbol> {
    return new Promise((resolve, reject) => {
      const attempt = (): boolean => {
        const holder = this.take(keys);
        if (!holder) return false;
        resolve(holder);
        return true;
      };
      if (attempt()) return;
      const one: Waiting = {
        keys,
        grant: () => {
          if (!attempt()) return;
          clearTimeout(late);
          this.waiting.delete(one);
        },
      };
      const late = setTimeout(() => {
        this.waiting.delete(one);
        reject(new LockBusyError(`${keys.join(', ')}: held by others for ${waitMs} ms`));
      }, waitMs);
      late.unref();
      this.waiting.add(one);
    });
  }

  /** Whoever is over gives back nothing that somebody else holds by now. */
  private release(keys: readonly string[], holder: symbol) {
    const own = keys.filter(key => this.holders.get(key) === holder);
    for (const key of own) this.holders.delete(key);
    if (own.length === 0) return;
    for (const one of [...this.waiting]) if (one.keys.some(key => own.includes(key))) one.grant();
  }
}
