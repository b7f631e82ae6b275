import { eventColumns } from './feed-statements.js';
import { statement } from './statement.js';

const lease = (ms: string) => `clock_timestamp() + ${ms}::int * interval '1 millisecond'`;

/** Slices that still belong to the member under the fences that it knows. */
const mine = (group: string, member: string, slices: string, fences: string) =>
  `s.group_name = ${group}::text and s.owner = ${member}::uuid
   and exists (select from unnest(${slices}::smallint[], ${fences}::int[]) as t(slice, fence)
     where t.slice = s.slice and t.fence = s.fence)`;

const parked = (alias: string) =>
  `${alias}.id, ${alias}.slice, ${alias}.status, ${alias}.attempts, ${alias}.redrives, ${eventColumns(alias)}`;

export const progressSql = {
  openGroup: statement(
    'progress.openGroup',
    `insert into event_groups (name, types) values ($1::text, $2::jsonb)
     on conflict (name) do update set types = excluded.types`,
  ),
  openSlices: statement(
    'progress.openSlices',
    `insert into event_slices (group_name, slice, cursor)
     select $1::text, n, $2::text from generate_series(0, $3::int - 1) n on conflict do nothing`,
  ),
  meet: statement(
    'progress.meet',
    `insert into event_members (group_name, member, lease_until) values ($1::text, $2::uuid, ${lease('$3')})
     on conflict (group_name, member) do update set lease_until = excluded.lease_until`,
  ),
  miss: statement(
    'progress.miss',
    `delete from event_members where (group_name, member) in (
       select group_name, member from event_members
       where group_name = $1::text and lease_until <= clock_timestamp() for update skip locked)`,
  ),
  count: statement(
    'progress.count',
    `select count(*) as members from event_members where group_name = $1::text and lease_until > clock_timestamp()`,
  ),
  prolong: statement(
    'progress.prolong',
    `update event_slices set lease_until = ${lease('$3')} where group_name = $1::text and owner = $2::uuid
     returning slice, fence`,
  ),
  claim: statement(
    'progress.claim',
    `update event_slices set owner = $2::uuid, fence = fence + 1, lease_until = ${lease('$3')}
     where group_name = $1::text and slice in (
       select slice from event_slices
       where group_name = $1::text and (owner is null or lease_until <= clock_timestamp())
       order by slice limit $4::int for update skip locked)
     returning slice, fence`,
  ),
  release: statement(
    'progress.release',
    `update event_slices s set owner = null, lease_until = null where ${mine('$1', '$2', '$3', '$4')}`,
  ),
  releaseAll: statement(
    'progress.releaseAll',
    'update event_slices set owner = null, lease_until = null where group_name = $1::text and owner = $2::uuid',
  ),
  leave: statement('progress.leave', 'delete from event_members where group_name = $1::text and member = $2::uuid'),
  load: statement(
    'progress.load',
    `select s.slice, s.fence, s.cursor, coalesce((select json_agg(distinct p.key) from parked_events p
       where p.group_name = s.group_name and p.slice = s.slice and p.status = 'WAITING'), '[]') as blocked
     from event_slices s where ${mine('$1', '$2', '$3', '$4')}`,
  ),
  // What a crash takes back of this is only done once more.
  advanceLightly: statement(
    'progress.advanceLightly',
    `with quick as materialized (select set_config('synchronous_commit', 'off', true))
     update event_slices s set cursor = $5::text from quick where ${mine('$1', '$2', '$3', '$4')} returning s.slice`,
  ),
  advance: statement(
    'progress.advance',
    `update event_slices s set cursor = $5::text where ${mine('$1', '$2', '$3', '$4')} returning s.slice`,
  ),
  park: statement(
    'progress.park',
    `insert into parked_events (group_name, position, recorded_at, slice, stream_version, attempts, status, stream_id,
       type, key, actor, traceparent, data, due_at, error_name, error_message, error_stack, first_failed_at, last_failed_at)
     select $1::text, (i->>'position')::bigint, to_timestamp((i->>'recordedAt')::numeric / 1000), (i->>'slice')::smallint,
       (i->>'streamVersion')::int, (i->>'attempts')::int, i->>'status', i->>'streamId', i->>'type', i->>'key', i->>'actor',
       i->>'traceparent', i->'data', clock_timestamp() + (i->>'dueInMs')::int * interval '1 millisecond',
       i->>'name', i->>'message', i->>'stack',
       case when i->>'name' is not null then clock_timestamp() end, case when i->>'name' is not null then clock_timestamp() end
     from jsonb_array_elements($2::jsonb) with ordinality as e(i, n)
     where (i->>'slice')::smallint = any($3::smallint[]) order by n
     on conflict do nothing`,
  ),
  due: statement(
    'progress.due',
    `with heads as materialized (
       select p.id, p.key, p.status from parked_events p
       where p.group_name = $1::text and p.due_at <= clock_timestamp() and p.slice = any($2::smallint[])
       order by p.due_at limit $3::int)
     select ${parked('f')} from (
       select c.* from (select distinct key from heads where status = 'WAITING') k
         cross join lateral (select * from parked_events w
           where w.group_name = $1::text and w.key = k.key and w.status = 'WAITING'
             and ($4::text = 'KEY' or w.due_at <= clock_timestamp()) order by w.position limit $3::int) c
       union all
       select r.* from heads h join parked_events r on r.id = h.id where h.status = 'REDRIVEN'
     ) f order by f.position limit $3::int`,
  ),
  hold: statement(
    'progress.hold',
    `select s.slice from event_slices s where ${mine('$1', '$2', '$3', '$4')} order by s.slice for update`,
  ),
  done: statement('progress.done', 'delete from parked_events where id = any($1::bigint[])'),
  fail: statement(
    'progress.fail',
    `update parked_events p set status = i->>'status', attempts = p.attempts + 1,
       due_at = clock_timestamp() + (i->>'dueInMs')::int * interval '1 millisecond',
       error_name = i->>'name', error_message = i->>'message', error_stack = i->>'stack',
       first_failed_at = coalesce(p.first_failed_at, clock_timestamp()), last_failed_at = clock_timestamp()
     from jsonb_array_elements($1::jsonb) as e(i) where p.id = (i->>'id')::bigint`,
  ),
  next: statement(
    'progress.next',
    `update parked_events p set due_at = clock_timestamp()
     from unnest($2::text[]) as k(key)
     cross join lateral (select w.id, w.due_at from parked_events w
       where w.group_name = $1::text and w.key = k.key and w.status = 'WAITING' order by w.position limit 1) first
     where p.id = first.id and first.due_at is null`,
  ),
  freed: statement(
    'progress.freed',
    `select k.key from unnest($2::text[]) as k(key)
     where not exists (select from parked_events w
       where w.group_name = $1::text and w.key = k.key and w.status = 'WAITING')`,
  ),
};
