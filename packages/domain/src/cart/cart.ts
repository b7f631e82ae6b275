import type { Instant } from '../time.js';

/** One line of a cart. Amounts are minor units of the cart's currency. */
export interface CartLine {
  readonly lineId: string;
  readonly productId: string;
  readonly categoryIds: readonly string[];
  readonly unitPrice: number;
  readonly quantity: number;
  readonly onSale: boolean;
  /** The floor: no unit is sold below it. */
  readonly minimumUnitPrice: number;
}

export interface Cart {
  readonly currency: string;
  readonly lines: readonly CartLine[];
  readonly shipping: number;
  readonly channel: string | null;
  readonly segments: readonly string[];
  readonly firstOrder: boolean;
  readonly at: Instant;
}
