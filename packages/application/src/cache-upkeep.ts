import { noting } from './bus/waking.js';
import { forgottenBy } from './cached-reads.js';
import { eventTypes } from './events.js';
import type { Cache } from './ports/cache.js';
import type { EventFeed, FeedCursor } from './ports/event-feed.js';
import type { EventLog } from './ports/event-log.js';
import type { Timer } from './ports/timer.js';
import type { UnitOfWork } from './ports/unit-of-work.js';

/**
 * The same unit of work and log, but what the events of a transaction make old is forgotten when it has committed, and
 * before whoever asked for it is answered: he sees what he wrote.
 */
export const forgetting = <Log extends EventLog>(
  unitOfWork: UnitOfWork,
  events: Log,
  cache: Pick<Cache, 'forget'>,
): { readonly unitOfWork: UnitOfWork; readonly events: Log } =>
  noting(unitOfWork, events, async (run, appended) => {
    try {
      return await run();
    } finally {
      // Also where it failed: with an unknown outcome it may be written.
      const forgotten = forgottenBy(appended());
      if (forgotten.keys.length + forgotten.prefixes.length > 0) await cache.forget(forgotten);
    }
  });

const policyTypes = Object.values(eventTypes).filter(type => type.startsWith('coupon-policy.'));
const PAGE = 500;

export interface FollowOptions {
  /** How often other processes' changes are looked for, ms. Default 500. */
  readonly everyMs?: number;
  /** Told when the store fails. Default: nobody. */
  readonly report?: (error: unknown) => void;
}

/**
 * Forgets the policies that other processes change, and those that could not be forgotten when they were changed: it
 * reads on in the feed from where it began. Resolves when it has begun. Without it they would be believed for as long as they may be kept.
 */
export async function followPolicies(
  { eventFeed, cache, timer }: { readonly eventFeed: EventFeed; readonly cache: Cache; readonly timer: Timer },
  { everyMs = 500, report = () => undefined }: FollowOptions = {},
): Promise<{ stop(): Promise<void> }> {
  const over = new AbortController();
  let place: FeedCursor | null = null;

  async function turn() {
    if (place === null) {
      place = await eventFeed.now();
      // What was kept before the place was known may be old.
      await cache.forget({ prefixes: ['policies/'] });
    }
    for (let more = true; more; ) {
      const page: Awaited<ReturnType<EventFeed['read']>> = await eventFeed.read({
        after: place,
        types: policyTypes,
        limit: PAGE,
      });
      if (page.events.length > 0) await cache.forget(forgottenBy(page.events));
      place = page.next;
      more = page.more;
    }
  }

  async function work() {
    while (!over.signal.aborted) {
      await timer.pause(everyMs, over.signal);
      await turn().catch(report);
    }
  }
  await turn().catch(report);
  const working = work();
  return {
    async stop() {
      over.abort();
      await working;
    },
  };
}
