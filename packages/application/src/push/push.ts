import type { Adapters } from '../adapters.js';
import type { FeedCursor } from '../ports/event-feed.js';
import type { OrderQueries } from '../ports/order-queries.js';
import type { Timer } from '../ports/timer.js';
import { atMost } from './at-most.js';
import { Listener, type Past } from './listener.js';
import { LiveFeed } from './live-feed.js';
import { createTickets, type Tickets } from './tickets.js';
import { userEventsOf, userEventTypes } from './user-events.js';

export interface PushOptions {
  readonly timer: Timer;
  /** How long the reader waits at most before it looks again, while somebody is connected; `wake` ends that. Default 100. */
  readonly maxIdleMs?: number;
  /** How long it waits at least, whatever is committed meanwhile: a sale has hundreds of commits a second. Default 20. */
  readonly minIdleMs?: number;
  /** First pause when the store fails; doubled up to 50 times. Default 100. */
  readonly backoffMs?: number;
  /** Told when the store fails: events come later then. Default: nobody. */
  readonly report?: (error: unknown) => void;
}

/** Somebody who is let in, and not told anything yet. */
export type Listening = Pick<Listener, 'userId' | 'from' | 'start' | 'leave'>;

/** Tells users of their own events as they are committed: what an inbound adapter calls. */
export interface Push extends Tickets {
  /** The place behind everything that is committed: to come back with for who has not been told anything yet. */
  now(): Promise<FeedCursor>;
  /**
   * @param after the cursor of the last event that the client was told; null = it wants what comes from now on
   * @throws FeedCursorError for a cursor that this feed never gave
   */
  join(userId: string, after: FeedCursor | null): Promise<Listening>;
  /** Events of these types were committed by this process. */
  wake(types: ReadonlySet<string>): void;
}

export interface PushAdapters extends Pick<Adapters, 'eventFeed' | 'unitOfWork' | 'tickets' | 'tokenSecrets'> {
  readonly orderQueries: Pick<OrderQueries, 'named'>;
}

const PAGE = 100;
/** A thousand clients that come back at once must not take every connection to the store. */
const READERS = 4;

export function createPush(adapters: PushAdapters, options: PushOptions): Push {
  const { timer, maxIdleMs = 100, minIdleMs = 20, backoffMs = 100, report = () => undefined } = options;
  const { eventFeed, orderQueries } = adapters;
  const live = new LiveFeed({ eventFeed, orderQueries, timer }, { maxIdleMs, minIdleMs, backoffMs, report });
  const reading = atMost(READERS);
  const past: Past = {
    page: (userId, after, until) =>
      reading(() => eventFeed.ofUser(userId, { after, until, types: userEventTypes, limit: PAGE })),
    told: async events => (await reading(() => userEventsOf(orderQueries, events))).map(({ told }) => told),
  };
  return {
    ...createTickets(adapters),
    now: () => eventFeed.now(),
    join: (userId, after) => new Listener(live, past, userId, after).join(),
    wake: types => {
      if (userEventTypes.some(type => types.has(type))) live.wake();
    },
  };
}
