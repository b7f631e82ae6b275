import {
  type AccountRepository,
  type Change,
  EmailTakenError,
  type LoadOptions,
  type PersonalData,
  type Resealed,
  type Transaction,
  type Versioned,
} from '@org/application';
import { type Account, type AccountRole, type ActiveAccount, normaliseEmail } from '@org/domain';
import { codeOf, constraintOf } from './errors.js';
import { rowsOf, statement } from './statement.js';
import { type Cell, type Cells, type TableColumn, type TableMapping, TableRepository } from './table-repository.js';
import { textArray } from './values.js';

/** An account as it lies in its table: what is personal is sealed, and bound to its row and column. */
export type SealedAccount =
  | { readonly status: 'NONE' }
  | {
      readonly status: 'ACTIVE';
      readonly emailIndex: string;
      readonly email: string;
      readonly name: string;
      readonly phone: string | null;
      readonly passwordHash: string;
      readonly roles: string;
      readonly createdAt: number;
    };
type Sealed = Extract<SealedAccount, { status: 'ACTIVE' }>;

const cell = (
  name: string,
  of: (sealed: Sealed) => Cell,
  more: Partial<Pick<TableColumn<SealedAccount>, 'type' | 'fixed'>> = {},
): TableColumn<SealedAccount> => ({
  ...{ name, type: 'text' as const },
  ...more,
  of: state => (state.status === 'NONE' ? null : of(state)),
});

export const accountTable: TableMapping<SealedAccount> = {
  table: 'accounts',
  idType: 'uuid',
  initial: { status: 'NONE' },
  columns: [
    cell('created_at', sealed => sealed.createdAt, { type: 'instant', fixed: true }),
    cell('status', sealed => sealed.status),
    cell('email_index', sealed => sealed.emailIndex),
    cell('email', sealed => sealed.email),
    cell('name', sealed => sealed.name),
    cell('phone', sealed => sealed.phone),
    cell('password_hash', sealed => sealed.passwordHash),
    cell('roles', sealed => sealed.roles),
  ],
  fromRow: (row: Cells) =>
    ({
      status: 'ACTIVE',
      emailIndex: row.email_index,
      email: row.email,
      name: row.name,
      phone: row.phone,
      passwordHash: row.password_hash,
      roles: row.roles,
      createdAt: row.created_at,
    }) as Sealed,
};

const contextOf = (id: string, column: string) => `accounts.${column}:${id}`;

export function sealedAccount(personal: PersonalData, id: string, state: Account): SealedAccount {
  if (state.status === 'NONE') return state;
  const { profile, passwordHash, roles, createdAt } = state;
  return {
    ...{ status: 'ACTIVE', passwordHash, roles: roles.join(','), createdAt },
    emailIndex: personal.index(normaliseEmail(profile.email)),
    email: personal.seal(profile.email, contextOf(id, 'email')),
    name: personal.seal(profile.name, contextOf(id, 'name')),
    phone: profile.phone === null ? null : personal.seal(profile.phone, contextOf(id, 'phone')),
  };
}

export function openAccount(personal: PersonalData, id: string, sealed: Sealed): ActiveAccount {
  const { email, name, phone, passwordHash, roles, createdAt } = sealed;
  return {
    ...{ status: 'ACTIVE', passwordHash, roles: roles.split(',') as AccountRole[], createdAt },
    profile: {
      email: personal.open(email, contextOf(id, 'email')),
      name: personal.open(name, contextOf(id, 'name')),
      phone: phone === null ? null : personal.open(phone, contextOf(id, 'phone')),
    },
  };
}

const idsByEmail = statement(
  'accounts.idsByEmail',
  `select l.* from unnest($1::text[]) as u(email_index) cross join lateral (
     select a.id, a.email_index from accounts a where a.email_index = u.email_index limit 1) l`,
);

// Everything of a row is sealed at once: the key of one value is that of all. One step of the walk for each key, however
// many accounts it has sealed.
const keys = statement(
  'accounts.keys',
  `with recursive k as (
     (select split_part(a.email, '.', 2) as key, a.email as sealed from accounts a order by split_part(a.email, '.', 2) limit 1)
     union all
     select n.key, n.sealed from k cross join lateral (
       select split_part(a.email, '.', 2) as key, a.email as sealed from accounts a
       where split_part(a.email, '.', 2) > k.key order by split_part(a.email, '.', 2) limit 1) n)
   select key, sealed from k`,
);

const sealedBy = statement(
  'accounts.sealedBy',
  `select a.id from accounts a where split_part(a.email, '.', 2) = $1::text
   order by split_part(a.email, '.', 2), a.id limit $2::int for no key update skip locked`,
);

export class PostgresAccountRepository implements AccountRepository {
  private readonly rows = new TableRepository(accountTable);

  constructor(private readonly personal: PersonalData) {}

  async load(tx: Transaction, ids: readonly string[], options: LoadOptions = {}) {
    const opened = ([id, { version, state }]: [string, Versioned<SealedAccount>]): [string, Versioned<Account>] => [
      id,
      { version, state: state.status === 'NONE' ? state : openAccount(this.personal, id, state) },
    ];
    return new Map([...(await this.rows.load(tx, ids, options))].map(opened));
  }

  async save(tx: Transaction, changes: readonly Change<Account>[]): Promise<ReadonlySet<string>> {
    const sealed = changes.map(change => ({ ...change, state: sealedAccount(this.personal, change.id, change.state) }));
    try {
      return await this.rows.save(tx, sealed);
    } catch (error) {
      if (codeOf(error) !== '23505' || constraintOf(error) !== 'accounts_email') throw error;
      throw new EmailTakenError('another account has this address', { cause: error });
    }
  }

  async idsByEmail(tx: Transaction, emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (emails.length === 0) return new Map();
    const asked = new Map(
      emails.flatMap(email => this.personal.indexes(normaliseEmail(email)).map(index => [index, email] as const)),
    );
    const rows = await rowsOf<{ id: string; email_index: string }>(tx, idsByEmail, [textArray([...asked.keys()])]);
    return new Map(rows.map(({ id, email_index }) => [asked.get(email_index) ?? '', id]));
  }

  async reseal(tx: Transaction, limit: number): Promise<Resealed> {
    const found = await rowsOf<{ key: string; sealed: string }>(tx, keys);
    const older = found.filter(({ sealed }) => !this.personal.isCurrent(sealed));
    let resealed = 0;
    for (const { key } of older) {
      if (resealed === limit) break;
      const rows = await rowsOf<{ id: string }>(tx, sealedBy, [key, limit - resealed]);
      const accounts = await this.load(
        tx,
        rows.map(({ id }) => id),
      );
      const same = [...accounts].map(([id, { version, state }]) => ({ id, expectedVersion: version, version, state }));
      resealed += (await this.save(tx, same)).size;
    }
    return { resealed, olderKeys: older.length };
  }
}
