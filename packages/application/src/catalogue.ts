import type { Adapters } from './adapters.js';
import type { StockView } from './ports/catalogue-queries.js';
import { type Door, door } from './use-case.js';
import { type CartInput, type ChangedCart, changeCarts } from './use-cases/cart/change-carts.js';
import { type ProductInput, type PutProduct, putProducts } from './use-cases/catalogue/put-products.js';
import { type CountStockInput, countStock } from './use-cases/stock/count-stock.js';
import {
  type EndStockHoldInput,
  endStockHolds,
  type ReturnStockInput,
  returnStock,
} from './use-cases/stock/end-stock-holds.js';
import { expireStockHolds } from './use-cases/stock/expire-stock-holds.js';
import { type HeldStock, type HoldStockInput, holdStock, type StoredStockHold } from './use-cases/stock/hold-stock.js';

/** Products, their stock and the carts that they are put into, behind their front doors. */
export interface Catalogue {
  readonly putProduct: Door<ProductInput, PutProduct>;
  readonly countStock: Door<CountStockInput, StockView>;
  readonly holdStock: Door<HoldStockInput, HeldStock>;
  readonly endStockHold: Door<EndStockHoldInput, StoredStockHold>;
  readonly returnStock: Door<ReturnStockInput, StoredStockHold>;
  readonly changeCart: Door<CartInput, ChangedCart>;
  readonly expireStockHolds: ReturnType<typeof expireStockHolds>;
}

/** Inputs about different rows share a batch; two batches at a time keep the disk and the processor busy. */
const together = { together: true, maxBatch: 500, concurrency: 2 } as const;

export const createCatalogue = (adapters: Adapters): Catalogue => ({
  putProduct: door(adapters, putProducts(adapters), together),
  countStock: door(adapters, countStock(adapters), together),
  holdStock: door(adapters, holdStock(adapters), together),
  endStockHold: door(adapters, endStockHolds(adapters), together),
  returnStock: door(adapters, returnStock(adapters), together),
  changeCart: door(adapters, changeCarts(adapters), together),
  expireStockHolds: expireStockHolds(adapters),
});
