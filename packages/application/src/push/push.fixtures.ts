import { happened } from '../contracts/bus-samples.js';
import { inMemoryAdapters, RealTimer } from '../memory/index.js';
import { orderEventTypes } from '../order-events.js';
import type { EventFeed, FeedCursor } from '../ports/event-feed.js';
import type { OrderView } from '../ports/order-queries.js';
import type { Outlet } from './listener.js';
import { createPush, type Listening, type PushOptions } from './push.js';
import type { UserEvent } from './user-events.js';

/** Every order there could be, so that events need no orders. */
export const anyOrder = {
  named: async (orderNumbers: readonly string[]): Promise<readonly OrderView[]> =>
    orderNumbers.map(
      orderNumber => ({ orderNumber, order: { status: 'COMPLETED', facts: {} } }) as unknown as OrderView,
    ),
};

/** `ann` has so many orders completed, one after the other. */
export const completed = (userId: string, n: number) =>
  happened(userId, 1, {
    streamId: `order/${userId}-${n}`,
    type: orderEventTypes.OrderCompleted,
    data: { orderNumber: `${userId}-${n}`, userId },
  });

export const nameOf = (told: UserEvent) =>
  told.event === 'order.status' ? told.order.orderNumber : told.status === 'ISSUED' ? told.coupon.id : told.requestId;

/** A client that takes everything and remembers it. */
export class Client implements Outlet {
  readonly told: UserEvent[] = [];
  ended: string | null = null;
  isFull = false;
  private release: () => void = () => undefined;

  constructor(readonly listening: Listening) {
    listening.start(this);
  }

  tell(events: readonly UserEvent[]) {
    this.told.push(...events);
  }

  drained(): Promise<void> {
    return this.isFull ? new Promise(resolve => (this.release = resolve)) : Promise.resolve();
  }

  makeRoom() {
    this.isFull = false;
    this.release();
  }

  end(why: string) {
    this.ended = why;
  }

  get names() {
    return this.told.map(nameOf);
  }

  get last(): FeedCursor | null {
    return this.told.at(-1)?.cursor ?? this.listening.from;
  }
}

/** Push over an empty in-memory store, with a feed that can be held up or broken. */
export function aPush(options: Partial<PushOptions> = {}) {
  const adapters = inMemoryAdapters();
  const { eventFeed } = adapters;
  const asked = { now: 0, read: 0, ofUser: 0 };
  const state: { broken: Error | null; held: Promise<void> | null } = { broken: null, held: null };
  const check = async (what: keyof typeof asked) => {
    asked[what]++;
    await state.held;
    if (state.broken) throw state.broken;
  };
  const feed: EventFeed = {
    now: async () => check('now').then(() => eventFeed.now()),
    read: async question => check('read').then(() => eventFeed.read(question)),
    ofUser: async (userId, question) => check('ofUser').then(() => eventFeed.ofUser(userId, question)),
  };
  const reported: unknown[] = [];
  const push = createPush(
    { ...adapters, eventFeed: feed, orderQueries: anyOrder },
    {
      ...{ timer: new RealTimer(), minIdleMs: 1, maxIdleMs: 5, backoffMs: 1 },
      report: error => reported.push(error),
      ...options,
    },
  );
  const complete = (userId: string, ...numbers: readonly number[]) =>
    adapters.unitOfWork.run(tx =>
      adapters.events.append(
        tx,
        numbers.map(n => completed(userId, n)),
      ),
    );
  const connect = async (userId: string, after: FeedCursor | null = null) => new Client(await push.join(userId, after));
  return { ...adapters, push, asked, state, reported, complete, connect };
}

export async function until(condition: () => boolean): Promise<void> {
  const timer = new RealTimer();
  for (let turn = 0; turn < 500 && !condition(); turn++) await timer.pause(4);
  expect(condition()).toBe(true);
}
