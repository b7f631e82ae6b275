import type { CodeSpace } from '@org/domain';
import { statement } from './statement.js';

export interface CodeSpaceRow extends Record<string, unknown> {
  readonly id: string;
  readonly space: Omit<CodeSpace, 'capacity'> & { readonly capacity: string };
  readonly key: string;
  readonly next_index: string;
}

const find = (lock: string) =>
  `select l.* from unnest($1::text[]) as u(code) cross join lateral (
     select c.code, c.policy_id, c.coupon_id from coupon_codes c where c.code = u.code limit 1 ${lock}) l`;
const space = 'select id, space, key, next_index from code_spaces';

export const codeSql = {
  find: statement('codes.find', find('')),
  lock: statement('codes.lock', find('for no key update')),
  redeem: statement(
    'codes.redeem',
    `update coupon_codes c set coupon_id = i.coupon_id from unnest($1::text[], $2::uuid[]) as i(code, coupon_id)
     where c.code = i.code and c.coupon_id is null returning c.code`,
  ),
  // Numbered after the known ones are sorted out, so that positions have no gaps.
  add: statement(
    'codes.add',
    `insert into coupon_codes (policy_id, position, code, display)
     select $1::uuid, $2::int - 1 + row_number() over (order by i.n), i.code, i.display
     from unnest($3::text[], $4::text[]) with ordinality as i(code, display, n)
     where (select true from coupon_codes c where c.code = i.code limit 1) is null
     on conflict (code) do nothing`,
  ),
  beginSpace: statement(
    'codes.beginSpace',
    `insert into code_spaces (id, descriptor, space, key) values ($1::uuid, $2::text, $3::jsonb, $4::text)
     on conflict (descriptor) do nothing`,
  ),
  lockSpaceOfShape: statement('codes.lockSpaceOfShape', `${space} where descriptor = $1::text for no key update`),
  lockSpace: statement('codes.lockSpace', `${space} where id = $1::uuid for no key update`),
  spaces: statement('codes.spaces', `${space} order by id`),
  pendingIn: statement(
    'codes.pendingIn',
    `select coalesce(sum(count - created), 0)::text as pending from code_jobs
     where space_id = $1::uuid and status = 'RUNNING'`,
  ),
  startJob: statement(
    'codes.startJob',
    `insert into code_jobs (id, policy_id, space_id, count, created, status)
     values ($1::uuid, $2::uuid, $3::uuid, $4::int, $5::int, $6::text)`,
  ),
  lockJob: statement(
    'codes.lockJob',
    `select id, policy_id, space_id, count, created, status from code_jobs where id = $1::uuid
     for no key update skip locked`,
  ),
  lockPositions: statement('codes.lockPositions', `select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2))`),
  advanceJob: statement(
    'codes.advanceJob',
    'update code_jobs set created = $2::int, status = $3::text where id = $1::uuid',
  ),
  advanceSpace: statement('codes.advanceSpace', 'update code_spaces set next_index = $2::numeric where id = $1::uuid'),
  unfinishedJobs: statement(
    'codes.unfinishedJobs',
    `select id from code_jobs where status = 'RUNNING' order by started_at`,
  ),
  lastPosition: statement(
    'codes.lastPosition',
    `select position as last from coupon_codes where policy_id = $1::uuid order by position desc limit 1`,
  ),
};
