import type { Transaction } from './unit-of-work.js';

/** A state and the number of events that made it; version 0 is the initial state of what was never stored. */
export interface Versioned<State> {
  readonly version: number;
  readonly state: State;
}

/** The next state of one aggregate: what is stored at `expectedVersion` becomes `version`. */
export interface Change<State> {
  readonly id: string;
  readonly expectedVersion: number;
  readonly version: number;
  readonly state: State;
}

export interface LoadOptions {
  /** Nobody else can write the stored ones until the transaction ends; waits for those who are at it. */
  readonly lock?: boolean;
}

/** Stores aggregates with optimistic locking. Sets in, sets out: one round trip for one or for a thousand. */
export interface AggregateRepository<State> {
  /** Every id that was asked for is in the answer. */
  load(tx: Transaction, ids: readonly string[], options?: LoadOptions): Promise<ReadonlyMap<string, Versioned<State>>>;
  /** Answers the ids that were written; the rest met a newer version, and nothing of them was written. */
  save(tx: Transaction, changes: readonly Change<State>[]): Promise<ReadonlySet<string>>;
}
