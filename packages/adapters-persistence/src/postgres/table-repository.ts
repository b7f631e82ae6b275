import type { AggregateRepository, Change, LoadOptions, Transaction, Versioned } from '@org/application';
import { isUuid } from '@org/domain';
import { rowsOf, type Statement, statement } from './statement.js';
import { column, either, plainArray, textArray, toMilliseconds, toTimestamp } from './values.js';

/** `json`: written as text, read as the value that it is. */
export type ColumnType = 'uuid' | 'text' | 'int' | 'money' | 'instant' | 'json';
export type Cell = string | number | null;
export type Cells = Readonly<Record<string, Cell>>;

export interface TableColumn<State> {
  readonly name: string;
  readonly type: ColumnType;
  /** Written once, with the row. */
  readonly fixed?: boolean;
  of(state: State): Cell;
}

/** How the aggregates of one kind lie in their table. `id` and `version` are there always. */
export interface TableMapping<State> {
  readonly table: string;
  readonly idType: 'uuid' | 'text';
  readonly initial: State;
  readonly columns: readonly TableColumn<State>[];
  fromRow(row: Cells): State;
}

export type Row = Cells & { readonly id: string; readonly version: number };

const arrayType = {
  uuid: 'uuid[]',
  text: 'text[]',
  int: 'int[]',
  money: 'bigint[]',
  instant: 'bigint[]',
} as const satisfies Record<Exclude<ColumnType, 'json'>, string>;

// JSON has no raw line breaks, so they can part the documents: no quote has to be escaped.
const encode = (type: ColumnType, values: readonly Cell[]) => {
  if (type === 'json') return values.map(value => value ?? '').join('\n');
  return type === 'text' ? textArray(values as readonly (string | null)[]) : plainArray(values);
};

/** A parameter with the values of one column; of documents each is there, also where they are all the same. */
const array = (type: ColumnType, parameter: string) =>
  type === 'json' ? `string_to_array(${parameter}::text, E'\\n', '')` : `${parameter}::${arrayType[type]}`;
const valuesOf = (type: ColumnType, values: readonly Cell[]) => encode(type, type === 'json' ? values : column(values));

/** What a row is read as: instants in milliseconds. */
export const selection = (columns: readonly { readonly name: string; readonly type: ColumnType }[], alias: string) =>
  columns.map(({ name, type }) => {
    const full = `${alias}.${name}`;
    return type === 'instant' ? `${toMilliseconds(full)} as ${name}` : full;
  });

/** One look-up per id, whatever the planner thinks of the table; locks are taken in the order of the ids. */
export const byIds = (table: string, idType: 'uuid' | 'text', selected: string, lock = '') =>
  `select l.* from unnest($1::${arrayType[idType]}) as u(id) cross join lateral
     (select ${selected} from ${table} c where c.id = u.id limit 1 ${lock}) l`;
export const LOCK = 'for no key update';

/** The statements of one table. Parameters of `load`: ids. Of `insert` and `update`: an array per column. */
function statementsOf<State>({ table, idType, columns }: TableMapping<State>) {
  const selected = ['c.id', 'c.version', ...selection(columns, 'c')].join(', ');
  const ids = arrayType[idType];

  const cell = ({ name, type }: TableColumn<State>, parameter: number) => {
    if (type === 'json') return `i.${name}::jsonb`;
    const value = either(`$${parameter}::${arrayType[type]}`, `i.${name}`);
    return type === 'instant' ? toTimestamp(value) : value;
  };
  const arrays = (some: readonly TableColumn<State>[], first: number) =>
    some.map(({ type }, i) => array(type, `$${i + first}`)).join(', ');
  const names = (some: readonly TableColumn<State>[]) => some.map(({ name }) => name).join(', ');

  const add = `insert into ${table} (id, version, ${names(columns)})
    select i.id, ${either('$2::int[]', 'i.version')}, ${columns.map((each, i) => cell(each, i + 3)).join(', ')}
    from unnest($1::${ids}, $2::int[], ${arrays(columns, 3)}) as i(id, version, ${names(columns)})`;
  const changing = columns.filter(({ fixed }) => !fixed);
  return {
    load: statement(`${table}.load`, byIds(table, idType, selected)),
    lock: statement(`${table}.lock`, byIds(table, idType, selected, LOCK)),
    // Any unique key may be what two births of one id meet at first, so none of them is named.
    insert: statement(`${table}.insert`, `${add} on conflict do nothing returning id`),
    insertOrFail: statement(`${table}.insertOrFail`, `${add} returning id`),
    update: statement(
      `${table}.update`,
      `update ${table} c set version = ${either('$3::int[]', 'i.version')},
         ${changing.map((each, i) => `${each.name} = ${cell(each, i + 4)}`).join(', ')}
       from unnest($1::${ids}, $2::int[], $3::int[], ${arrays(changing, 4)}) as i(id, expected, version, ${names(changing)})
       where c.id = i.id and c.version = ${either('$2::int[]', 'i.expected')} returning c.id`,
    ),
    changing,
  };
}

