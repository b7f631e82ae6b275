import type { StoredEvent } from './event-log.js';

/**
 * A place in the feed as opaque text, good for years and for any process: everything before it is decided, nothing
 * behind it is lost, however late its transaction commits.
 */
export type FeedCursor = string;

/** An event that is committed. */
export interface FedEvent extends StoredEvent {
  /** `<streamId>:<streamVersion>`: unique for ever. What an effect keeps to happen once. */
  readonly id: string;
  /** Rises within an aggregate; has gaps, and says nothing about the order of commits. */
  readonly position: number;
  /** To go on right after this event with the same question; as a rule the same, whenever the event is read. */
  readonly cursor: FeedCursor;
}

export interface FeedPage {
  readonly events: readonly FedEvent[];
  /** To go on after this page, which may be empty and still be a step forward. */
  readonly next: FeedCursor;
  /** Whether another read may find more at once. */
  readonly more: boolean;
}

/** Some of the parts that the virtual partitions are dealt out to: partition p belongs to slice `p % of`. */
export interface FeedSlices {
  readonly indices: readonly number[];
  readonly of: number;
}

export interface FeedQuestion {
  /** null = from the first event there is. */
  readonly after: FeedCursor | null;
  /** Types on the wire; no others are answered. */
  readonly types: readonly string[];
  /** Most events of the page. */
  readonly limit: number;
}

/**
 * What is committed, each event exactly once for whoever goes from cursor to cursor, in an order that keeps that of
 * each aggregate. A transaction that stays open keeps nobody else's events back.
 * @throws FeedCursorError for a cursor that this feed never gave
 */
export interface EventFeed {
  /** The place behind everything that is committed now. */
  now(): Promise<FeedCursor>;
  read(
    question: FeedQuestion & {
      /** Default: all of them. */
      readonly slices?: FeedSlices;
      /** A place that `now` gave later than `after`: events behind it are left for another time. Default: now. */
      readonly until?: FeedCursor;
    },
  ): Promise<FeedPage>;
  /**
   * The same of one user: events of orders (`order.…`) whose key is the user, of coupons (`coupon.…`) that the user
   * has, and of what became of his requests (`coupon.request-…`), whose data names him. Cursors of `now`, of `read` and of these pages can all be gone on from.
   */
  ofUser(
    userId: string,
    question: FeedQuestion & {
      /** A place that `now` gave: events behind it are left for another time. Default: now. */
      readonly until?: FeedCursor;
    },
  ): Promise<FeedPage>;
}

/** Not a cursor of this feed: garbled, or of another database. */
export class FeedCursorError extends Error {
  readonly code = 'FEED_CURSOR_INVALID';
}
