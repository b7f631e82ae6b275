import type { OrderRepository, Transaction, Versioned } from '@org/application';
import type { Order } from '@org/domain';
import { orderTable, selectedOrder } from './order-table.js';
import { countOf, rowsOf, statement } from './statement.js';
import { type Cells, TableRepository } from './table-repository.js';
import { textArray } from './values.js';

type Row = Cells & { readonly id: string; readonly version: number };

// In the order of the keys, so that two batches wait instead of deadlocking, also where two users share a key.
const lockBuyers = statement(
  'orders.lockBuyers',
  `select pg_advisory_xact_lock(k.key) from (
     select distinct hashtextextended(u.user_id, 3) as key from unnest($1::text[]) as u(user_id) order by key) k`,
);

const ordered = statement(
  'orders.ordered',
  `select u.user_id from unnest($1::text[]) as u(user_id) cross join lateral (
     select c.id from orders c where c.user_id = u.user_id and c.status <> 'CANCELLED' limit 1) l`,
);

const unpaid = statement(
  'orders.lockUnpaid',
  `select ${selectedOrder} from orders c where c.status = 'AWAITING_PAYMENT' and c.payment_deadline <= statement_timestamp()
   order by c.payment_deadline, c.id limit $1::int for no key update skip locked`,
);

/** Orders of others are numbered in any way; nothing else than a number of ours may be read as one. */
const OWN_NUMBER = `'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`;
const before = `statement_timestamp() - $1::int * interval '1 second'`;

// What is held is little, however many orders are over: the holds lead to their orders. Reservations that shoppers make
// themselves name any order, and would keep those that wait out of the limit.
const stuck = statement(
  'orders.stuck',
  `select s.id from (
     (select c.id, c.placed_at from orders c where c.status = 'PENDING' and c.placed_at <= ${before}
       order by c.placed_at, c.id limit $2::int)
     union all
     (select l.id, l.placed_at from (
         select order_number from stock_holds where status = 'HELD'
         union select order_number from reservations where status = 'RESERVED' and starts_with(id, 'order/')
         union select order_number from point_spendings where status = 'HELD') h
       cross join lateral (select c.id, c.placed_at from orders c
         where c.id = case when h.order_number ~ ${OWN_NUMBER} then h.order_number::uuid end
           and c.ended_at <= ${before} limit 1) l
       order by l.placed_at, l.id limit $2::int)) s
   order by s.placed_at, s.id limit $2::int`,
);

export class PostgresOrderRepository extends TableRepository<Order> implements OrderRepository {
  constructor() {
    super(orderTable);
  }

  async ordered(tx: Transaction, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set();
    const users = textArray([...new Set(userIds)]);
    // Two statements, one after the other: the second sees what those who had the locks before have committed.
    const [, rows] = await Promise.all([
      countOf(tx, lockBuyers, [users]),
      rowsOf<{ user_id: string }>(tx, ordered, [users]),
    ]);
    return new Set(rows.map(row => row.user_id));
  }

  async lockUnpaid(tx: Transaction, limit: number): Promise<Map<string, Versioned<Order>>> {
    return this.versioned(await rowsOf<Row>(tx, unpaid, [limit]));
  }

  async stuck(tx: Transaction, olderThanSeconds: number, limit: number): Promise<readonly string[]> {
    const rows = await rowsOf<{ id: string }>(tx, stuck, [olderThanSeconds, limit]);
    return rows.map(({ id }) => id);
  }
}
