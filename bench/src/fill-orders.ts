import { postgresAdapters, postgresDataSource } from '@org/adapters-persistence';
import { createOrders } from '@org/application';
import { activePolicy, type BenchDatabase } from './database.js';
import { settle } from './fill.js';
import { POINTS } from './ordering.js';

/** How many orders each user of the history has made. */
const ORDERS_EACH = 10;
/** Orders of one transaction: whole users. */
const STEP = 5_000 * ORDERS_EACH;
const EARNED = 2 * ORDERS_EACH * POINTS.spent;

/** An id that follows from the order and what it is for, and grows with the order as ours do with the time. */
const uuid = (what: string) =>
  `(lpad(to_hex(1700000000000 + i), 12, '0') || '7' || substr(md5('${what}' || i), 1, 3) || '8' || substr(md5(i || '${what}'), 1, 15))::uuid`;

const line = (
  index: number,
) => `jsonb_build_object('lineId', '${index}', 'productId', 'p-' || (2 * i + ${index}) % $3::int,
  'optionId', 'one', 'quantity', 1, 'unitPrice', 10000, 'discount', 1500, 'net', 8500, 'categoryIds', '[]'::jsonb,
  'onSale', false, 'minimumUnitPrice', 0)`;
const facts = `jsonb_build_object('currency', 'KRW', 'lines', jsonb_build_array(${line(0)}, ${line(1)}), 'channel', null,
  'segments', '[]'::jsonb, 'firstOrder', false, 'shipping', '{"gross": 0, "discount": 0, "net": 0}'::jsonb, 'payment', 'NONE',
  'discounts', jsonb_build_array(jsonb_build_object('policyId', $4::uuid, 'policyVersion', 1, 'couponId', coupon_id,
    'code', null, 'amount', 3000, 'allocations', '[{"lineId": "0", "amount": 1500}, {"lineId": "1", "amount": 1500}]'::jsonb)),
  'fromCart', false, 'holdUntil', 1700000000000)`;
const progress = `jsonb_build_object('reason', null, 'refusals', '[]'::jsonb, 'payments', '[]'::jsonb, 'paymentId', null,
  'refundDue', 0, 'refunds', '[]'::jsonb, 'pointHold', hold_id, 'steps', '{"STOCK": "POSTED", "COUPON": "POSTED", "POINTS": "POSTED"}'::jsonb)`;
const transferred = `insert into point_transfers (points, sequence, line, lot_id, point_id, user_id, from_account, to_account)`;

