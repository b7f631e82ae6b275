import type { FedEvent, FeedCursor, FeedPage } from '../ports/event-feed.js';
import type { Ear, LiveFeed } from './live-feed.js';
import type { UserEvent } from './user-events.js';

/** The way out to one client. Its methods never throw. */
export interface Outlet {
  /** Takes events in order, at once. */
  tell(events: readonly UserEvent[]): void;
  /** Resolves when more can be taken, or nothing ever will be. */
  drained(): Promise<void>;
  /** Nothing comes any more: `SLOW` = more waits than is kept for a client, `FAILED` = the store did. */
  end(why: 'SLOW' | 'FAILED'): void;
}

/** Reads what came before; a page is what the user is told, and where it ends. */
export interface Past {
  page(userId: string, after: FeedCursor, until: FeedCursor): Promise<FeedPage>;
  told(events: readonly FedEvent[]): Promise<readonly UserEvent[]>;
}

/** Most events that wait while the client is told what it missed. */
const MOST_WAITING = 1_000;

/**
 * One client that is told of the events of its user. It is let in to the live feed first, where events wait for it;
 * then it reads what it has missed up to the very place at which it was let in, and then takes what waits. So its way
 * goes from cursor to cursor without a gap, and any of them is good to come back with.
 */
export class Listener implements Ear {
  private waiting: UserEvent[] | null = [];
  private outlet: Outlet | null = null;
  private hasLeft = false;
  private missed: FeedPage | null = null;
  private joinedAt: FeedCursor = '';

  constructor(
    private readonly live: LiveFeed,
    private readonly past: Past,
    readonly userId: string,
    private readonly after: FeedCursor | null,
  ) {}

  /** @throws FeedCursorError when `after` is no cursor of the feed, and whatever else the feed throws */
  async join(): Promise<this> {
    this.joinedAt = await this.live.join(this);
    try {
      if (this.after !== null) this.missed = await this.past.page(this.userId, this.after, this.joinedAt);
    } catch (error) {
      this.leave();
      throw error;
    }
    return this;
  }

  /** Everything behind this place is told. */
  get from(): FeedCursor {
    return this.after ?? this.joinedAt;
  }

  start(outlet: Outlet): void {
    this.outlet = outlet;
    void this.catchUp(outlet).catch(() => this.end('FAILED'));
  }

  leave(): void {
    this.hasLeft = true;
    this.waiting = null;
    this.live.leave(this);
  }

  hear(event: UserEvent): void {
    if (!this.waiting) this.outlet?.tell([event]);
    else if (this.waiting.push(event) > MOST_WAITING) this.end('SLOW');
  }

  private end(why: 'SLOW' | 'FAILED') {
    if (this.hasLeft) return;
    this.leave();
    this.outlet?.end(why);
  }

  private async catchUp(outlet: Outlet) {
    for (let page = this.missed; page; ) {
      const told = await this.past.told(page.events);
      if (this.hasLeft) return;
      outlet.tell(told);
      if (!page.more) break;
      await outlet.drained();
      if (this.hasLeft) return;
      page = await this.past.page(this.userId, page.next, this.joinedAt);
    }
    this.missed = null;
    const { waiting } = this;
    this.waiting = null;
    if (!this.hasLeft && waiting) outlet.tell(waiting);
  }
}
