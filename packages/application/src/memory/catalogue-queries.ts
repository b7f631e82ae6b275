import {
  cartLines,
  freeOf,
  isOverdue,
  optionOf,
  type Product,
  pricedCart,
  type StockHold,
  shoppingCart,
  stock,
  stockItemId,
} from '@org/domain';
import type { CartView, CatalogueQueries, ProductView, StockView } from '../ports/catalogue-queries.js';
import type { InMemoryCartRepository } from './cart-repository.js';
import type { ManualClock } from './manual-clock.js';
import type { InMemoryProductRepository } from './product-repository.js';
import type { InMemoryStockHoldRepository } from './stock-hold-repository.js';
import type { InMemoryStockRepository } from './stock-repository.js';

export interface CatalogueStores {
  readonly products: InMemoryProductRepository;
  readonly stock: InMemoryStockRepository;
  readonly stockHolds: InMemoryStockHoldRepository;
  readonly carts: InMemoryCartRepository;
  readonly clock: Pick<ManualClock, 'time'>;
}

/** Reads what the other in-memory adapters of the same store have committed. */
export class InMemoryCatalogueQueries implements CatalogueQueries {
  constructor(private readonly stores: CatalogueStores) {}

  async product(productId: string): Promise<ProductView | null> {
    const row = this.stores.products.rows.outside.get(productId);
    if (!row || row.state.status === 'NONE') return null;
    const { status: _, ...facts } = row.state;
    return { productId, revision: row.version, ...facts };
  }

  async stock(productId: string, optionId: string): Promise<StockView | null> {
    const product = this.productOf(productId);
    if (product.status === 'NONE' || !optionOf(product, optionId)) return null;
    const row = this.stores.stock.rows.outside.get(stockItemId(productId, optionId));
    const item = row?.state ?? stock.initial;
    const isOver = (hold: StockHold) =>
      isOverdue(hold, this.stores.clock.time) &&
      hold.status !== 'NONE' &&
      hold.productId === productId &&
      hold.optionId === optionId;
    const over = this.stores.stockHolds.rows.outside
      .entries()
      .reduce((sum, [, { state }]) => sum + (isOver(state) && state.status !== 'NONE' ? state.quantity : 0), 0);
    const free = freeOf(item, product.terms);
    return {
      productId,
      optionId,
      free: item.status === 'COUNTED' ? item.free + over : free,
      held: item.held - over,
      sold: item.sold,
      revision: row?.version ?? 0,
    };
  }

  async cart(userId: string): Promise<CartView> {
    const cart = this.stores.carts.rows.outside.get(userId)?.state ?? shoppingCart.initial;
    return { userId, lines: pricedCart(cartLines(cart), id => this.productOf(id)) };
  }

  private productOf(productId: string): Product {
    return this.stores.products.rows.outside.get(productId)?.state ?? { status: 'NONE' };
  }
}
