import type { DeadLetterStatus } from './dead-letters.js';
import type { Subscription } from './event-bus.js';
import type { FedEvent, FeedCursor } from './event-feed.js';

/** Virtual partitions are dealt out to so many slices; at most so many members of a group work at a time. */
export const GROUP_SLICES = 4;

/** One of the processes (or subscriptions) that share a group. */
export interface Member {
  readonly group: string;
  readonly member: string;
}

/** The right to a slice. It ends when another member gets the slice: then the fence is another one. */
export interface Tenure {
  readonly slice: number;
  readonly fence: number;
}

export interface Tenancy {
  /** All slices of this member. */
  readonly tenures: readonly Tenure[];
  /** How many slices it should have, so that all members have alike. */
  readonly share: number;
}

/** Where a group goes on in a slice. */
export interface SliceState extends Tenure {
  readonly cursor: FeedCursor | null;
  /** Keys of which events are parked: what comes next of them has to wait behind. */
  readonly blocked: readonly string[];
}

/** A failure as it is kept: name and message of the error, and the beginning of its stack. */
export interface Cause {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/**
 * An event that is put aside. One that failed has a cause; one that waits behind another of its key has none, and no
 * time of its own (`dueInMs` null) unless it is the first that waits.
 */
export interface Aside {
  readonly event: Omit<FedEvent, 'cursor'>;
  readonly slice: number;
  readonly status: 'WAITING' | 'DEAD';
  readonly attempts: number;
  readonly dueInMs: number | null;
  readonly cause: Cause | null;
}

export interface ParkedEvent {
  readonly id: string;
  readonly event: Omit<FedEvent, 'cursor'>;
  readonly slice: number;
  readonly status: 'WAITING' | 'REDRIVEN';
  readonly attempts: number;
  readonly redrives: number;
}

/** What became of a parked event; null = it is done. */
export interface Settlement {
  readonly parked: ParkedEvent;
  readonly failure: {
    readonly status: 'WAITING' | Exclude<DeadLetterStatus, 'REDRIVEN'>;
    readonly dueInMs: number | null;
    readonly cause: Cause;
  } | null;
}

/** An event from outside has no place in a stream of ours: its stream is named like itself, and this is its version. */
export const NO_STREAM_VERSION = 0;

/**
 * How far each group is, what it has put aside, and who works for it: the memory of a bus that reads the feed. Every
 * write names the tenures that it is based on; one that somebody else has got meanwhile is left out of the answer,
 * and nothing of its slice is written. All times are those of the store.
 */
export interface GroupProgress {
  /** Makes a group known. One that is known already keeps its place. @param cursor where a new group starts */
  open(group: string, types: readonly string[], cursor: FeedCursor | null): Promise<void>;
  /**
   * Tells that the member is alive, prolongs what it has, and takes free slices up to its share. Who does not come
   * back within `leaseMs` may lose everything to others.
   */
  beat(member: Member, leaseMs: number): Promise<Tenancy>;
  /** Gives slices back. */
  release(member: Member, tenures: readonly Tenure[]): Promise<void>;
  /** Gives everything back and is no member any more. */
  leave(member: Member): Promise<void>;
  load(member: Member, tenures: readonly Tenure[]): Promise<readonly SliceState[]>;
  /** Moves the place of these slices and puts events aside, both or neither. @returns slices that were written */
  advance(
    member: Member,
    tenures: readonly Tenure[],
    cursor: FeedCursor,
    aside: readonly Aside[],
  ): Promise<ReadonlySet<number>>;
  /**
   * Parked events whose time has come, each with those that wait behind it, in order; up to `limit`, and of each key
   * from the first on. Where no order is kept (`NONE`), each comes at its own time, and nothing waits behind it.
   */
  due(
    member: Member,
    tenures: readonly Tenure[],
    limit: number,
    order: NonNullable<Subscription['order']>,
  ): Promise<readonly ParkedEvent[]>;
  /**
   * Writes down what became of parked events. The first that still waits of each key is due at once, if it has no
   * time yet.
   * @returns the keys of these events of which none waits any more
   */
  settle(
    member: Member,
    tenures: readonly Tenure[],
    settlements: readonly Settlement[],
  ): Promise<{ readonly written: ReadonlySet<number>; readonly freed: readonly string[] }>;
  /**
   * Puts dead letters aside for a group that gets its events from elsewhere, and so has no tenure here. One that is
   * kept already stays as it is. Those of one name but of two keys are two: outside, names may count per key.
   */
  bury(group: string, dead: readonly Aside[]): Promise<void>;
}
