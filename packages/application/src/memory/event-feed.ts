import {
  type EventFeed,
  type FedEvent,
  FeedCursorError,
  type FeedPage,
  type FeedQuestion,
} from '../ports/event-feed.js';
import type { StoredEvent } from '../ports/event-log.js';
import { virtualPartitionOf } from '../virtual-partition.js';
import type { InMemoryCouponRepository } from './coupon-repository.js';
import type { InMemoryEventLog } from './event-log.js';

/** A cursor is a count of committed events: here they lie in the order of their commits. */
function placeOf(cursor: string | null): number {
  if (cursor === null) return 0;
  const place = Number(cursor);
  if (!/^\d{1,15}$/.test(cursor)) throw new FeedCursorError(`"${cursor.slice(0, 80)}" is no cursor of this feed`);
  return place;
}

const fed = (event: StoredEvent, index: number): FedEvent => ({
  ...event,
  id: `${event.streamId}:${event.streamVersion}`,
  position: index + 1,
  cursor: String(index + 1),
});

export class InMemoryEventFeed implements EventFeed {
  constructor(
    private readonly log: Pick<InMemoryEventLog, 'rows'>,
    private readonly coupons: Pick<InMemoryCouponRepository, 'rows'>,
  ) {}

  async now() {
    return String(this.log.rows.outside.size());
  }

  async read({ slices, until, ...question }: Parameters<EventFeed['read']>[0]) {
    const isIn = ({ key }: StoredEvent) => !slices || slices.indices.includes(virtualPartitionOf(key) % slices.of);
    return this.page(question, isIn, until);
  }

  async ofUser(userId: string, { until, ...question }: Parameters<EventFeed['ofUser']>[1]) {
    return this.page(
      question,
      ({ type, key, streamId, data }) => {
        if (type.startsWith('order.')) return key === userId;
        if (type.startsWith('coupon.request-')) return data.userId === userId;
        const coupon = type.startsWith('coupon.') ? this.coupons.rows.outside.get(streamId)?.state : undefined;
        return coupon !== undefined && coupon.status !== 'NONE' && coupon.facts.userId === userId;
      },
      until,
    );
  }

  private page(
    { after, types, limit }: FeedQuestion,
    isAsked: (event: StoredEvent) => boolean,
    until?: string,
  ): FeedPage {
    const from = placeOf(after);
    const end = until === undefined ? this.log.rows.outside.size() : placeOf(until);
    if (from >= end) return { events: [], next: after ?? String(from), more: false };
    const found = this.log.rows.outside
      .entries()
      .slice(from, end)
      .map(([, event], i) => fed(event, from + i))
      .filter(event => types.includes(event.type) && isAsked(event));
    const events = found.slice(0, limit);
    const more = found.length > limit;
    return { events, next: more ? (events.at(-1)?.cursor ?? String(from)) : String(end), more };
  }
}
