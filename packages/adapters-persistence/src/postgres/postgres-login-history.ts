import type { LoginAttempt, LoginHistory, Transaction } from '@org/application';
import { countOf, statement } from './statement.js';
import { plainArray, textArray } from './values.js';

const append = statement(
  'logins.append',
  `insert into logins (id, user_id, result, address, user_agent)
   select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])`,
);
const forget = statement(
  'logins.forget',
  `delete from logins where id in (
     select id from logins where at < clock_timestamp() - $1::float8 * interval '1 second'
     order by at limit $2::int for update skip locked)`,
);

export class PostgresLoginHistory implements LoginHistory {
  async append(tx: Transaction, attempts: readonly LoginAttempt[]): Promise<void> {
    if (attempts.length === 0) return;
    await countOf(tx, append, [
      plainArray(attempts.map(({ id }) => id)),
      textArray(attempts.map(({ userId }) => userId)),
      textArray(attempts.map(({ result }) => result)),
      textArray(attempts.map(({ address }) => address)),
      textArray(attempts.map(({ userAgent }) => userAgent)),
    ]);
  }

  forget(tx: Transaction, retentionSeconds: number, limit: number): Promise<number> {
    return countOf(tx, forget, [retentionSeconds, limit]);
  }
}
