import { InfrastructureError } from './errors.js';

/** What the holder of a lock is told. */
export interface Held {
  /** Higher than that of every holder before, whichever of the keys he held: what a write proves itself with. */
  readonly fence: number;
  /** Given when the time is over: from then on somebody else may hold the keys. */
  readonly signal: AbortSignal;
}

export interface LockOptions {
  /** How long to wait for somebody else's end at most, ms. */
  readonly waitMs?: number;
}

/**
 * Keeps others away while some work is done, among all processes that share the adapter. It saves work, it does not
 * make anything right: a holder who was stopped and goes on too late still believes in his lock. What must be right is
 * guarded by the fence, in the transaction of the write (`LockFences.holds`).
 */
export interface Lock {
  /**
   * Does the work while holding all keys, and gives them back afterwards, however it ends. Never holds some of them only.
   * @param ttlMs after this long the keys are free again, whatever the holder is doing
   * @throws LockBusyError when others held them for all of the wait
   * @throws LockUnavailableError when nobody can tell who holds them; the work was not begun
   */
  withLock<Result>(
    keys: readonly string[],
    ttlMs: number,
    work: (held: Held) => Promise<Result>,
    options?: LockOptions,
  ): Promise<Result>;
}

/** Others held the lock for as long as one was willing to wait. Nothing was done; try again later. */
export class LockBusyError extends InfrastructureError {
  readonly code = 'LOCK_BUSY';
}

/** The keeper of the locks can't be reached. Nothing was done, and whoever has another guard may go on with that. */
export class LockUnavailableError extends InfrastructureError {
  readonly code = 'LOCK_UNAVAILABLE';
}
