import type { OrderStatus } from '@org/domain';
import { orderStream } from '../order-events.js';
import type { Page, Paged } from '../ports/coupon-queries.js';
import type { OrderQueries, OrderView, TimelineEntry } from '../ports/order-queries.js';
import type { InMemoryEventLog } from './event-log.js';
import type { InMemoryOrderRepository } from './order-repository.js';
import { pageOf } from './paging.js';

/** Reads what the other in-memory adapters of the same store have committed. */
export class InMemoryOrderQueries implements OrderQueries {
  constructor(
    private readonly store: Pick<InMemoryOrderRepository, 'rows'>,
    private readonly events: Pick<InMemoryEventLog, 'all'>,
  ) {}

  async order(orderNumber: string, owner: string | null): Promise<OrderView | null> {
    const order = this.store.rows.outside.get(orderNumber)?.state;
    if (!order || order.status === 'NONE' || (owner !== null && order.facts.userId !== owner)) return null;
    return { orderNumber, order };
  }

  async named(orderNumbers: readonly string[]): Promise<readonly OrderView[]> {
    const views = await Promise.all([...new Set(orderNumbers)].map(orderNumber => this.order(orderNumber, null)));
    return views.filter(view => view !== null);
  }

  async orders(
    filter: { readonly userId: string; readonly status: OrderStatus | null } & Page,
  ): Promise<Paged<OrderView>> {
    const { userId, status } = filter;
    const own = this.store.rows.outside.entries().flatMap(([orderNumber, { state }]) => {
      if (state.status === 'NONE' || state.facts.userId !== userId) return [];
      if (status !== null && state.status !== status) return [];
      return [{ at: state.facts.placedAt, id: orderNumber, item: { orderNumber, order: state } }];
    });
    return pageOf(own, filter);
  }

  async timeline(orderNumber: string, owner: string | null): Promise<readonly TimelineEntry[] | null> {
    if (!(await this.order(orderNumber, owner))) return null;
    return this.events
      .all()
      .filter(({ streamId }) => streamId === orderStream(orderNumber))
      .sort((a, b) => a.streamVersion - b.streamVersion)
      .map(({ recordedAt, type, origin, data }) => ({ at: recordedAt, type, actor: origin.actor, data }));
  }
}
