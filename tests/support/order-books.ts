import { setTimeout as sleep } from 'node:timers/promises';

interface Database {
  query<Row>(sql: string): Promise<Row[]>;
}

const open = `select (select count(*) from orders where status in ('PENDING', 'AWAITING_PAYMENT'))::int as orders,
  (select count(*) from stock_holds where status = 'HELD')::int + (select count(*) from reservations where status = 'RESERVED')::int
    + (select count(*) from point_spendings where status = 'HELD')::int as holds`;

/** Waits until every order is over and nothing is held. */
export async function settled({ query }: Database, patienceMs: number): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const [left] = await query<{ orders: number; holds: number }>(open);
    if (left?.orders === 0 && left.holds === 0) return;
    if (Date.now() > until) throw new Error(`after ${patienceMs} ms there is left: ${JSON.stringify(left)}`);
    await sleep(100);
  }
}

const completed = `orders o where o.status = 'COMPLETED'`;

/** Figures that must agree, each pair counted from tables of different areas: what orders say, what the books say. */
const pairs: Readonly<Record<string, readonly [string, string]>> = {
  'units sold': [
    `select coalesce(sum((l->>'quantity')::int), 0) from ${completed.replace(' where', `, jsonb_array_elements(o.facts->'lines') l where`)}`,
    'select sum(sold) from stock_items',
  ],
  'coupons used': [
    `select coalesce(sum(jsonb_array_length(o.facts->'discounts')), 0) from ${completed}`,
    `select count(*) from coupons where status = 'USED'`,
  ],
  'points spent': [`select coalesce(sum(o.points_used), 0) from ${completed}`, 'select sum(spent) from point_accounts'],
  'budget taken': [
    `select coalesce(sum((d->>'amount')::bigint), 0) from orders o, jsonb_array_elements(o.facts->'discounts') d
      where o.status = 'COMPLETED' and (d->>'policyId')::uuid in (select policy_id from campaigns where budget_limit is not null)`,
    'select sum(budget_taken) from campaigns',
  ],
  'one completion for each order': [
    `select count(*) from ${completed}`,
    `select count(*) from events where type = 'order.completed.v1'`,
  ],
};

/** Figures that must be zero. */
const never: Readonly<Record<string, string>> = {
  'units that are neither free nor sold': `select coalesce(sum(s.held), 0) + sum(abs(s.free + s.sold - c.counted)) from stock_items s
    join (select data->>'productId' || '/' || (data->>'optionId') as id, max((data->>'free')::bigint) as counted from events where type = 'stock.set.v1' group by 1) c on c.id = s.id`,
  'points that are held': 'select sum(held) from point_accounts',
  'books of points that do not balance':
    'select count(*) from point_accounts where issued + debt <> pending + available + held + spent + expired',
  'completed orders that were paid twice or never': `select count(*) from ${completed} and o.facts->>'payment' = 'EXTERNAL'
    and o.total > 0 and (select count(*) from jsonb_array_elements(o.progress->'payments') p where p->>'outcome' = 'PAID') <> 1`,
  'cancelled orders without a reason': `select count(*) from orders where status = 'CANCELLED' and progress->>'reason' is null`,
  'finished orders with a step that is held': `select count(*) from orders, jsonb_each_text(progress->'steps') s where s.value in ('HELD', 'PENDING')`,
  'messages that nobody could handle': `select count(*) from parked_events`,
};

/** Every disagreement in the books, by its name. */
export async function disagreements({ query }: Database): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  const figure = async (sql: string) =>
    Number((await query<{ figure: string }>(`select (${sql})::numeric as figure`))[0]?.figure ?? 0);
  for (const [name, [orders, books]] of Object.entries(pairs)) {
    const both = [await figure(orders), await figure(books)];
    if (both[0] !== both[1]) found[name] = both;
  }
  for (const [name, sql] of Object.entries(never)) {
    const count = await figure(sql);
    if (count !== 0) found[name] = count;
  }
  return found;
}
