import { optionOf, type Product } from '../catalogue/product.js';
import type { Money } from '../money.js';
import type { ShoppingCartLine } from './shopping-cart.js';

/** A line of a shopping cart with what it costs now. */
export interface PricedCartLine extends ShoppingCartLine {
  /** Whether the catalogue no longer has the option, or the whole product: it can't be ordered. */
  readonly gone: boolean;
  /** Of the product; null when the catalogue never had it. */
  readonly name: string | null;
  /** Null when it is gone. */
  readonly unitPrice: Money | null;
  readonly onSale: boolean;
}

/** The lines with the prices of now; `productOf` answers the catalogue's entry. */
export const pricedCart = (
  lines: readonly ShoppingCartLine[],
  productOf: (productId: string) => Product,
): readonly PricedCartLine[] =>
  lines.map(line => {
    const product = productOf(line.productId);
    const option = optionOf(product, line.optionId);
    return {
      ...line,
      gone: option === undefined,
      name: product.status === 'NONE' ? null : product.terms.name,
      unitPrice: option?.price ?? null,
      onSale: option?.onSale ?? false,
    };
  });

/** What the lines that are not gone come to, one sum per currency, in the order in which the currencies appear. */
export function cartTotals(lines: readonly PricedCartLine[]): readonly Money[] {
  const sums = new Map<string, number>();
  for (const { unitPrice, quantity } of lines)
    if (unitPrice) sums.set(unitPrice.currency, (sums.get(unitPrice.currency) ?? 0) + unitPrice.amount * quantity);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