/** Finished orders as the service would have left them: each row that it keeps for good, and some of the events. */
const sql = `
  with o as materialized (
    select i, u, 'earlier-' || u as user_id, (i - 1) % ${ORDERS_EACH} as nth, now() - interval '1 day' as at,
      ${uuid('order')} as id, ${uuid('coupon')} as coupon_id, ${uuid('hold')} as hold_id,
      (lpad(to_hex(1600000000000 + u), 12, '0') || '70008000000000000000')::uuid as lot_id
    from (select i, (i - 1) / ${ORDERS_EACH} as u from generate_series($1::int, $2::int) i) n),
  units as (select o.*, l as line, 'p-' || (2 * i + l) % $3::int as product_id from o, generate_series(0, 1) l),
  placed as (
    insert into orders (placed_at, ended_at, total, points_used, version, id, user_id, status, progress, facts)
    select at, at, 17000 - ${POINTS.spent}, ${POINTS.spent}, 2, id, user_id, 'COMPLETED', ${progress}, ${facts} from o),
  goods as (
    insert into stock_holds (expires_at, ended_at, version, quantity, returned, id, product_id, option_id, order_number, status, returns)
    select at, at, 2, 1, 0, 'order/' || id || '/stock/' || line, product_id, 'one', id::text, 'POSTED', '[]' from units),
  stocked as (
    update stock_items s set sold = s.sold + d.sold
    from (select product_id || '/one' as id, count(*) as sold from units group by 1) d where s.id = d.id),
  counted as (update campaigns set issued = issued + $2::int - $1::int + 1 where policy_id = $4::uuid),
  coupons as (
    insert into coupons (id, version, policy_id, policy_version, user_id, sequence, ordinal, way, status, issued_at, valid_from, used_at,
      discount, reservation_id, order_number)
    select coupon_id, 3, $4::uuid, 1, user_id, i, nth + 1, 'FIRST_COME', 'USED', at, at, at, 3000, 'order/' || id || '/coupon/0', id::text from o),
  reserved as (
    insert into reservations (id, version, coupon_id, user_id, order_number, discount, status, expires_at, ended_at)
    select 'order/' || id || '/coupon/0', 2, coupon_id, user_id, id::text, 3000, 'CONFIRMED', at, at from o),
  books as (
    insert into point_accounts (version, earnings, user_id) select 1 + 2 * count(*), 1, user_id from o group by user_id),
  lots as (
    insert into point_lots (points, earned_at, available_at, position, point_id, user_id, status, key, content)
    select ${EARNED}, at, at, 1, lot_id, user_id, 'EARNED', 'first', '[]' from o where nth = 0),
  spent as (
    insert into point_spendings (points, until, point_id, user_id, kind, status, key, order_number, content, parts)
    select ${POINTS.spent}, at, hold_id, user_id, 'HOLD', 'POSTED', id::text, id::text, '[]',
      jsonb_build_array(jsonb_build_object('lotId', lot_id, 'points', ${POINTS.spent})) from o),
  moved as (
    ${transferred}
    select ${EARNED}, 1, 1, lot_id, lot_id, user_id, 'ISSUED', 'AVAILABLE' from o where nth = 0
    union all select ${POINTS.spent}, 2 + 2 * nth, 1, lot_id, hold_id, user_id, 'AVAILABLE', 'HELD' from o
    union all select ${POINTS.spent}, 3 + 2 * nth, 1, lot_id, hold_id, user_id, 'HELD', 'SPENT' from o),
  entered as (
    insert into point_entries (points, balance, at, sequence, point_id, user_id, type, order_number)
    select ${EARNED}, ${EARNED}, at, 1, lot_id, user_id, 'EARN', null from o where nth = 0
    union all select ${POINTS.spent}, ${EARNED} - (nth + 1) * ${POINTS.spent}, at, 3 + 2 * nth, hold_id, user_id, 'USE', id::text from o)
  insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
  select e.stream_id, e.stream_version, e.type, user_id, u % 64, user_id, e.data || jsonb_build_object('orderNumber', id, 'userId', user_id)
  from o, lateral (values
    ('order/' || id, 1, 'order.placed.v1', ${facts}),
    ('order/' || id, 2, 'order.completed.v1', jsonb_build_object('pointHold', hold_id)),
    (coupon_id::text, 2, 'coupon.reserved.v1', jsonb_build_object('couponId', coupon_id, 'discount', 3000)),
    ('points:' || user_id, 3 + 2 * nth, 'point.hold-posted.v1', jsonb_build_object('pointId', hold_id))
  ) e (stream_id, stream_version, type, data)`;

const tables = [
  ...['orders', 'stock_holds', 'stock_items', 'campaigns', 'coupons', 'reservations', 'events'],
  ...['point_accounts', 'point_lots', 'point_spendings', 'point_transfers', 'point_entries'],
];

/** Whoever works at orders begins after the history: what he would find in it is over. */
async function beginNow({ url }: BenchDatabase): Promise<void> {
  const source = await postgresDataSource({ url }).initialize();
  const adapters = postgresAdapters(source);
  for (const subscription of createOrders(adapters).subscriptions)
    await (await adapters.eventConsumer.subscribe({ ...subscription, from: 'NOW' })).stop();
  await source.destroy();
}

/**
 * Adds `count` finished orders of `count / 10` users, each with two of the products `p-0` and so on, a coupon and
 * points, to a database that nobody has ordered in.
 */
export async function fillOrders(database: BenchDatabase, count: number, products: number): Promise<void> {
  const policyId = await activePolicy(database, count, ORDERS_EACH);
  for (let first = 1; first <= count; first += STEP)
    await database.query(sql, [first, Math.min(count, first + STEP - 1), products, policyId]);
  await settle(database, tables);
  await beginNow(database);
}
