import type { CartView, CatalogueQueries, ProductView, StockView } from '@org/application';
import { freeOf, type Product, type ProductKind, pricedCart, type ShoppingCartLine } from '@org/domain';
import type { DataSource } from 'typeorm';
import { productOf, productTable } from './postgres-product-repository.js';
import { read, statement } from './statement.js';
import { type Cells, selection } from './table-repository.js';

const selected = ['c.id', 'c.version', ...selection(productTable.columns, 'c')].join(', ');

const sql = {
  product: statement('queries.product', `select ${selected} from products c where c.id = $1::text`),
  // An item that nothing ever happened to has no row. Units of holds that are over are free, written down or not.
  stock: statement(
    'queries.stock',
    `select p.kind, s.version, s.free, s.held, s.sold,
       (select coalesce(sum(h.quantity), 0)::bigint from stock_holds h
        where h.item_id = i.id and h.status = 'HELD' and h.expires_at <= statement_timestamp()) as over
     from (select $1::text || '/' || $2::text as id) i
     join products p on p.id = $1::text
     left join lateral (select version, free, held, sold from stock_items c where c.id = i.id limit 1) s on true
     where exists (select from jsonb_array_elements(p.options) o where o ->> 'optionId' = $2::text)`,
  ),
  // A row per line, each with the product that it is of now.
  cart: statement(
    'queries.cart',
    `select l.line, p.* from carts b
     cross join lateral jsonb_array_elements(b.lines) with ordinality l(line, place)
     left join lateral (select ${selected} from products c where c.id = l.line ->> 'productId' limit 1) p on true
     where b.id = $1::text order by l.place`,
  ),
};

type ProductRow = Cells & { readonly id: string; readonly version: number };
type CartRow = Cells & { readonly id: string | null };

interface StockRow extends Record<string, unknown> {
  readonly kind: ProductKind;
  readonly version: number | null;
  readonly free: number | null;
  readonly held: number | null;
  readonly sold: number | null;
  readonly over: number;
}

export class PostgresCatalogueQueries implements CatalogueQueries {
  constructor(private readonly dataSource: DataSource) {}

  async product(productId: string): Promise<ProductView | null> {
    const [row] = await read<ProductRow>(this.dataSource, sql.product, [productId]);
    if (!row) return null;
    const { status: _, ...facts } = productOf(row);
    return { productId, revision: row.version, ...facts };
  }

  async stock(productId: string, optionId: string): Promise<StockView | null> {
    const [row] = await read<StockRow>(this.dataSource, sql.stock, [productId, optionId]);
    if (!row) return null;
    const { kind, version, free, held, sold, over } = row;
    return {
      productId,
      optionId,
      free: free === null ? freeOf({ status: 'UNCOUNTED', held: 0, sold: 0 }, { kind }) : free + over,
      held: (held ?? 0) - over,
      sold: sold ?? 0,
      revision: version ?? 0,
    };
  }

  async cart(userId: string): Promise<CartView> {
    const rows = await read<CartRow>(this.dataSource, sql.cart, [userId]);
    const lines = rows.map(({ line }) => line as unknown as ShoppingCartLine);
    const products = new Map(rows.map((row, i): [string, Product] => [lines[i]?.productId ?? '', productIn(row)]));
    return { userId, lines: pricedCart(lines, id => products.get(id) ?? { status: 'NONE' }) };
  }
}

const productIn = (row: CartRow): Product => (row.id === null ? { status: 'NONE' } : productOf(row));
