/** Products, stock and carts as the document shows them; the tests send the requests among them. */

export const aProduct = {
  name: 'A mug',
  kind: 'GOODS',
  categoryIds: ['kitchen'],
  options: [
    {
      optionId: 'blue',
      price: { amount: 12000, currency: 'KRW' },
      minimumUnitPrice: 9000,
      onSale: false,
      lowStockAt: 5,
    },
  ],
};

export const aProductAnswer = {
  productId: 'mug',
  ...aProduct,
  createdAt: '2026-11-20T00:00:00.000Z',
  updatedAt: '2026-11-20T00:00:00.000Z',
};

export const aStockAnswer = { free: 95, held: 3, sold: 2 };

export const aCartItem = { productId: 'mug', optionId: 'blue', quantity: 2 };

export const aCartAnswer = {
  userId: 'user-1',
  items: [
    {
      ...aCartItem,
      name: 'A mug',
      unitPrice: { amount: 12000, currency: 'KRW' },
      onSale: false,
      gone: false,
      addedAt: '2026-11-21T01:00:00.000Z',
    },
  ],
  totals: [{ amount: 24000, currency: 'KRW' }],
};
