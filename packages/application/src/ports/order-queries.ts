import type { Instant, OrderStatus, PlacedOrder } from '@org/domain';
import type { Page, Paged } from './coupon-queries.js';

export interface OrderView {
  readonly orderNumber: string;
  readonly order: PlacedOrder;
}

/** One thing that happened to an order, as its stream tells it. */
export interface TimelineEntry {
  readonly at: Instant;
  /** On the wire: `order.placed.v1`. */
  readonly type: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reading orders without a lock. `owner` null = of whomever. What is not the owner's is as good as not there. */
export interface OrderQueries {
  order(orderNumber: string, owner: string | null): Promise<OrderView | null>;
  /** Orders of whomever by their numbers, each once, in any order; what is not there is left out. */
  named(orderNumbers: readonly string[]): Promise<readonly OrderView[]>;
  /** Newest first. */
  orders(filter: { readonly userId: string; readonly status: OrderStatus | null } & Page): Promise<Paged<OrderView>>;
  /** Oldest first; null = there is no such order, or it is not the owner's. */
  timeline(orderNumber: string, owner: string | null): Promise<readonly TimelineEntry[] | null>;
}
