import type { RunningSubscription, Subscription } from '../ports/event-bus.js';
import type { EventFeed } from '../ports/event-feed.js';
import type { GroupProgress } from '../ports/group-progress.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { Stopwatch } from '../ports/stopwatch.js';
import type { Timer } from '../ports/timer.js';
import { GroupMember } from './group-member.js';
import { type BusOptions, busSettings } from './settings.js';

export interface RedriverParts {
  readonly feed: Pick<EventFeed, 'now'>;
  readonly progress: GroupProgress;
  readonly ids: IdGenerator;
  readonly stopwatch: Stopwatch;
  readonly timer: Timer;
}

/** Stands where it is asked to stand: the events of the group come from elsewhere. */
const silent: EventFeed = {
  now: async () => '',
  read: async ({ after }) => ({ events: [], next: after ?? '', more: false }),
  ofUser: async (_, { after }) => ({ events: [], next: after ?? '', more: false }),
};

/**
 * Hands over what the store has put aside for a group, and nothing else: dead letters that are sent round again, when
 * a broker and not the feed brings the group its events.
 */
export async function startRedriver(
  { feed, progress, ids, stopwatch, timer }: RedriverParts,
  subscription: Subscription,
  options: BusOptions = {},
): Promise<RunningSubscription> {
  const { group } = subscription;
  // The feed brings it no types, so it can't be behind there; its place is that of today, should the feed ever bring them.
  await progress.open(group, [], await feed.now());
  const parts = { feed: silent, progress, stopwatch, timer };
  return new GroupMember(parts, busSettings(options), subscription, { group, member: ids.next() });
}
