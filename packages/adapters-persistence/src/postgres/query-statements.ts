import { couponTable } from './coupon-table.js';
import { statement } from './statement.js';
import { selection } from './table-repository.js';
import { toMilliseconds, toTimestamp } from './values.js';

const policy = `select p.id, p.version as revision, p.status, p.terms_version, ${toMilliseconds('p.created_at')} as created_at,
    (select v.terms from coupon_policy_versions v where v.policy_id = p.id and v.version = p.terms_version) as terms
  from coupon_policies p`;
const coupon = `${['c.id', 'c.version', ...selection(couponTable.columns, 'c')].join(', ')}, ${toMilliseconds('statement_timestamp()')} as now`;

/** What the time of the database makes of a coupon: the rule of `settle` in the domain, in SQL. */
const statusNow = `case
    when c.status = 'ISSUED' and c.expires_at <= statement_timestamp() then 'EXPIRED'
    when c.status = 'RESERVED' and c.reserved_until <= statement_timestamp()
      then case when c.expires_at <= statement_timestamp() then 'EXPIRED' else 'ISSUED' end
    else c.status end`;

export const querySql = {
  policy: statement('queries.policy', `${policy} where p.id = $1::uuid`),
  policies: statement(
    'queries.policies',
    `${policy} where ($1::text is null or p.status = $1::text) and (p.created_at, p.id) < (${toTimestamp('$2::bigint')}, $3::uuid)
     order by p.created_at desc, p.id desc limit $4::int`,
  ),
  coupon: statement('queries.coupon', `select ${coupon} from coupons c where c.id = $1::uuid`),
  // The user's own coupons first, by their index, then sorted: no plan can walk through those of others.
  couponsOfUser: statement(
    'queries.couponsOfUser',
    `with own as materialized (select * from coupons where user_id = $1::text)
     select ${coupon} from own c
     where ($2::text is null or ${statusNow} = $2::text) and (c.issued_at, c.id) < (${toTimestamp('$3::bigint')}, $4::uuid)
     order by c.issued_at desc, c.id desc limit $5::int`,
  ),
  // One statement sees a request and its outcome at one moment. In a transaction: events have partitions that are empty
  // when a plan is made, and full when it is used.
  request: statement(
    'events.couponRequest',
    `select r.data, n.refused, ${coupon} from events r
     left join lateral (select e.data as refused from events e where e.stream_id = r.stream_id and e.stream_version = 2
       limit 1) n on true
     left join lateral (select * from coupons o where o.policy_id = (r.data->>'policyId')::uuid
       and o.user_id = r.data->>'userId' and o.cause = r.stream_id limit 1) c on true
     where r.stream_id = $1::text and r.stream_version = 1 and ($2::text is null or r.data->>'userId' = $2::text)
     limit 1`,
  ),
  statistics: statement(
    'queries.statistics',
    `select m.issued, m.total_limit, m.budget_taken, s.used, s.revoked,
       s.reserved - h.over as reserved, s.expired + h.expired + o.expired as expired
     from campaigns m
     cross join lateral (select
         count(*) filter (where c.status = 'RESERVED') as reserved, count(*) filter (where c.status = 'USED') as used,
         count(*) filter (where c.status = 'EXPIRED') as expired, count(*) filter (where c.status = 'REVOKED') as revoked
       from coupons c where c.policy_id = m.policy_id and c.status <> 'ISSUED') s
     cross join lateral (select count(*) as over, count(*) filter (where c.expires_at <= statement_timestamp()) as expired
       from coupons c where c.status = 'RESERVED' and c.reserved_until <= statement_timestamp()
         and c.policy_id = m.policy_id) h
     cross join lateral (select count(*) as expired from coupons c where c.status = 'ISSUED'
         and c.expires_at <= statement_timestamp() and c.policy_id = m.policy_id) o
     where m.policy_id = $1::uuid`,
  ),
  issued: statement('queries.issued', 'select issued from campaigns where policy_id = $1::uuid'),
  codes: statement(
    'queries.codes',
    `select display, position, coupon_id is not null as redeemed from coupon_codes
     where policy_id = $1::uuid and position > $2::int order by position limit $3::int`,
  ),
  codeJob: statement(
    'queries.codeJob',
    'select id, policy_id, status, created, count from code_jobs where id = $1::uuid',
  ),
  // Everybody's first coupon counts the holders; the scan ends as soon as there are too many.
  holders: statement(
    'queries.holders',
    `select f.user_id, (select c.ordinal from coupons c where c.user_id = f.user_id and c.policy_id = $1::uuid
       order by c.ordinal desc limit 1) as had
     from (select user_id from coupons where policy_id = $1::uuid and ordinal = 1 order by sequence limit $2::int) f`,
  ),
  now: statement('queries.now', `select ${toMilliseconds('clock_timestamp()')} as now`),
};
