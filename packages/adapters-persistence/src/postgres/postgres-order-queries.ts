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
import { PostgresEventLog } from './postgres-event-log.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';
import { read, statement } from './statement.js';
import type { Cells } from './table-repository.js';
import { plainArray, toTimestamp } from './values.js';

type Row = Cells & { readonly id: string };

const sql = {
  order: statement(
    'queries.order',
    `select ${selectedOrder} from orders c where c.id = $1::uuid and ($2::text is null or c.user_id = $2::text)`,
  ),
  named: statement(
    'queries.namedOrders',
    `select l.* from unnest($1::uuid[]) as u(id) cross join lateral
       (select ${selectedOrder} from orders c where c.id = u.id limit 1) l`,
  ),
  orders: statement(
    'queries.orders',
    `select ${selectedOrder} from orders c
     where c.user_id = $1::text and ($2::text is null or c.status = $2::text)
       and (c.placed_at, c.id) < (${toTimestamp('$3::bigint')}, $4::uuid)
     order by c.placed_at desc, c.id desc limit $5::int`,
  ),
};

const viewOf = (row: Row): OrderView => ({ orderNumber: row.id, order: placedOrderOf(row) });

/** Later than everything: where a list that goes from new to old begins. */
const START = [8_640_000_000_000_000, 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

export class PostgresOrderQueries implements OrderQueries {
  private readonly unitOfWork: PostgresUnitOfWork;
  private readonly events = new PostgresEventLog();

  constructor(private readonly dataSource: DataSource) {
    this.unitOfWork = new PostgresUnitOfWork(dataSource);
  }

  async order(orderNumber: string, owner: string | null): Promise<OrderView | null> {
    const [row] = isUuid(orderNumber) ? await read<Row>(this.dataSource, sql.order, [orderNumber, owner]) : [];
    return row ? viewOf(row) : null;
  }

  async named(orderNumbers: readonly string[]): Promise<readonly OrderView[]> {
    const ids = [...new Set(orderNumbers)].filter(isUuid);
    const rows = ids.length > 0 ? await read<Row>(this.dataSource, sql.named, [plainArray(ids)]) : [];
    return rows.map(viewOf);
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
    // What is there stays there, and its owner: the events may be read after it.
    if (!(await this.order(orderNumber, owner))) return null;
    const events = await this.unitOfWork.run(tx => this.events.stream(tx, orderStream(orderNumber)));
    return events.map(({ recordedAt, type, origin, data }) => ({ at: recordedAt, type, actor: origin.actor, data }));
  }
}
