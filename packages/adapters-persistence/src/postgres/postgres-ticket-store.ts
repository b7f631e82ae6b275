import type { NewTicket, TicketHolder, TicketStore, Transaction } from '@org/application';
import { countOf, rowsOf, statement } from './statement.js';
import { toMilliseconds, toTimestamp } from './values.js';

const issue = statement(
  'push_tickets.issue',
  `insert into push_tickets (expires_at, until, digest, user_id)
   select date_trunc('milliseconds', clock_timestamp()) + $1::float8 * interval '1 second', ${toTimestamp('$2::bigint')}, $3::text, $4::text
   returning ${toMilliseconds('expires_at')} as expires_at`,
);
const consume = statement(
  'push_tickets.consume',
  `delete from push_tickets where digest = $1::text and expires_at > clock_timestamp()
   returning user_id, ${toMilliseconds('until')} as until`,
);
const forget = statement(
  'push_tickets.forget',
  `delete from push_tickets where digest in (
     select digest from push_tickets where expires_at <= clock_timestamp()
     order by expires_at limit $1::int for update skip locked)`,
);

export class PostgresTicketStore implements TicketStore {
  async issue(tx: Transaction, { digest, userId, until, seconds }: NewTicket): Promise<number> {
    const [row] = await rowsOf<{ expires_at: number }>(tx, issue, [seconds, until, digest, userId]);
    return row?.expires_at as number;
  }

  async consume(tx: Transaction, digest: string): Promise<TicketHolder | null> {
    const [row] = await rowsOf<{ user_id: string; until: number }>(tx, consume, [digest]);
    return row ? { userId: row.user_id, until: row.until } : null;
  }

  forget(tx: Transaction, limit: number): Promise<number> {
    return countOf(tx, forget, [limit]);
  }
}
