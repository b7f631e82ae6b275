import type { BenchDatabase } from './database.js';

/** Ids that grow with the time, as ours do: an index that is filled at its end behaves unlike one filled anywhere. */
const uuid = `(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
  substr(md5('a' || i), 1, 3) || '8' || substr(md5('b' || i || random()), 1, 15))::uuid`;

/** Adds `count` issued coupons to a campaign with their events, as if they had been issued long ago. */
export async function fillIssued(database: BenchDatabase, policyId: string, count: number): Promise<void> {
  if (count === 0) return;
  await database.query(
    `with counted as (update campaigns set issued = issued + $2::int where policy_id = $1::uuid),
     made as (
       insert into coupons (id, version, policy_id, policy_version, user_id, sequence, ordinal, way, status, issued_at, valid_from)
       select ${uuid}, 1, $1::uuid, 1, 'earlier-' || i, i, 1, 'FIRST_COME', 'ISSUED', now() - interval '1 day', now() - interval '1 day'
       from generate_series(1, $2::int) i
       returning id, policy_id, user_id, sequence)
     insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
     select id, 1, 'coupon.issued.v1', policy_id, 0, user_id,
       jsonb_build_object('couponId', id, 'policyId', policy_id, 'userId', user_id, 'sequence', sequence) from made`,
    [policyId, count],
  );
  await settle(database);
}

export interface Holds {
  readonly policyId: string;
  readonly count: number;
  /** Reservations are called `<prefix>-1` and so on. */
  readonly prefix: string;
  readonly state: 'LIVE' | 'OVERDUE';
}

/** Adds coupons that are reserved, live or overdue, with their reservations and events. */
export async function fillHeld(database: BenchDatabase, { policyId, count, prefix, state }: Holds): Promise<void> {
  const until =
    state === 'LIVE' ? `now() + interval '1 day'` : `now() - interval '1 minute' + i * interval '1 microsecond'`;
  await database.query(
    `with counted as (
       update campaigns set issued = issued + $2::int where policy_id = $1::uuid returning issued - $2::int as before),
     made as (
       insert into coupons (id, version, policy_id, policy_version, user_id, sequence, ordinal, way, status, issued_at, valid_from,
         reservation_id, order_number, discount, reserved_until)
       select ${uuid}, 2, $1::uuid, 1, $3 || i, before + i, 1, 'FIRST_COME', 'RESERVED', now() - interval '1 day',
         now() - interval '1 day', $3 || '-' || i, 'order-' || i, 3000, date_trunc('milliseconds', ${until})
       from counted, generate_series(1, $2::int) i
       returning id, policy_id, user_id, reservation_id, order_number, discount, reserved_until),
     held as (
       insert into reservations (id, version, coupon_id, user_id, order_number, discount, status, expires_at)
       select reservation_id, 1, id, user_id, order_number, discount, 'RESERVED', reserved_until from made)
     insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
     select id, n, case n when 1 then 'coupon.issued.v1' else 'coupon.reserved.v1' end, policy_id, 0, user_id,
       jsonb_build_object('couponId', id, 'policyId', policy_id, 'userId', user_id)
     from made, generate_series(1, 2) n`,
    [policyId, count, prefix],
  );
  await settle(database);
}

/** What the database does by itself some minutes after a bulk load, done now: it would disturb the measuring. */
export async function settle(
  database: BenchDatabase,
  tables: readonly string[] = ['coupons', 'reservations', 'events', 'campaigns'],
): Promise<void> {
  for (const table of tables) await database.query(`vacuum (analyze) ${table}`);
  await database.query('checkpoint');
}

/** Events of a thousand users, ten of each order, as the log would hold them. */
export const fillEvents = (database: BenchDatabase, type: string, count: number) =>
  database.query(
    `insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
     select 'order/' || n / 10, n % 10 + 1, $2, 'user-' || n / 10 % 1000, n / 10 % 64, 'bench',
       jsonb_build_object('orderNumber', 'order-' || n / 10, 'amount', 12900, 'currency', 'KRW')
     from generate_series(0, $1::int - 1) n`,
    [count, type],
  );
