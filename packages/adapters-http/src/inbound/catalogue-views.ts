import type { CartView, ProductView, StockView } from '@org/application';
import { cartTotals } from '@org/domain';
import { utc } from './instants.js';

export const productBody = ({ productId, terms, createdAt, updatedAt }: ProductView) => ({
  productId,
  ...terms,
  createdAt: utc(createdAt),
  updatedAt: utc(updatedAt),
});

/** `free` null = any number. */
export const stockBody = ({ free, held, sold }: StockView) => ({ free, held, sold });

export const cartBody = ({ userId, lines }: CartView) => ({
  userId,
  items: lines.map(({ productId, optionId, quantity, name, unitPrice, onSale, gone, addedAt }) => ({
    ...{ productId, optionId, quantity, name, unitPrice, onSale, gone },
    addedAt: utc(addedAt),
  })),
  totals: cartTotals(lines),
});
