import type { Transaction } from './unit-of-work.js';

/** SUCCEEDED, FAILED, or LOCKED: failed, and the last one before the lock-out. */
export type LoginResult = 'SUCCEEDED' | 'FAILED' | 'LOCKED';

export interface LoginAttempt {
  /** UUIDv7. */
  readonly id: string;
  /** Null = nobody has such an account. */
  readonly userId: string | null;
  readonly result: LoginResult;
  readonly address: string;
  /** As the client says, cut to 200 characters; null = it says nothing. */
  readonly userAgent: string | null;
}

/** Every attempt to log in, also at accounts of nobody. Append only; the store adds its time. */
export interface LoginHistory {
  append(tx: Transaction, attempts: readonly LoginAttempt[]): Promise<void>;
  /** Deletes up to `limit` attempts older than `retentionSeconds`, by the time of the store; answers how many. */
  forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number>;
}
