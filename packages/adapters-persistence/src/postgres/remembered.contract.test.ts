import type { Change } from '@org/application';
import { type Order, type PlacedOrder, type Product, product } from '@org/domain';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';
import { AN_INSTANT } from './store.fixtures.js';

let database: TestDatabase;
/** As two processes would have them. */
let mine: ReturnType<typeof postgresAdapters>;
let other: ReturnType<typeof postgresAdapters>;
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 4 });
  [mine, other] = [postgresAdapters(database.dataSource), postgresAdapters(database.dataSource)];
});
afterAll(() => database.drop());

type Stores = typeof mine;

const lineOf = (lineId: string) => ({
  ...{ lineId, productId: 'mug', optionId: 'blue', categoryIds: ['cups'], unitPrice: 1_000, quantity: 1 },
  ...{ onSale: false, minimumUnitPrice: 0, discount: 0, net: 1_000 },
});
const anOrder = (currency: string, lines = 1): PlacedOrder => ({
  status: 'PENDING',
  facts: {
    ...{ userId: 'ann', currency, lines: Array.from({ length: lines }, (_, i) => lineOf(String(i))) },
    ...{ channel: null, segments: [], firstOrder: false, shipping: { gross: 0, discount: 0, net: 0 }, discounts: [] },
    ...{ pointsUsed: 0, total: 1_000 * lines, payment: 'NONE', fromCart: false, placedAt: AN_INSTANT },
    ...{ paymentDeadline: null, holdUntil: AN_INSTANT + 1 },
  },
  ...{ reason: null, refusals: [], steps: { STOCK: 'PENDING', COUPON: 'SKIPPED', POINTS: 'SKIPPED' }, pointHold: null },
  ...{ payments: [], paymentId: null, refundDue: 0, refunds: [], endedAt: null },
});
const placing = (id: string, state: Order): Change<Order> => ({ id, expectedVersion: 0, version: 1, state });
const place = (id: string, state: Order, { unitOfWork, orders }: Stores = mine) =>
  unitOfWork.run(tx => orders.save(tx, [placing(id, state)]));
const orderOf = async (id: string, { unitOfWork, orders }: Stores = mine) =>
  (await unitOfWork.run(tx => orders.load(tx, [id], { lock: true }))).get(id)?.state;

describe('an order that is remembered', () => {
  it.each([1, 10, 11])('is the same for who placed it and for everybody else, with %i lines', async lines => {
    const id = mine.ids.next();
    const order = anOrder('KRW', lines);
    await place(id, order);
    for (const stores of [mine, other, other]) expect(await orderOf(id, stores)).toEqual(order);
  });

  it('is not one that was taken back', async () => {
    const id = mine.ids.next();
    const failed = mine.unitOfWork.run(async tx => {
      await mine.orders.save(tx, [placing(id, anOrder('KRW'))]);
      throw new Error('planned');
    });
    await expect(failed).rejects.toThrow('planned');
    await place(id, anOrder('USD'), other);
    expect(await orderOf(id)).toEqual(anOrder('USD'));
  });

  it('is not one whose number was taken before', async () => {
    const id = mine.ids.next();
    await place(id, anOrder('KRW'), other);
    expect([...(await place(id, anOrder('USD')))]).toEqual([]);
    expect(await orderOf(id)).toEqual(anOrder('KRW'));
  });
});

const aProduct = (name: string): Product => ({
  status: 'LISTED',
  terms: { name, kind: 'GOODS', categoryIds: [], options: [] },
  createdAt: AN_INSTANT,
  updatedAt: AN_INSTANT,
});
const put = (id: string, version: number, name: string, { unitOfWork, products }: Stores = mine) =>
  unitOfWork.run(tx => products.save(tx, [{ id, expectedVersion: version - 1, version, state: aProduct(name) }]));
const nameOf = async (id: string, { unitOfWork, products }: Stores = mine) => {
  const state = (await unitOfWork.run(tx => products.load(tx, [id]))).get(id)?.state ?? product.initial;
  return state.status === 'NONE' ? null : state.terms.name;
};

describe('a product that is remembered', () => {
  it('is read again when anybody has changed it', async () => {
    await put('mug', 1, 'A mug');
    expect([await nameOf('mug'), await nameOf('mug')]).toEqual(['A mug', 'A mug']);
    await put('mug', 2, 'A cup', other);
    expect([await nameOf('mug'), await nameOf('mug')]).toEqual(['A cup', 'A cup']);
  });

  it('is not one that was taken back', async () => {
    await put('pen', 1, 'A pen');
    const failed = mine.unitOfWork.run(async tx => {
      await mine.products.save(tx, [{ id: 'pen', expectedVersion: 1, version: 2, state: aProduct('A pencil') }]);
      const seen = (await mine.products.load(tx, ['pen'])).get('pen')?.state;
      expect(seen).toEqual(aProduct('A pencil'));
      throw new Error('planned');
    });
    await expect(failed).rejects.toThrow('planned');
    await put('pen', 2, 'A brush', other);
    expect(await nameOf('pen')).toBe('A brush');
  });
});
