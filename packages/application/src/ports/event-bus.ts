import { asError } from './errors.js';
import type { FedEvent } from './event-feed.js';
import type { NewEvent } from './event-log.js';

/** Hands events to whoever subscribes to their types. */
export interface EventPublisher {
  /**
   * All of them or none. What belongs to a change of state is appended to the `EventLog` in the transaction of that
   * change instead, and reaches the same subscribers.
   */
  publish(events: readonly NewEvent[]): Promise<void>;
}

/** What consumers need of an event: nothing that only one transport knows. */
export interface DeliveredEvent extends Omit<FedEvent, 'position' | 'cursor'> {
  /** 1, and one more for every failure of this event that was counted. */
  readonly attempt: number;
}

/** What became of one event. */
export type Handled =
  | { readonly outcome: 'DONE' }
  | {
      readonly outcome: 'FAILED';
      readonly error: Error;
      /** false = no further attempt would help: a dead letter at once. */
      readonly retryable: boolean;
    };

export const handled: Handled = Object.freeze({ outcome: 'DONE' });

/** @param error what the dead letter will tell; errors of the infrastructure are waited out and never counted */
export const failed = (error: unknown, retryable = true): Handled => ({
  outcome: 'FAILED',
  error: asError(error),
  retryable,
});

export interface Subscription {
  /** Each group gets everything; the members of one group share it. */
  readonly group: string;
  /** Types on the wire, `coupon.issued.v1`. */
  readonly types: readonly string[];
  /**
   * Takes a batch, oldest first for each key, in transactions of its own, and answers one result per event, in order.
   * At least once: the same event may come again, also together with others, so effects are keyed by `event.id`.
   * What follows a failed event of its key in the batch counts as not handled, whatever is answered: it comes again,
   * after that event is done or a dead letter. Whoever takes events singly lets `oneByOne` see to that. With the order
   * `NONE` every answer counts by itself.
   *
   * An error that is thrown fails the batch as a whole: it comes again, and then its events one by one.
   */
  handle(events: readonly DeliveredEvent[]): Promise<readonly Handled[]>;
  /** Default `KEY`: what follows a failed event of its key waits. `NONE`: every event is on its own, nothing waits. */
  readonly order?: 'KEY' | 'NONE';
  /** Most events at once. Default 500. */
  readonly maxBatch?: number;
  /** Where a group starts that has never been seen. Default `START`: with the oldest event there is. */
  readonly from?: 'START' | 'NOW';
}

export interface RunningSubscription {
  /** Drains: a batch that is being handled is finished. No handler runs after it resolves. */
  stop(): Promise<void>;
}

export interface EventConsumer {
  /** Resolves when the subscription is known; events come from then on, and those that came before it by `from`. */
  subscribe(subscription: Subscription): Promise<RunningSubscription>;
}

/** How far the subscription of one process is, in the parts of a broker's topics that it has. */
export interface GroupLag {
  readonly group: string;
  /** Parts that this process has at the moment. */
  readonly places: number;
  /** Records that have come and are not done, or wait for one before them. */
  readonly inHand: number;
  /** Records on the broker that are not done, in the parts of this process. */
  readonly lag: number;
  /** When the oldest one was written that is in hand and not done, epoch milliseconds; null = there is none. */
  readonly oldestAt: number | null;
}
