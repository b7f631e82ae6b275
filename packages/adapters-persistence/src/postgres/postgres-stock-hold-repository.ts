import type { StockHoldRepository, Transaction, Versioned } from '@org/application';
import { returnedOf, type StockHold } from '@org/domain';
import { rowsOf, statement } from './statement.js';
import {
  type Cell,
  type Cells,
  type ColumnType,
  selection,
  type TableMapping,
  TableRepository,
} from './table-repository.js';
import { textArray } from './values.js';

type Held = Exclude<StockHold, { status: 'NONE' }>;
type Row = Cells & { readonly id: string; readonly version: number };

const cell = (name: string, type: ColumnType, of: (held: Held) => Cell, fixed = false) => ({
  name,
  type,
  fixed,
  of: (state: StockHold) => (state.status === 'NONE' ? null : of(state)),
});

const holdTable: TableMapping<StockHold> = {
  table: 'stock_holds',
  idType: 'text',
  initial: { status: 'NONE' },
  columns: [
    cell('product_id', 'text', held => held.productId, true),
    cell('option_id', 'text', held => held.optionId, true),
    cell('order_number', 'text', held => held.orderNumber, true),
    cell('quantity', 'int', held => held.quantity, true),
    cell('expires_at', 'instant', held => held.expiresAt, true),
    cell('status', 'text', held => held.status),
    cell('returned', 'int', returnedOf),
    cell('returns', 'json', held => JSON.stringify(held.returns)),
    cell('ended_at', 'instant', held => held.endedAt),
  ],
  fromRow: row =>
    ({
      status: row.status,
      productId: row.product_id,
      optionId: row.option_id,
      orderNumber: row.order_number,
      quantity: row.quantity,
      returns: row.returns as unknown as Held['returns'],
      expiresAt: row.expires_at,
      endedAt: row.ended_at,
    }) as Held,
};

const selected = ['c.id', 'c.version', ...selection(holdTable.columns, 'c')].join(', ');

const overdueOf = statement(
  'stock_holds.overdueOf',
  `select l.* from unnest($1::text[]) as u(item_id) cross join lateral (
     select ${selected}, c.expires_at as due from stock_holds c
     where c.item_id = u.item_id and c.status = 'HELD' and c.expires_at <= statement_timestamp()
     order by c.expires_at limit $2::int) l
   order by l.due, l.id limit $2::int`,
);

export class PostgresStockHoldRepository extends TableRepository<StockHold> implements StockHoldRepository {
  constructor() {
    super(holdTable);
  }

  async overdueOf(
    tx: Transaction,
    itemIds: readonly string[],
    limit: number | null,
  ): Promise<Map<string, Versioned<StockHold>>> {
    if (itemIds.length === 0) return new Map();
    return this.versioned(await rowsOf<Row>(tx, overdueOf, [textArray([...new Set(itemIds)]), limit]));
  }
}
