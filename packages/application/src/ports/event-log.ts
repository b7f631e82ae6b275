import type { Transaction } from './unit-of-work.js';

/** Who did it, and in which trace. */
export interface Origin {
  /** `sub` of the caller, or the name of a job. */
  readonly actor: string;
  /** W3C trace context. */
  readonly traceparent: string | null;
}

/** One thing that happened to one aggregate. */
export interface NewEvent {
  readonly streamId: string;
  readonly streamVersion: number;
  /** `coupon.issued.v1`: area, event and version in kebab case. */
  readonly type: string;
  /** Plain JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What keeps order across aggregates on the way out: the policy, for coupons. */
  readonly key: string;
  readonly origin: Origin;
}

export interface StoredEvent extends NewEvent {
  readonly recordedAt: number;
}

/** Append only: outbox, event store and audit log in one, written in the transaction of what it tells. */
export interface EventLog {
  /**
   * An adapter may send them and let the commit fail with them: they have their place once a read after them has its answer.
   * @throws Error when a stream already has an event of that version, or the unit of work does
   */
  append(tx: Transaction, events: readonly NewEvent[]): Promise<void>;
  /** The events of one stream, oldest first. */
  stream(tx: Transaction, streamId: string): Promise<readonly StoredEvent[]>;
  /** The version of the last event of each stream; 0 = it has none. In the same order. */
  versions(tx: Transaction, streamIds: readonly string[]): Promise<readonly number[]>;
}
