import type { ProductRepository } from '@org/application';
import { type Product, type ProductTerms, product } from '@org/domain';
import { type Cell, type Cells, type ColumnType, type TableMapping, TableRepository } from './table-repository.js';

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

export class PostgresProductRepository extends TableRepository<Product> implements ProductRepository {
  constructor() {
    super(productTable);
  }
}
