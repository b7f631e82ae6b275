import type { Instant, PricedCartLine, ProductTerms } from '@org/domain';

export interface ProductView {
  readonly productId: string;
  /** Number of the aggregate's state, for If-Match. */
  readonly revision: number;
  readonly terms: ProductTerms;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Units of one option; `free` null = any number. */
export interface StockView {
  readonly productId: string;
  readonly optionId: string;
  readonly free: number | null;
  readonly held: number;
  readonly sold: number;
  /** Number of the aggregate's state, for If-Match; 0 = nothing ever happened to it. */
  readonly revision: number;
}

/** A shopping cart with the prices of now. */
export interface CartView {
  readonly userId: string;
  readonly lines: readonly PricedCartLine[];
}

/**
 * Reading products, stock and shopping carts without loading aggregates. Figures are what the time of the store makes
 * of them: units of a hold that is over are free before any job writes it down.
 */
export interface CatalogueQueries {
  product(productId: string): Promise<ProductView | null>;
  /** Null when the catalogue has no such option. */
  stock(productId: string, optionId: string): Promise<StockView | null>;
  /** Empty for a user who has never put anything into it. */
  cart(userId: string): Promise<CartView>;
}
