import type { Transaction } from './unit-of-work.js';

/** A request that carries an idempotency key. Keys are per owner; the fingerprint tells requests apart. */
export interface KeyedRequest {
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
}

export type Claim =
  /** Yours until the transaction ends: do it, then `complete`. */
  | { readonly claim: 'NEW' }
  /** Done before: the very answer that was given then. */
  | { readonly claim: 'REPLAY'; readonly response: string }
  /** The key was used for another request. */
  | { readonly claim: 'OTHER_REQUEST' }
  /** Somebody is at it right now. */
  | { readonly claim: 'IN_FLIGHT' };

export interface IdempotencyStore {
  /** One claim per request, in the same order. Never waits for another transaction. */
  claim(tx: Transaction, requests: readonly KeyedRequest[]): Promise<readonly Claim[]>;
  /**
   * Keeps the answers of claimed requests, in the transaction of their effects. What is not completed was never claimed.
   * An adapter may send them and let the commit fail with them.
   */
  complete(tx: Transaction, answers: readonly (KeyedRequest & { readonly response: string })[]): Promise<void>;
  /** Deletes up to `limit` answers older than `retentionSeconds`, by the time of the store; answers how many. */
  forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number>;
}
