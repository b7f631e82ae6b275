import { type Change, type ProductRepository, Recent, type Transaction } from '@org/application';
import { type Product, type ProductTerms, product } from '@org/domain';
import { rowsOf, statement } from './statement.js';
import {
  byIds,
  type Cell,
  type Cells,
  type ColumnType,
  LOCK,
  type Row,
  type TableMapping,
  TableRepository,
} from './table-repository.js';
import { textArray } from './values.js';

type Listed = Exclude<Product, { status: 'NONE' }>;

const cell = (name: string, type: ColumnType, of: (listed: Listed) => Cell, fixed = false) => ({
  name,
  type,
  fixed,
  of: (state: Product) => (state.status === 'NONE' ? null : of(state)),
});

/** A row as the driver gives it: JSON is parsed already. */
export const productOf = (row: Cells): Listed => ({
  status: 'LISTED',
  terms: {
    name: row.name as string,
    kind: row.kind as ProductTerms['kind'],
    categoryIds: row.category_ids as unknown as ProductTerms['categoryIds'],
    options: row.options as unknown as ProductTerms['options'],
  },
  createdAt: row.created_at as number,
  updatedAt: row.updated_at as number,
});

export const productTable: TableMapping<Product> = {
  table: 'products',
  idType: 'text',
  initial: product.initial,
  columns: [
    cell('name', 'text', ({ terms }) => terms.name),
    cell('kind', 'text', ({ terms }) => terms.kind),
    cell('category_ids', 'json', ({ terms }) => JSON.stringify(terms.categoryIds)),
    cell('options', 'json', ({ terms }) => JSON.stringify(terms.options)),
    cell('created_at', 'instant', ({ createdAt }) => createdAt, true),
    cell('updated_at', 'instant', ({ updatedAt }) => updatedAt),
  ],
  fromRow: productOf,
};

const versions = statement('products.versions', byIds('products', 'text', 'c.id, c.version'));
const lockVersions = statement('products.lockVersions', byIds('products', 'text', 'c.id, c.version', LOCK));

const MOST_REMEMBERED = 2_000;

/**
 * Every order looks its products up several times, and they hardly ever change: a row whose version is known is not
 * read again. Whoever reads within the transaction that wrote it remembers nothing: it may be taken back.
 */
export class PostgresProductRepository extends TableRepository<Product> implements ProductRepository {
  private readonly remembered = new Recent<Row>(MOST_REMEMBERED);
  private readonly writing = new WeakSet<Transaction>();

  constructor() {
    super(productTable);
  }

  protected override async rows(tx: Transaction, ids: readonly string[], lock: boolean): Promise<Row[]> {
    if (this.writing.has(tx)) return super.rows(tx, ids, lock);
    const rows = new Map<string, Row>();
    const current = await rowsOf<Pick<Row, 'id' | 'version'>>(tx, lock ? lockVersions : versions, [textArray(ids)]);
    for (const { id, version } of current) {
      const known = this.remembered.get(id);
      if (known?.version === version) rows.set(id, known);
    }
    const unknown = current.flatMap(({ id }) => (rows.has(id) ? [] : [id]));
    if (unknown.length > 0)
      for (const row of await super.rows(tx, unknown, lock)) {
        rows.set(row.id, row);
        this.remembered.set(row.id, row);
      }
    return [...rows.values()];
  }

  override save(tx: Transaction, changes: readonly Change<Product>[]): Promise<ReadonlySet<string>> {
    this.writing.add(tx);
    return super.save(tx, changes);
  }
}
