import {
  type OrderQueries,
  type OrderView,
  orderStream,
  type Page,
  type Paged,
  type TimelineEntry,
} from '@org/application';
import { isUuid, type OrderStatus } from '@org/domain';
import type { DataSource } from 'typeorm';
import { cursorOf, datedPlace } from './cursor.js';
import { placedOrderOf, selectedOrder } from './order-table.js';
import { read, statement } from './statement.js';
import type { Cells } from './table-repository.js';
import { toMilliseconds, toTimestamp } from './values.js';

type Row = Cells & { readonly id: string };

const sql = {
  order: statement(
    'queries.order',
    `select ${selectedOrder} from orders c where c.id = $1::uuid and ($2::text is null or c.user_id = $2::text)`,
  ),
  orders: statement(
    'queries.orders',
    `select ${selectedOrder} from orders c
     where c.user_id = $1::text and ($2::text is null or c.status = $2::text)
       and (c.placed_at, c.id) < (${toTimestamp('$3::bigint')}, $4::uuid)
     order by c.placed_at desc, c.id desc limit $5::int`,
  ),
  // One statement: the events are those of an order that its owner may see at this moment.
  timeline: statement(
    'queries.timeline',
    `select e.type, e.actor, e.data, ${toMilliseconds('e.recorded_at')} as at
     from orders c left join events e on e.stream_id = $3::text
     where c.id = $1::uuid and ($2::text is null or c.user_id = $2::text) order by e.stream_version, e.period`,
  ),
};

const viewOf = (row: Row): OrderView => ({ orderNumber: row.id, order: placedOrderOf(row) });

/** Later than everything: where a list that goes from new to old begins. */
const START = [8_640_000_000_000_000, 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

export class PostgresOrderQueries implements OrderQueries {
  constructor(private readonly dataSource: DataSource) {}

  async order(orderNumber: string, owner: string | null): Promise<OrderView | null> {
    const [row] = isUuid(orderNumber) ? await read<Row>(this.dataSource, sql.order, [orderNumber, owner]) : [];
    return row ? viewOf(row) : null;
  }

  async orders({
    userId,
    status,
    limit,
    cursor,
  }: { readonly userId: string; readonly status: OrderStatus | null } & Page): Promise<Paged<OrderView>> {
    const place = datedPlace(cursor);
    const after = place && isUuid(place[1]) ? place : START;
    const rows = await read<Row>(this.dataSource, sql.orders, [userId, status, ...after, limit + 1]);
    const items = rows.slice(0, limit).map(viewOf);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, nextCursor: more ? cursorOf([last.order.facts.placedAt, last.orderNumber]) : null };
  }

  async timeline(orderNumber: string, owner: string | null): Promise<readonly TimelineEntry[] | null> {
    if (!isUuid(orderNumber)) return null;
    const values = [orderNumber, owner, orderStream(orderNumber)];
    const rows = await read<TimelineRow>(this.dataSource, sql.timeline, values);
    if (rows.length === 0) return null;
    return rows.flatMap(({ at, type, actor, data }) => (type === null ? [] : [{ at, type, actor, data }]));
  }
}

interface TimelineRow extends Record<string, unknown> {
  readonly at: number;
  /** Null = an order without any event. */
  readonly type: string | null;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}
