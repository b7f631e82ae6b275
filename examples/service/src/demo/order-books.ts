import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../jobs/jobs.js';

/** Whose books are looked at, and what the clients know. Amounts are minor units. */
export interface BooksOf {
  readonly users: readonly string[];
  readonly policyId: string;
  readonly items: readonly string[];
  /** Orders that clients were told of. */
  readonly numbers: readonly string[];
  readonly told: {
    readonly orders: number;
    /** Put into stock. */
    readonly units: number;
    /** Earned. */
    readonly points: number;
    /** By the payment service. */
    readonly received: number;
    readonly refunded: number;
  };
}

/** Two figures of one thing, from different places; they have to agree. */
export interface BookLine {
  readonly what: string;
  readonly expected: number;
  readonly found: number;
}

/** One figure of `from`, as an expression. */
const of = (figure: string, from: string) => `(select coalesce(${figure}, 0) from ${from})`;
const told = (name: keyof BooksOf['told']) => `(select (told->>'${name}')::bigint from demo)`;
const count = (from: string) => of('count(*)', from);
const sum = (figure: string, from: string) => of(`sum(${figure})`, from);
const stock = `stock_items, demo where id = any(items)`;
const coupons = `coupons c, demo where c.policy_id = demo.policy_id`;
const accounts = `point_accounts a, demo where a.user_id = any(users)`;
const orderEvents = `events, demo where key = any(users) and type like 'order.%' and type`;

/** The orders of the demonstration, taken apart; every figure is of the same moment. */
const parts = `
  demo as (select $1::text[] as users, $2::uuid as policy_id, $3::text[] as items, $4::uuid[] as numbers, $5::jsonb as told),
  mine as materialized (
    select o.*, o.facts->>'payment' = 'EXTERNAL' and o.total > 0 as is_payable from orders o, demo where o.user_id = any(demo.users)),
  completed as (select * from mine where status = 'COMPLETED'),
  lines as (
    select o.id, l->>'lineId' as line_id, concat(l->>'productId', '/', l->>'optionId') as item, (l->>'quantity')::int as quantity
    from completed o, jsonb_array_elements(o.facts->'lines') l),
  refunds as (
    select o.id, (r->>'amount')::bigint as amount, (r->>'pointsReturned')::bigint as points, (r->>'restock')::boolean as restock,
      r->'lines' as lines
    from mine o, jsonb_array_elements(o.progress->'refunds') r),
  refunded as (select id, sum(amount) as amount from refunds group by id),
  returned as (
    select r.id, l->>'lineId' as line_id, sum((l->>'quantity')::int) as units,
      sum(case when r.restock then (l->>'quantity')::int else 0 end) as restocked
    from refunds r, jsonb_array_elements(r.lines) l group by 1, 2),
  sold as (
    select item, sum(quantity - coalesce(restocked, 0)) as units from lines left join returned using (id, line_id) group by item),
  whole as (
    select id from lines left join returned using (id, line_id) group by id having sum(quantity) = sum(coalesce(units, 0))),
  used as (
    select o.id, (d->>'couponId')::uuid as coupon_id
    from completed o left join whole using (id), jsonb_array_elements(o.facts->'discounts') d where whole.id is null),
  payments as (
    select o.id, p->>'outcome' as outcome, (p->'amount'->>'amount')::bigint as amount
    from mine o, jsonb_array_elements(o.progress->'payments') p),
  paid as (
    select id, count(*) filter (where amount = total) as times from payments join mine using (id) where outcome = 'PAID' group by id),
  moved as (
    select t.user_id, sum(case 'AVAILABLE' when t.to_account then t.points when t.from_account then -t.points else 0 end) as available,
      sum(case 'SPENT' when t.to_account then t.points when t.from_account then -t.points else 0 end) as spent
    from point_transfers t, demo where t.user_id = any(demo.users) group by t.user_id)`;

const spent = `(${sum('points_used', 'completed')} - ${sum('points', 'refunds')})`;
const payable = sum('total', 'completed where is_payable');

type Figures = readonly [expected: string, found: string];