/** Locks are taken and rows are written in this order by everybody, so that two batches wait instead of deadlocking. */
export const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Aggregates in a table, with optimistic locking; one statement per set. */
export class TableRepository<State> implements AggregateRepository<State> {
  private readonly sql: ReturnType<typeof statementsOf<State>>;

  constructor(protected readonly mapping: TableMapping<State>) {
    this.sql = statementsOf(mapping);
  }

  async load(tx: Transaction, ids: readonly string[], { lock = false }: LoadOptions = {}) {
    // What can't be an id was never stored.
    const known = this.mapping.idType === 'uuid' ? ids.filter(isUuid) : ids;
    const sorted = [...new Set(known)].sort(inOrder);
    const stored = this.versioned(sorted.length > 0 ? await this.rows(tx, sorted, lock) : []);
    const never: Versioned<State> = { version: 0, state: this.mapping.initial };
    return new Map(ids.map(id => [id, stored.get(id) ?? never]));
  }

  /** The rows of these ids, which are sorted. */
  protected rows(tx: Transaction, ids: readonly string[], lock: boolean): Promise<Row[]> {
    return rowsOf<Row>(tx, lock ? this.sql.lock : this.sql.load, [encode(this.mapping.idType, ids)]);
  }

  async save(tx: Transaction, changes: readonly Change<State>[]): Promise<ReadonlySet<string>> {
    const sorted = [...changes].sort((a, b) => inOrder(a.id, b.id));
    const created = sorted.filter(({ expectedVersion }) => expectedVersion === 0);
    const changed = sorted.filter(({ expectedVersion }) => expectedVersion > 0);
    const written = [
      ...(created.length > 0 ? await this.create(tx, created) : []),
      ...(changed.length > 0 ? await this.update(tx, changed) : []),
    ];
    return new Set(written.map(({ id }) => id));
  }

  /** What met another row under its own id is a conflict; what met one under another key breaks a rule, and throws. */
  private async create(tx: Transaction, changes: readonly Change<State>[]) {
    const columns = this.mapping.columns;
    const written = await this.write(tx, this.sql.insert, changes, columns, []);
    if (written.length === changes.length) return written;
    const ids = new Set(written.map(({ id }) => id));
    const unwritten = changes.filter(({ id }) => !ids.has(id));
    const stored = await this.load(
      tx,
      unwritten.map(({ id }) => id),
    );
    const breaches = unwritten.filter(({ id }) => stored.get(id)?.version === 0);
    if (breaches.length === 0) return written;
    return [...written, ...(await this.write(tx, this.sql.insertOrFail, breaches, columns, []))];
  }

  private update(tx: Transaction, changes: readonly Change<State>[]) {
    const expected = plainArray(column(changes.map(({ expectedVersion }) => expectedVersion)));
    return this.write(tx, this.sql.update, changes, this.sql.changing, [expected]);
  }

  private write(
    tx: Transaction,
    sql: Statement,
    changes: readonly Change<State>[],
    columns: readonly TableColumn<State>[],
    more: readonly string[],
  ) {
    return rowsOf<{ id: string }>(tx, sql, [
      encode(
        this.mapping.idType,
        changes.map(({ id }) => id),
      ),
      ...more,
      plainArray(column(changes.map(({ version }) => version))),
      ...columns.map(each =>
        valuesOf(
          each.type,
          changes.map(({ state }) => each.of(state)),
        ),
      ),
    ]);
  }

  protected versioned(rows: readonly Row[]): Map<string, Versioned<State>> {
    return new Map(rows.map(row => [row.id, { version: row.version, state: this.mapping.fromRow(row) }]));
  }
}
