import { stockItemId } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { Change } from '../ports/aggregate-repository.js';
import { anOption, aStockHold, counted, listed, productTerms } from './catalogue-samples.js';
import { rolledBack } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';
import { AN_INSTANT, born } from './samples.js';

export type CatalogueQueriesFixture = Pick<
  Adapters,
  'unitOfWork' | 'products' | 'stock' | 'stockHolds' | 'carts' | 'catalogueQueries' | 'clock'
>;
type Fixture = CatalogueQueriesFixture;

const blue = stockItemId('mug', 'blue');
const mug = listed(productTerms({ options: [anOption('blue'), anOption('red', { onSale: true })] }));
const book = listed(productTerms({ name: 'A book', kind: 'EBOOK', options: [anOption('epub')] }));

const list = ({ unitOfWork, products }: Fixture, entries: Readonly<Record<string, typeof mug>>, version = 0) =>
  unitOfWork.run(tx =>
    products.save(
      tx,
      Object.entries(entries).map(
        ([id, state]): Change<typeof mug> => ({
          ...{ id, state },
          ...{ expectedVersion: version, version: version + 1 },
        }),
      ),
    ),
  );

const line = (productId: string, optionId: string, quantity: number) => ({
  ...{ productId, optionId, quantity },
  addedAt: AN_INSTANT,
});

export const catalogueQueriesContract = contract<Fixture>('CatalogueQueries', {
  async 'gets a store of its own for every case'(fixture, another) {
    await list(fixture, { mug });
    sameData(await (await another()).catalogueQueries.product('mug'), null);
  },
  async 'tells a product with the number of its state, and nothing of one that is not there'(fixture) {
    await list(fixture, { mug });
    await list(fixture, { mug: book }, 1);
    const { status: _, ...facts } = book as Exclude<typeof book, { status: 'NONE' }>;
    sameData(await fixture.catalogueQueries.product('mug'), { productId: 'mug', revision: 2, ...facts });
    sameData(await fixture.catalogueQueries.product('Mug'), null);
  },
  async 'tells nothing that may still be taken back'(fixture) {
    const { unitOfWork, products, catalogueQueries } = fixture;
    await rolledBack(
      unitOfWork,
      tx => products.save(tx, [born('mug', mug)]),
      async () => sameData(await catalogueQueries.product('mug'), null),
    );
    sameData(await catalogueQueries.product('mug'), null);
  },
  async 'tells the stock of goods that nobody has counted as none, and of an e-book as any number'(fixture) {
    await list(fixture, { mug, book });
    const nothing = { held: 0, sold: 0, revision: 0 };
    const { catalogueQueries } = fixture;
    sameData(await catalogueQueries.stock('mug', 'red'), { productId: 'mug', optionId: 'red', free: 0, ...nothing });
    const epub = { productId: 'book', optionId: 'epub' };
    sameData(await catalogueQueries.stock('book', 'epub'), { ...epub, free: null, ...nothing });
  },
  async 'tells no stock of an option that the catalogue does not have'(fixture) {
    const { unitOfWork, stock, catalogueQueries } = fixture;
    await list(fixture, { mug });
    await unitOfWork.run(tx => stock.save(tx, [born(stockItemId('mug', 'gone'), counted(5))]));
    sameData(await catalogueQueries.stock('mug', 'gone'), null);
    sameData(await catalogueQueries.stock('cup', 'blue'), null);
  },
  async 'counts units of a hold that is over as free, before anybody has written it down'(fixture) {
    const { unitOfWork, stock, stockHolds, clock, catalogueQueries } = fixture;
    await list(fixture, { mug });
    await unitOfWork.run(async tx => {
      const now = await clock.now(tx);
      await stock.save(tx, [{ id: blue, expectedVersion: 0, version: 7, state: counted(3, 9, 4) }]);
      await stockHolds.save(tx, [
        born('over', aStockHold({ quantity: 2, expiresAt: now - 1 })),
        born('also-over', aStockHold({ quantity: 4, expiresAt: now - 60_000 })),
        born('live', aStockHold({ quantity: 3, expiresAt: now + 600_000 })),
        born('posted', aStockHold({ quantity: 4, status: 'POSTED', expiresAt: now - 1, endedAt: now - 2 })),
        born('elsewhere', aStockHold({ optionId: 'red', quantity: 9, expiresAt: now - 1 })),
      ]);
    });
    const expected = { productId: 'mug', optionId: 'blue', free: 9, held: 3, sold: 4, revision: 7 };
    sameData(await catalogueQueries.stock('mug', 'blue'), expected);
  },
  async 'shows an empty cart for a user who has none'(fixture) {
    sameData(await fixture.catalogueQueries.cart('ann'), { userId: 'ann', lines: [] });
  },
  async 'shows the lines of a cart in their order, with the prices of now, and which are gone'(fixture) {
    const { unitOfWork, carts, catalogueQueries } = fixture;
    await list(fixture, { mug, book });
    const lines = [line('mug', 'red', 2), line('mug', 'old', 1), line('cup', 'x', 1), line('book', 'epub', 1)];
    await unitOfWork.run(tx =>
      carts.save(tx, [
        born('ann', { status: 'FILLED', lines }),
        born('bob', { status: 'FILLED', lines: [line('mug', 'blue', 9)] }),
      ]),
    );
    await list(fixture, { mug: listed(productTerms({ name: 'A cup', options: [anOption('red')] })) }, 1);
    const price = { amount: 12_000, currency: 'KRW' };
    const gone = { gone: true, unitPrice: null, onSale: false };
    sameData(await catalogueQueries.cart('ann'), {
      userId: 'ann',
      lines: [
        { ...line('mug', 'red', 2), gone: false, name: 'A cup', unitPrice: price, onSale: false },
        { ...line('mug', 'old', 1), ...gone, name: 'A cup' },
        { ...line('cup', 'x', 1), ...gone, name: null },
        { ...line('book', 'epub', 1), gone: false, name: 'A book', unitPrice: price, onSale: false },
      ],
    });
  },
});
