import type { AccountQueries, AccountView, LoginView, Page, Paged, PersonalData } from '@org/application';
import { isUuid } from '@org/domain';
import type { DataSource } from 'typeorm';
import { cursorOf, datedPlace } from './cursor.js';
import { accountTable, openAccount } from './postgres-account-repository.js';
import { read, statement } from './statement.js';
import { type Cells, selection } from './table-repository.js';
import { toMilliseconds, toTimestamp } from './values.js';

const account = statement(
  'queries.account',
  `select ${['a.version', ...selection(accountTable.columns, 'a')].join(', ')} from accounts a where a.id = $1::uuid`,
);
const isOpen = statement(
  'queries.isOpen',
  `select user_id = $2::text and status = 'OPEN' and expires_at > statement_timestamp() as open
   from sessions where id = $1::uuid`,
);
const logins = statement(
  'queries.logins',
  `select l.id, l.result, l.address, l.user_agent, ${toMilliseconds('l.at')} as at from logins l
   where l.user_id = $1::text and (l.at, l.id) < (${toTimestamp('$2::bigint')}, $3::uuid)
   order by l.at desc, l.id desc limit $4::int`,
);

interface LoginRow extends Record<string, unknown> {
  readonly id: string;
  readonly result: LoginView['result'];
  readonly address: string;
  readonly user_agent: string | null;
  readonly at: number;
}

/** Later than everything: where a list that goes from new to old begins. */
const START = [8_640_000_000_000_000, 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

export class PostgresAccountQueries implements AccountQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly personal: PersonalData,
  ) {}

  async account(userId: string): Promise<AccountView | null> {
    if (!isUuid(userId)) return null;
    const [row] = await read<Cells & { readonly version: number }>(this.dataSource, account, [userId]);
    const sealed = row && accountTable.fromRow(row);
    if (!sealed || sealed.status === 'NONE') return null;
    const { profile, roles, createdAt } = openAccount(this.personal, userId, sealed);
    return { userId, ...profile, roles, revision: row.version, createdAt };
  }

  async isOpen(userId: string, sessionId: string): Promise<boolean> {
    if (!isUuid(sessionId)) return false;
    const [row] = await read<{ open: boolean }>(this.dataSource, isOpen, [sessionId, userId]);
    return row?.open === true;
  }

  async logins({ userId, limit, cursor }: { readonly userId: string } & Page): Promise<Paged<LoginView>> {
    const place = datedPlace(cursor);
    const [at, id] = place && isUuid(place[1]) ? place : START;
    const rows = await read<LoginRow>(this.dataSource, logins, [userId, at, id, limit + 1]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(row => ({ at: row.at, result: row.result, address: row.address, userAgent: row.user_agent })),
      nextCursor: last && rows.length > limit ? cursorOf([last.at, last.id]) : null,
    };
  }
}
