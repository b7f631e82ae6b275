import type { StockRepository, Transaction, Versioned } from '@org/application';
import { type StockItem, stock } from '@org/domain';
import { rowsOf, statement } from './statement.js';
import { type Cells, selection, type TableMapping, TableRepository } from './table-repository.js';

type Row = Cells & { readonly id: string; readonly version: number };

const stockTable: TableMapping<StockItem> = {
  table: 'stock_items',
  idType: 'text',
  initial: stock.initial,
  columns: [
    { name: 'status', type: 'text', of: item => item.status },
    { name: 'free', type: 'money', of: item => (item.status === 'COUNTED' ? item.free : null) },
    { name: 'held', type: 'money', of: item => item.held },
    { name: 'sold', type: 'money', of: item => item.sold },
  ],
  fromRow({ status, free, held, sold }) {
    const figures = { held: held as number, sold: sold as number };
    return status === 'COUNTED' ? { status, free: free as number, ...figures } : { status: 'UNCOUNTED', ...figures };
  },
};

const selected = ['c.id', 'c.version', ...selection(stockTable.columns, 'c')].join(', ');

// The order of the ids is that in which everybody locks.
const overdue = statement(
  'stock_items.lockOverdue',
  `with due as materialized (
     select distinct h.item_id from (select item_id from stock_holds
       where status = 'HELD' and expires_at <= statement_timestamp() order by expires_at limit $1::int) h
     order by h.item_id)
   select l.* from due cross join lateral (
     select ${selected} from stock_items c where c.id = due.item_id limit 1 for no key update skip locked) l`,
);

export class PostgresStockRepository extends TableRepository<StockItem> implements StockRepository {
  constructor() {
    super(stockTable);
  }

  async lockOverdue(tx: Transaction, limit: number): Promise<Map<string, Versioned<StockItem>>> {
    return this.versioned(await rowsOf<Row>(tx, overdue, [limit]));
  }
}
