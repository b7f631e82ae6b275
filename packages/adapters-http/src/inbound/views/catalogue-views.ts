import type { CartView, ProductView, StockView } from '@org/application';
import { cartTotals } from '@org/domain';
import { utc } from '../instants.js';
import {
  about,
  amount,
  type Body,
  callerId,
  count,
  flag,
  instant,
  listOf,
  money,
  named,
  nullable,
  object,
  text,
  whole,
  word,
} from './shapes.js';

const option = object({
  optionId: callerId,
  price: money,
  minimumUnitPrice: about(amount, 'Minor units: no unit is sold below it.'),
  onSale: flag,
  lowStockAt: about(nullable(count), 'When what is free falls to it, an event tells; null = never.'),
});
export const product = named(
  'Product',
  object({
    productId: callerId,
    name: text,
    kind: word('GOODS', 'EBOOK'),
    categoryIds: listOf(callerId),
    options: about(listOf(named('ProductOption', option)), 'None = off sale.'),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export const productBody = ({ productId, terms, createdAt, updatedAt }: ProductView): Body<typeof product> => ({
  productId,
  ...terms,
  createdAt: utc(createdAt),
  updatedAt: utc(updatedAt),
});

export const stock = named(
  'Stock',
  object({
    free: about(nullable(count), 'Null = any number.'),
    held: about(count, 'For orders.'),
    sold: count,
  }),
);
export const stockBody = ({ free, held, sold }: StockView): Body<typeof stock> => ({ free, held, sold });

const item = object({
  ...{ productId: callerId, optionId: callerId, quantity: whole(1) },
  name: about(nullable(text), 'Null when the catalogue never had it.'),
  unitPrice: about(nullable(money), 'Of now; null when it is gone.'),
  onSale: flag,
  gone: about(flag, 'Whether the catalogue no longer has it: it cannot be ordered.'),
  addedAt: instant,
});
export const cart = named(
  'Cart',
  object({
    userId: callerId,
    items: listOf(named('CartItem', item)),
    totals: about(listOf(money), 'What comes to what is not gone, a sum per currency.'),
  }),
);
export const cartBody = ({ userId, lines }: CartView): Body<typeof cart> => ({
  userId,
  items: lines.map(({ productId, optionId, quantity, name, unitPrice, onSale, gone, addedAt }) => ({
    ...{ productId, optionId, quantity, name, unitPrice, onSale, gone },
    addedAt: utc(addedAt),
  })),
  totals: cartTotals(lines),
});