const orders: Readonly<Record<string, Figures>> = {
  orders: [told('orders'), count('mine')],
  'orders that were told of': [told('orders'), count('mine, demo where id = any(numbers)')],
  'orders that are over': [told('orders'), count('mine where ended_at is not null')],
  'completions in the log': [count('completed'), count(`${orderEvents} = 'order.completed.v1'`)],
  'cancellations in the log': [
    count(`mine where status = 'CANCELLED'`),
    count(`${orderEvents} = 'order.cancelled.v1'`),
  ],
  'steps left open': ['0', count(`mine, jsonb_each_text(progress->'steps') s where s.value in ('HELD', 'PENDING')`)],
  'messages that failed': [
    '0',
    count('parked_events, demo where key = any(users) or key = any(items) or key = policy_id::text'),
  ],
};

const goods: Readonly<Record<string, Figures>> = {
  'units free, held and sold': [told('units'), sum('free + held + sold', stock)],
  'units held': ['0', sum('held', stock)],
  'units sold': [sum('units', 'sold'), sum('sold', stock)],
  'products that sold otherwise': [
    '0',
    count(`${stock} and sold <> coalesce((select units from sold where item = id), 0)`),
  ],
  'coupons used': [count('used'), count(`${coupons} and c.status = 'USED'`)],
  'coupons used for their order': [
    count('used'),
    count(`${coupons} and c.status = 'USED' and (c.order_number, c.id) in (select id::text, coupon_id from used)`),
  ],
  'coupons held': ['0', count(`${coupons} and c.status = 'RESERVED'`)],
};

const money: Readonly<Record<string, Figures>> = {
  'points spent': [spent, sum('spent', accounts)],
  'points left': [`${told('points')} - ${spent}`, sum('available', accounts)],
  'points held': ['0', sum('held', accounts)],
  'books that do not balance': [
    '0',
    count(`${accounts} and (issued + debt <> pending + available + held + spent + expired
      or (a.user_id, a.available, a.spent) not in (select user_id, available, spent from moved))`),
  ],
  'money paid': [payable, sum('amount', `payments where outcome = 'PAID'`)],
  'orders not paid once': [
    '0',
    count('completed left join paid using (id) where is_payable and times is distinct from 1'),
  ],
  'money due back': [`${told('received')} - ${payable}`, sum(`(progress->>'refundDue')::bigint`, 'mine')],
  'money refunded': [told('refunded'), sum('amount', 'refunds')],
  'orders refunded above total': ['0', count('mine join refunded using (id) where amount > total')],
  'whole refunds short of total': [
    '0',
    count('whole join mine using (id) left join refunded using (id) where amount is distinct from total'),
  ],
};

const lines = Object.entries({ ...orders, ...goods, ...money });
const sql = `with ${parts}
  select ${lines.flatMap(([, [expected, found]], i) => [`(${expected})::float8 as e${i}`, `(${found})::float8 as f${i}`]).join(', ')}`;

/** What is held yet: what an order held is posted or given back a moment after its end. */
const held = `select (
  (select coalesce(sum(held), 0) from stock_items where id = any($1::text[]))
  + (select count(*) from coupons where policy_id = $2::uuid and status = 'RESERVED')
  + (select coalesce(sum(held), 0) from point_accounts where user_id = any($3::text[])))::int as held`;

const PATIENCE_MS = 30_000;

/** Waits until nothing is held, or it takes so long that nobody comes to it any more: then the books tell. */
async function untilNothingIsHeld(database: Database, { items, policyId, users }: BooksOf): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const [row] = await database.query<{ held: number }[]>(held, [items, policyId, users]);
    if (row?.held === 0 || Date.now() > until) return;
    await sleep(50);
  }
}

/** The books of these orders and of nobody else, counted from the rows. */
export async function readBooks(database: Database, demo: BooksOf): Promise<readonly BookLine[]> {
  await untilNothingIsHeld(database, demo);
  const { users, policyId, items, numbers, told: known } = demo;
  const values = [users, policyId, items, numbers, JSON.stringify(known)];
  const [row] = await database.transaction(async manager => {
    // One long statement over few rows: to compile it takes longer than to run it.
    await manager.query('set local jit = off');
    return manager.query<Record<string, number>[]>(sql, values);
  });
  return lines.map(([what], i) => ({
    what,
    expected: row?.[`e${i}`] ?? Number.NaN,
    found: row?.[`f${i}`] ?? Number.NaN,
  }));
}

/** NaN, which is a figure that the database did not answer, agrees with nothing. */
export const agree = ({ expected, found }: BookLine): boolean => expected === found;
