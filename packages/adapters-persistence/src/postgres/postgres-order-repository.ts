import { type Change, type OrderRepository, Recent, type Transaction, type Versioned } from '@org/application';
import type { Order, OrderFacts } from '@org/domain';
import { type OtherFacts, orderTable, selectedOrder, selectedProgress } from './order-table.js';
import { countOf, rowsOf, statement } from './statement.js';
import { byIds, inOrder, LOCK, type Row, TableRepository } from './table-repository.js';
import { onCommit } from './transaction.js';
import { plainArray, textArray } from './values.js';

const sql = {
  load: statement('orders.loadProgress', byIds('orders', 'uuid', selectedProgress)),
  lock: statement('orders.lockProgress', byIds('orders', 'uuid', selectedProgress, LOCK)),
  facts: statement('orders.facts', byIds('orders', 'uuid', 'c.id, c.facts')),
};

/** Orders that are remembered: as many as are under way in a rush, and none that takes a lot of memory. */
const MOST_REMEMBERED = 5_000;
const FEW_LINES = 10;

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

// In the order of the ids, so that two batches wait instead of deadlocking.
const notePayments = statement(
  'orders.notePayments',
  `insert into payment_events (event_id, order_id)
   select i.event_id, i.order_id from unnest($1::text[], $2::uuid[]) as i(event_id, order_id)
   on conflict (event_id) do nothing`,
);
const notedPayments = statement(
  'orders.notedPayments',
  `select l.event_id, l.order_id from unnest($1::text[]) as u(id) cross join lateral (
     select p.event_id, p.order_id from payment_events p where p.event_id = u.id limit 1) l`,
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

/**
 * What was settled at the placing never changes, so whoever placed an order remembers it and reads only how far it is:
 * it is looked at several times within a second or so.
 */
export class PostgresOrderRepository extends TableRepository<Order> implements OrderRepository {
  private readonly remembered = new Recent<OrderFacts>(MOST_REMEMBERED);

  constructor() {
    super(orderTable);
  }

  protected override async rows(tx: Transaction, ids: readonly string[], lock: boolean): Promise<Row[]> {
    const rows = await rowsOf<Row>(tx, lock ? sql.lock : sql.load, [plainArray(ids)]);
    const factsOf = new Map<string, OtherFacts>();
    for (const row of rows) {
      const facts = this.remembered.get(row.id);
      if (facts) factsOf.set(row.id, facts);
    }
    const unknown = rows.filter(({ id }) => !factsOf.has(id)).map(({ id }) => id);
    if (unknown.length > 0)
      for (const { id, facts } of await rowsOf<{ id: string; facts: OtherFacts }>(tx, sql.facts, [plainArray(unknown)]))
        factsOf.set(id, facts);
    return rows.map(row => ({ ...row, facts: factsOf.get(row.id) as never }));
  }

  override async save(tx: Transaction, changes: readonly Change<Order>[]): Promise<ReadonlySet<string>> {
    const written = await super.save(tx, changes);
    const placed = changes.filter(({ id, expectedVersion }) => expectedVersion === 0 && written.has(id));
    if (placed.length > 0) onCommit(tx, () => this.remember(placed));
    return written;
  }

  private remember(placed: readonly Change<Order>[]) {
    for (const { id, state } of placed)
      if (state.status !== 'NONE' && state.facts.lines.length <= FEW_LINES) this.remembered.set(id, state.facts);
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

  async notePayments(tx: Transaction, orderNumbers: ReadonlyMap<string, string>): Promise<Map<string, string>> {
    if (orderNumbers.size === 0) return new Map();
    const sorted = [...orderNumbers].sort(([a], [b]) => inOrder(a, b));
    const eventIds = textArray(sorted.map(([eventId]) => eventId));
    // Two statements, one after the other: the second sees what those who were waited for have committed.
    const [, rows] = await Promise.all([
      countOf(tx, notePayments, [eventIds, plainArray(sorted.map(([, orderNumber]) => orderNumber))]),
      rowsOf<{ event_id: string; order_id: string }>(tx, notedPayments, [eventIds]),
    ]);
    return new Map(rows.map(({ event_id: eventId, order_id: orderNumber }) => [eventId, orderNumber]));
  }

  async lockUnpaid(tx: Transaction, limit: number): Promise<Map<string, Versioned<Order>>> {
    return this.versioned(await rowsOf<Row>(tx, unpaid, [limit]));
  }

  async stuck(tx: Transaction, olderThanSeconds: number, limit: number): Promise<readonly string[]> {
    const rows = await rowsOf<{ id: string }>(tx, stuck, [olderThanSeconds, limit]);
    return rows.map(({ id }) => id);
  }
}
