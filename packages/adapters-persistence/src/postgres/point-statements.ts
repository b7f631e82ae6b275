import { ALIVE, selected } from './point-rows.js';
import { statement } from './statement.js';
import { toMilliseconds, toTimestamp } from './values.js';

/** What is alive of these users, what has these ids, and what has these keys: one look-up each, whatever the planner thinks. */
const wanted = (table: string, alive: string, columns: string) =>
  `select l.* from (
     select c.point_id from unnest($1::text[]) as u(id) cross join lateral (
       select c.point_id from ${table} c where c.user_id = u.id and ${alive} offset 0) c
     union select unnest($2::uuid[])
     union select c.point_id from unnest($3::text[], $4::text[]) as k(user_id, key) cross join lateral (
       select c.point_id from ${table} c where c.user_id = k.user_id and c.key = k.key offset 0) c) w
   cross join lateral (select ${columns} from ${table} c where c.point_id = w.point_id limit 1) l`;

const instant = (name: string) => toTimestamp(`i.${name}`);

export const pointSql = {
  owners: statement(
    'points.owners',
    `select l.* from unnest($1::uuid[]) as u(id) cross join lateral (
       select c.point_id, c.user_id from point_lots c where c.point_id = u.id
       union all select c.point_id, c.user_id from point_spendings c where c.point_id = u.id) l`,
  ),
  lock: statement(
    'points.lock',
    `select l.* from unnest($1::text[]) as u(id) cross join lateral (
       select ${selected.account} from point_accounts c where c.user_id = u.id limit 1 for no key update) l`,
  ),
  lots: statement('points.lots', wanted('point_lots', ALIVE, selected.lot)),
  spendings: statement('points.spendings', wanted('point_spendings', `c.status = 'HELD'`, selected.spending)),
  holds: statement(
    'points.holds',
    `select l.point_id, l.status, ${toMilliseconds('l.until')} as until
     from unnest($1::text[], $2::text[]) with ordinality as r(user_id, key, n) left join lateral (
       select c.point_id, c.status, c.until from point_spendings c
       where c.user_id = r.user_id and c.kind = 'HOLD' and c.key = r.key limit 1) l on true
     order by r.n`,
  ),
  earnedWith: statement(
    'points.earnedWith',
    `select c.point_id, c.points, c.reversed, c.status from point_lots c where c.user_id = $1::text and c.order_number = $2::text
     order by c.position`,
  ),
  // A user with many lots that are overdue is one account: more rows are looked at than accounts are asked for.
  lockOverdue: statement(
    'points.lockOverdue',
    `select a.user_id from (
       (select c.user_id from point_lots c where c.usable and c.expires_at <= statement_timestamp()
         order by c.expires_at limit 10 * $1::int)
       union (select c.user_id from point_lots c where c.pending > 0 and c.available_at <= statement_timestamp()
         order by c.available_at limit 10 * $1::int)
       union (select c.user_id from point_spendings c where c.status = 'HELD' and c.kind = 'HOLD'
         and c.until <= statement_timestamp() order by c.until limit 10 * $1::int)) d
     join point_accounts a on a.user_id = d.user_id limit $1::int for no key update of a skip locked`,
  ),
  openAccounts: statement(
    'points.openAccounts',
    `insert into point_accounts (user_id, version, earnings)
     select i.user_id, i.version, i.earnings from unnest($1::text[], $2::int[], $3::int[]) as i(user_id, version, earnings)
     on conflict (user_id) do nothing returning user_id`,
  ),
  advanceAccounts: statement(
    'points.advanceAccounts',
    `update point_accounts c set version = i.version, earnings = i.earnings
     from unnest($1::text[], $2::int[], $3::int[], $4::int[]) as i(user_id, expected, version, earnings)
     where c.user_id = i.user_id and c.version = i.expected returning c.user_id`,
  ),
  addLots: statement(
    'points.addLots',
    `insert into point_lots (point_id, user_id, status, key, order_number, content, position, points, earned_at, available_at,
       expires_at)
     select i.point_id, i.user_id, 'EARNED', i.key, i.order_number, i.content, i.position, i.points, ${instant('earned_at')},
       ${instant('available_at')}, ${instant('expires_at')}
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[],
       $10::bigint[]) as i(point_id, user_id, key, order_number, content, position, points, earned_at, available_at, expires_at)`,
  ),
  changeLots: statement(
    'points.changeLots',
    `update point_lots c set status = i.status, reversals = i.reversals::jsonb
     from unnest($1::uuid[], $2::text[], $3::text[]) as i(point_id, status, reversals) where c.point_id = i.point_id`,
  ),
  addSpendings: statement(
    'points.addSpendings',
    `insert into point_spendings (point_id, user_id, kind, status, key, order_number, content, parts, points, until, returned,
       reversals)
     select i.point_id, i.user_id, i.kind, i.status, i.key, i.order_number, i.content, i.parts::jsonb, i.points, ${instant('until')},
       i.returned, i.reversals::jsonb
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
       $10::bigint[], $11::bigint[], $12::text[])
       as i(point_id, user_id, kind, status, key, order_number, content, parts, points, until, returned, reversals)`,
  ),
  changeSpendings: statement(
    'points.changeSpendings',
    `update point_spendings c set status = i.status, points = i.points, parts = i.parts::jsonb, returned = i.returned,
       reversals = i.reversals::jsonb
     from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
       as i(point_id, status, points, parts, returned, reversals) where c.point_id = i.point_id`,
  ),
  addTransfers: statement(
    'points.addTransfers',
    `insert into point_transfers (user_id, sequence, line, point_id, lot_id, from_account, to_account, points)
     select * from unnest($1::text[], $2::int[], $3::int[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[])`,
  ),
  addEntries: statement(
    'points.addEntries',
    `insert into point_entries (user_id, sequence, point_id, type, points, balance, order_number, at)
     select i.user_id, i.sequence, i.point_id, i.type, i.points, i.balance, i.order_number, ${instant('at')}
     from unnest($1::text[], $2::int[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[])
       as i(user_id, sequence, point_id, type, points, balance, order_number, at)`,
  ),
  // One statement, so that account, lots and holds are of one moment.
  accounts: statement(
    'queries.pointAccounts',
    `select a.*, ${toMilliseconds('statement_timestamp()')} as now,
       (select coalesce(jsonb_agg(l), '[]') from (select ${selected.lot} from point_lots c
         where c.user_id = u.user_id and ${ALIVE}) l) as lots,
       (select coalesce(jsonb_agg(s), '[]') from (select ${selected.spending} from point_spendings c
         where c.user_id = u.user_id and c.status = 'HELD') s) as spendings
     from unnest($1::text[]) as u(user_id) cross join lateral
       (select ${selected.account} from point_accounts c where c.user_id = u.user_id limit 1) a`,
  ),
  history: statement(
    'queries.pointHistory',
    `select c.point_id, c.type, c.points, c.balance, c.order_number, ${toMilliseconds('c.at')} as at, c.sequence
     from point_entries c where c.user_id = $1::text and c.sequence < $2::int order by c.sequence desc limit $3::int`,
  ),
};
