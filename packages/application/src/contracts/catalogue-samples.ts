import type { Product, ProductOption, ProductTerms, ShoppingCart, StockHold, StockItem } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { AggregateRepositoryFixture } from './aggregate-fixture.js';
import { AN_INSTANT } from './samples.js';

export const anOption = (optionId: string, changed: Partial<ProductOption> = {}): ProductOption => ({
  optionId,
  price: { amount: 12_000, currency: 'KRW' },
  minimumUnitPrice: 0,
  onSale: false,
  lowStockAt: null,
  ...changed,
});

export const productTerms = (changed: Partial<ProductTerms> = {}): ProductTerms => ({
  name: 'A mug',
  kind: 'GOODS',
  categoryIds: [],
  options: [anOption('blue')],
  ...changed,
});

export const listed = (terms: ProductTerms = productTerms(), at = AN_INSTANT): Product => ({
  status: 'LISTED',
  terms,
  createdAt: at,
  updatedAt: at + 1,
});

export const counted = (free: number, held = 0, sold = 0): StockItem => ({ status: 'COUNTED', free, held, sold });

export const aStockHold = (
  changed: Partial<Exclude<StockHold, { status: 'NONE' }>> = {},
): Exclude<StockHold, { status: 'NONE' }> => ({
  status: 'HELD',
  productId: 'mug',
  optionId: 'blue',
  orderNumber: 'order-1',
  quantity: 2,
  returns: [],
  expiresAt: AN_INSTANT + 600_001,
  endedAt: null,
  ...changed,
});

const longest = (start: string) => start.padEnd(64, 'x');

/** Fixture of `aggregateRepositoryContract` over products. */
export const productsAsAggregates = ({
  unitOfWork,
  products,
}: Pick<Adapters, 'unitOfWork' | 'products'>): AggregateRepositoryFixture<Product> => ({
  unitOfWork,
  repository: products,
  samples: {
    initial: { status: 'NONE' },
    id: index => longest(`Product:${index}.`),
    life: index => {
      const full = productTerms({
        name: '머그 "블루" 🎉 \\ {a,NULL}',
        kind: 'EBOOK',
        categoryIds: ['books', longest('category')],
        options: [
          anOption(longest('o'), { price: { amount: 9_000_000_000, currency: 'USD' }, minimumUnitPrice: index }),
          anOption('b', { onSale: true, lowStockAt: 5 }),
        ],
      });
      return [
        listed(productTerms(), AN_INSTANT + index),
        listed(full, AN_INSTANT + index),
        listed(productTerms({ options: [] }), AN_INSTANT + index),
      ];
    },
  },
});

/** Fixture of `aggregateRepositoryContract` over the figures of stock. */
export const stockAsAggregates = ({
  unitOfWork,
  stock,
}: Pick<Adapters, 'unitOfWork' | 'stock'>): AggregateRepositoryFixture<StockItem> => ({
  unitOfWork,
  repository: stock,
  samples: {
    initial: { status: 'UNCOUNTED', held: 0, sold: 0 },
    id: index => `${longest(`Product:${index}.`)}/${longest('Option')}`,
    life: index => [
      { status: 'UNCOUNTED', held: 1, sold: index },
      counted(0),
      counted(Number.MAX_SAFE_INTEGER, index, 3),
      { status: 'UNCOUNTED', held: 0, sold: 0 },
    ],
  },
});

/** Fixture of `aggregateRepositoryContract` over holds on stock. */
export const stockHoldsAsAggregates = ({
  unitOfWork,
  stockHolds,
}: Pick<Adapters, 'unitOfWork' | 'stockHolds'>): AggregateRepositoryFixture<StockHold> => ({
  unitOfWork,
  repository: stockHolds,
  samples: {
    initial: { status: 'NONE' },
    id: index => `order-${index}:${longest('line')}`,
    life: index => {
      const held = aStockHold({ productId: `p-${index}`, orderNumber: longest('O') });
      const endedAt = AN_INSTANT + 1;
      const returns = [
        { returnId: 'refund "1"', quantity: 1 },
        { returnId: longest('r'), quantity: 1 },
      ];
      return [
        held,
        { ...held, status: 'POSTED', endedAt },
        { ...held, status: 'POSTED', endedAt, returns },
        { ...held, status: 'VOIDED', endedAt },
        { ...held, status: 'EXPIRED', endedAt },
      ];
    },
  },
});

/** Fixture of `aggregateRepositoryContract` over shopping carts. */
export const cartsAsAggregates = ({
  unitOfWork,
  carts,
}: Pick<Adapters, 'unitOfWork' | 'carts'>): AggregateRepositoryFixture<ShoppingCart> => ({
  unitOfWork,
  repository: carts,
  samples: {
    initial: { status: 'EMPTY' },
    id: index => longest(`User:${index}.`),
    life: index => {
      const line = { productId: 'mug', optionId: 'blue', quantity: index + 1, addedAt: AN_INSTANT };
      const other = { productId: longest('P'), optionId: longest('o'), quantity: 10_000, addedAt: AN_INSTANT + 1 };
      return [
        { status: 'FILLED', lines: [line] },
        { status: 'FILLED', lines: [other, line] },
        { status: 'EMPTY' },
        { status: 'FILLED', lines: [other] },
      ];
    },
  },
});
