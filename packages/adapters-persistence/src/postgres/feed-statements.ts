import { statement } from './statement.js';
import { toMilliseconds } from './values.js';

/** Parts of an event that every reader of the log wants. */
export const eventColumns = (alias: string) =>
  `${['stream_id', 'stream_version', 'type', 'data', 'key', 'actor', 'traceparent', 'position'].map(name => `${alias}.${name}`).join(', ')},
   ${toMilliseconds(`${alias}.recorded_at`)} as recorded_at`;

/** What became visible between two snapshots. A sub-select is read once; a bare parameter would be for every row. */
const isNew = (from: string, to: string) =>
  `not pg_visible_in_snapshot(e.xid, (select ${from}::pg_snapshot)) and pg_visible_in_snapshot(e.xid, (select ${to}::pg_snapshot))`;

export const feedSql = {
  // The sequence is read by the statement that has the snapshot, so after it: nothing visible is beyond.
  moment: statement(
    'queries.feed.moment',
    `select pg_current_snapshot()::text as snapshot,
       coalesce(pg_sequence_last_value('events_position'::regclass), 0) as ceiling`,
  ),
  // The position was read before, and the xid is taken now.
  mark: statement(
    'feed.mark',
    `with quick as materialized (select set_config('synchronous_commit', 'off', true))
     insert into event_marks (xid, position) select pg_current_xact_id()::text::bigint, $1::bigint from quick
     returning xid, position`,
  ),
  markBefore: statement(
    'feed.markBefore',
    'select m.position from event_marks m where m.xid <= $1::bigint order by m.xid desc limit 1',
  ),
  stretch: statement(
    'queries.feed.stretch',
    `select ${eventColumns('e')}, e.xid::text as xid from events e
     where e.position > $3::bigint and e.position <= $4::bigint and e.type = any($5::text[])
       and (e.virtual_partition % $6::int) = any($7::int[]) and ${isNew('$1', '$2')}
     order by e.position limit $8::int`,
  ),
  // Two stretches in one answer: the rest of the one that is being read, and all that came after it.
  ofUser: statement(
    'feed.ofUser',
    `select ${eventColumns('e')}, e.xid::text as xid, e.later from (
       select e.*, not pg_visible_in_snapshot(e.xid, $3::pg_snapshot) as later from (
         select o.* from events o where o.key = $1::text and o.type like 'order.%'
         union all
         select r.* from events r where r.data->>'userId' = $1::text and r.type like 'coupon.request-%'
         union all
         select u.* from (select c.id from coupons c where c.user_id = $1::text) own
           cross join lateral (select * from events i where i.stream_id = own.id::text) u
         where u.type like 'coupon.%'
       ) e where e.type = any($6::text[]) and not pg_visible_in_snapshot(e.xid, $2::pg_snapshot)
         and pg_visible_in_snapshot(e.xid, $5::pg_snapshot)
     ) e where e.later or e.position > $4::bigint
     order by e.later, e.position limit $7::int`,
  ),
};
