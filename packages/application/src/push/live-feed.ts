import type { EventFeed, FedEvent, FeedCursor } from '../ports/event-feed.js';
import type { OrderQueries } from '../ports/order-queries.js';
import type { Timer } from '../ports/timer.js';
import { type UserEvent, userEventsOf, userEventTypes, userOf } from './user-events.js';

/** Takes what its user is told, in the order of the feed. Never throws. */
export interface Ear {
  readonly userId: string;
  hear(event: UserEvent): void;
}

interface Joiner {
  readonly ear: Ear;
  readonly admit: (at: FeedCursor) => void;
  readonly refuse: (error: unknown) => void;
}

export interface LiveFeedParts {
  readonly eventFeed: EventFeed;
  readonly orderQueries: Pick<OrderQueries, 'named'>;
  readonly timer: Timer;
}

export interface LiveFeedSettings {
  readonly maxIdleMs: number;
  readonly minIdleMs: number;
  readonly backoffMs: number;
  readonly report: (error: unknown) => void;
}

const PAGE = 1_000;
const LONGEST_BACKOFF = 50;

/**
 * The one reader of the feed in a process, for all who are connected to it: it goes from place to place as they are
 * written, and sleeps while nobody is there. Who joins is let in at such a place: all that lies behind it is told, and
 * nothing before it, so that what came earlier can be read up to exactly there.
 */
export class LiveFeed {
  private readonly ears = new Map<string, Set<Ear>>();
  private joiners: Joiner[] = [];
  private place: FeedCursor | null = null;
  /** How far the turn goes that is under way, or has failed. */
  private until: FeedCursor | null = null;
  private idle = new AbortController();
  private woken = false;
  private failures = 0;
  private isWorking = false;

  constructor(
    private readonly parts: LiveFeedParts,
    private readonly settings: LiveFeedSettings,
  ) {}

  /**
   * Answers the place from which on the ear hears everything. It is one of after the call: whatever cursor anybody has
   * seen by then, in any process, lies before it.
   * @throws whatever the feed throws meanwhile
   */
  join(ear: Ear): Promise<FeedCursor> {
    return new Promise((admit, refuse) => {
      this.joiners.push({ ear, admit, refuse });
      this.wake();
      if (!this.isWorking) void this.work();
    });
  }

  leave(ear: Ear): void {
    const own = this.ears.get(ear.userId);
    own?.delete(ear);
    if (own?.size === 0) this.ears.delete(ear.userId);
    if (this.ears.size === 0) this.wake();
  }

  /** Something was committed, here: only a hint. */
  wake(): void {
    this.woken = true;
    this.idle.abort();
  }

  private async work() {
    this.isWorking = true;
    while (this.ears.size > 0 || this.joiners.length > 0) {
      this.woken = false;
      const joiners = this.joiners.splice(0);
      try {
        const at = await this.turn();
        this.failures = 0;
        for (const joiner of joiners) this.admit(joiner, at);
        await this.rest();
      } catch (error) {
        for (const { refuse } of joiners) refuse(error);
        this.failures++;
        this.settings.report(error);
        await this.parts.timer.pause(this.settings.backoffMs * Math.min(2 ** (this.failures - 1), LONGEST_BACKOFF));
      }
    }
    this.place = null;
    this.until = null;
    this.isWorking = false;
  }

  /** What a failed turn has left is read first: a place in the midst of a turn is good for nobody to join at. */
  private async turn(): Promise<FeedCursor> {
    if (this.until !== null) await this.readUntil(this.until);
    this.until = await this.parts.eventFeed.now();
    // Before the first ear there is nobody to be told.
    this.place ??= this.until;
    const at = await this.readUntil(this.until);
    this.until = null;
    return at;
  }

  private async readUntil(until: FeedCursor): Promise<FeedCursor> {
    const { eventFeed } = this.parts;
    for (let more = this.place !== until; more; ) {
      const page = await eventFeed.read({ after: this.place, until, types: userEventTypes, limit: PAGE });
      await this.tell(page.events);
      this.place = page.next;
      more = page.more;
    }
    return this.place ?? until;
  }

  private async tell(events: readonly FedEvent[]) {
    const wanted = events.filter(event => this.ears.has(userOf(event)));
    if (wanted.length === 0) return;
    for (const { userId, told } of await userEventsOf(this.parts.orderQueries, wanted))
      for (const ear of this.ears.get(userId) ?? []) ear.hear(told);
  }

  private admit({ ear, admit }: Joiner, at: FeedCursor) {
    const own = this.ears.get(ear.userId) ?? new Set();
    this.ears.set(ear.userId, own.add(ear));
    admit(at);
  }

  /** Commits wake it, though not each of thousands: those that came within the shortest rest are read together. */
  private async rest() {
    const { minIdleMs, maxIdleMs } = this.settings;
    this.idle = new AbortController();
    if (this.joiners.length === 0) await this.parts.timer.pause(minIdleMs);
    if (!this.woken) await this.parts.timer.pause(maxIdleMs - minIdleMs, this.idle.signal);
  }
}
