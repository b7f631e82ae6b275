import { counter, liesAbout, lying } from './lie.fixtures.js';

export const liesAboutCatalogue = [
  ...liesAbout('StockRepository and StockHoldRepository', {
    'lets figures fall below zero': {
      tell: ({ stock }) => ({
        stock: lying(stock, {
          save: (tx, changes) =>
            stock.save(
              tx,
              changes.map(change => ({
                ...change,
                state: { status: 'COUNTED', free: Math.abs(change.state.held), held: 0, sold: 0 },
              })),
            ),
        }),
      }),
      caughtBy: ['throws when a figure would fall below zero, and writes nothing of that transaction'],
    },
    'takes any hold': {
      tell: ({ stockHolds }) => ({
        stockHolds: lying(stockHolds, { save: async (_, changes) => new Set(changes.map(({ id }) => id)) }),
      }),
      caughtBy: ['throws for a hold of nothing, and for more units that come back than were sold'],
    },
    'ignores the limit': {
      tell: ({ stockHolds }) => ({
        stockHolds: lying(stockHolds, { overdueOf: (tx, itemIds) => stockHolds.overdueOf(tx, itemIds, null) }),
      }),
      caughtBy: ['answers the earliest first, and no more than the limit'],
    },
    'ends holds that still have time': {
      tell: ({ stockHolds }) => ({
        stockHolds: lying(stockHolds, {
          async overdueOf(tx, itemIds) {
            const all = await stockHolds.load(
              tx,
              itemIds.flatMap(id => [0, 1, 2].map(n => `hold-${id.split('/')[1]}-${n}`)),
            );
            return new Map([...all].filter(([, { state }]) => state.status === 'HELD'));
          },
        }),
      }),
      caughtBy: ['finds the items of holds that the time has ended, each once, and of none that still has time'],
    },
    'waits for who is at an item': {
      tell: ({ stock }) => ({
        stock: lying(stock, {
          async lockOverdue(tx, limit) {
            const due = await stock.lockOverdue(tx, limit);
            return stock.load(tx, [...new Set([...due.keys(), 'mug/blue'])], { lock: true });
          },
        }),
      }),
      caughtBy: ['skips items that somebody else is at, without waiting'],
    },
    'answers another version than the stored one': {
      tell: ({ stockHolds }) => {
        const next = counter();
        return {
          stockHolds: lying(stockHolds, {
            async overdueOf(tx, itemIds, limit) {
              const due = await stockHolds.overdueOf(tx, itemIds, limit);
              return new Map([...due].map(([id, { state }]) => [id, { version: next(), state }]));
            },
          }),
        };
      },
      caughtBy: ['answers the state and version that the change of it needs'],
    },
    'never finds what a failed transaction had locked': {
      tell: ({ stock }) => {
        const seen = new Set<string>();
        return {
          stock: lying(stock, {
            async lockOverdue(tx, limit) {
              const due = [...(await stock.lockOverdue(tx, limit))].filter(([id]) => !seen.has(id));
              for (const [id] of due) seen.add(id);
              return new Map(due);
            },
          }),
        };
      },
      caughtBy: ['finds again what a failed transaction had locked'],
    },
  }),
  ...liesAbout('CatalogueQueries', {
    'tells a product without regard to case': {
      tell: ({ catalogueQueries }) => ({
        catalogueQueries: lying(catalogueQueries, { product: id => catalogueQueries.product(id.toLowerCase()) }),
      }),
      caughtBy: ['tells a product with the number of its state, and nothing of one that is not there'],
    },
    'counts every hold as live': {
      tell: ({ catalogueQueries, stock }) => ({
        catalogueQueries: lying(catalogueQueries, {
          async stock(productId, optionId) {
            const view = await catalogueQueries.stock(productId, optionId);
            const row = stock.rows.outside.get(`${productId}/${optionId}`);
            return view && row?.state.status === 'COUNTED'
              ? { ...view, free: row.state.free, held: row.state.held }
              : view;
          },
        }),
      }),
      caughtBy: ['counts units of a hold that is over as free, before anybody has written it down'],
    },
    'takes an uncounted e-book for sold out': {
      tell: ({ catalogueQueries }) => ({
        catalogueQueries: lying(catalogueQueries, {
          async stock(productId, optionId) {
            const view = await catalogueQueries.stock(productId, optionId);
            return view && { ...view, free: view.free ?? 0 };
          },
        }),
      }),
      caughtBy: ['tells the stock of goods that nobody has counted as none, and of an e-book as any number'],
    },
    'shows the price at which a line was added': {
      tell: ({ catalogueQueries }) => ({
        catalogueQueries: lying(catalogueQueries, {
          async cart(userId) {
            const cart = await catalogueQueries.cart(userId);
            const unitPrice = { amount: 11_000, currency: 'KRW' };
            return { ...cart, lines: cart.lines.map(line => ({ ...line, unitPrice })) };
          },
        }),
      }),
      caughtBy: ['shows the lines of a cart in their order, with the prices of now, and which are gone'],
    },
    'hides the lines that are gone': {
      tell: ({ catalogueQueries }) => ({
        catalogueQueries: lying(catalogueQueries, {
          async cart(userId) {
            const cart = await catalogueQueries.cart(userId);
            return { ...cart, lines: cart.lines.filter(({ gone }) => !gone) };
          },
        }),
      }),
      caughtBy: ['shows the lines of a cart in their order, with the prices of now, and which are gone'],
    },
    'tells no cart of a user who has none': {
      tell: ({ catalogueQueries }) => ({
        catalogueQueries: lying(catalogueQueries, {
          async cart(userId) {
            const cart = await catalogueQueries.cart(userId);
            if (cart.lines.length === 0) throw new Error('no cart');
            return cart;
          },
        }),
      }),
      caughtBy: ['shows an empty cart for a user who has none'],
    },
  }),
];
