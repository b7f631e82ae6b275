import { setTimeout as sleep } from 'node:timers/promises';
import { type Adapters, type Catalogue, createCatalogue, door, holdStock, type Outcome } from '@org/application';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';

const origin = { actor: 'test', traceparent: null };
let database: TestDatabase;
let stores: Adapters;
/** Two of them, as two processes would have. */
let shops: readonly [Catalogue, Catalogue];
let catalogue: Catalogue;

beforeAll(async () => {
  // Clients that queue up for one row wait for a connection as long as it takes: how long is the machine's business.
  database = await createTestDatabase({ poolSize: 10, acquireTimeoutMs: 60_000 });
  stores = postgresAdapters(database.dataSource);
  shops = [createCatalogue(stores), createCatalogue(stores)];
  catalogue = shops[0];
});
afterAll(() => database.drop());

type Door<Input, Value> = (item: {
  readonly input: Input;
}) => Promise<{ readonly kind: string; readonly result?: Outcome<Value> }>;
async function through<Input, Value>(door: Door<Input, Value>, input: Input): Promise<Outcome<Value>> {
  const { result } = await door({ input });
  if (!result) throw new Error('no result');
  return result;
}
const no = (outcome: Outcome<unknown>) => (outcome.accepted ? null : outcome.refusal.code);
const tally = (outcomes: readonly Outcome<unknown>[]) => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[no(outcome) ?? 'DONE'] = (counts[no(outcome) ?? 'DONE'] ?? 0) + 1;
  return counts;
};

let products = 0;
/** A product of its own with so many free of each option; null = nobody counted. */
async function aProduct(
  free: Readonly<Record<string, number | null>>,
  kind: 'GOODS' | 'EBOOK' = 'GOODS',
  lowStockAt = 1,
) {
  products += 1;
  const productId = `p${products}`;
  const options = Object.keys(free).map(optionId => ({ optionId, price: { amount: 1, currency: 'KRW' }, lowStockAt }));
  const draft = { name: 'A thing', kind, options };
  await through(catalogue.putProduct, { productId, draft, expectedRevision: null, origin });
  for (const [optionId, quantity] of Object.entries(free))
    if (quantity !== null)
      await through(catalogue.countStock, {
        ...{ productId, optionId, quantity, origin },
        ...({ change: 'SetFree', expectedRevision: null } as const),
      });
  return productId;
}
const hold = (productId: string, holdId: string, more: object = {}, shop = catalogue) =>
  through(shop.holdStock, {
    ...{ productId, optionId: 'a', holdId, orderNumber: 'order-1', quantity: 1, ttlSeconds: 600, origin },
    ...more,
  });
const end = (kind: 'Post' | 'Void', holdId: string, shop = catalogue) =>
  through(shop.endStockHold, { holdId, end: kind, origin });
const giveBack = (holdId: string, returnId: string, quantity: number, shop = catalogue) =>
  through(shop.returnStock, { holdId, returnId, quantity, origin });
const figures = async (productId: string, optionId = 'a') => {
  const view = await stores.catalogueQueries.stock(productId, optionId);
  return view && [view.free, view.held, view.sold];
};
const many = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The figures of every item against the sum of its holds, and of what its events say. */
async function expectBooksToBalance() {
  const wrong = await database.dataSource.query(
    `select s.id from stock_items s left join (
       select item_id, sum(quantity) filter (where status = 'HELD') as held,
         sum(quantity - returned) filter (where status = 'POSTED') as sold
       from stock_holds group by item_id) h on h.item_id = s.id
     where s.held <> coalesce(h.held, 0) or s.sold <> coalesce(h.sold, 0) or s.free < 0`,
  );
  expect(wrong).toEqual([]);
  const versions = await database.dataSource.query(
    `select s.id from stock_items s left join (
       select stream_id, count(*) as events from events group by stream_id) e on e.stream_id = 'stock/' || s.id
     where s.version is distinct from e.events`,
  );
  expect(versions).toEqual([]);
}
afterEach(expectBooksToBalance);

describe('stock on Postgres', () => {
  it('gives the last three to three of five hundred clients of two processes, and is never below zero', async () => {
    const productId = await aProduct({ a: 3 });
    const outcomes = await Promise.all(many(500).map(i => hold(productId, `last-${i}`, {}, shops[i % 2])));
    expect(tally(outcomes)).toEqual({ DONE: 3, OUT_OF_STOCK: 497 });
    expect(await figures(productId)).toEqual([0, 3, 0]);
  });

  it.each([
    [500, 3],
    [150, 120],
  ])('serves %i clients of %i units who come one transaction each: none has to come again', async (clients, units) => {
    const productId = await aProduct({ a: units });
    const alone = { ...catalogue, holdStock: door(stores, holdStock(stores), { together: false }) };
    const outcomes = await Promise.all(many(clients).map(i => hold(productId, `alone-${units}-${i}`, {}, alone)));
    expect(tally(outcomes)).toEqual({ DONE: units, OUT_OF_STOCK: clients - units });
    expect(await figures(productId)).toEqual([0, units, 0]);
  });

  it('holds many lines of many orders that lock the same options in different orders', async () => {
    const productId = await aProduct({ a: 100, b: 100, c: 100 });
    const options = ['a', 'b', 'c'];
    const wishes = many(450).map(i => ({
      holdId: `mixed-${i}`,
      optionId: options[(i * 7) % 3],
      orderNumber: `o-${i}`,
    }));
    const outcomes = await Promise.all(
      wishes.map(({ holdId, ...more }, i) => hold(productId, holdId, more, shops[i % 2])),
    );
    expect(tally(outcomes)).toEqual({ DONE: 300, OUT_OF_STOCK: 150 });
    for (const optionId of options) expect(await figures(productId, optionId)).toEqual([0, 100, 0]);
  });

  it('resolves each hold once, whoever comes first', async () => {
    const productId = await aProduct({ a: 50 });
    const ids = many(50).map(i => `race-${i}`);
    await Promise.all(ids.map(id => hold(productId, id)));
    const ends = await Promise.all(
      ids.flatMap(id => [end('Post', id, shops[0]), end('Void', id, shops[1]), end('Post', id, shops[1])]),
    );
    expect(ends.every(outcome => [null, 'STOCK_HOLD_NOT_ACTIVE'].includes(no(outcome)))).toBe(true);
    const [free = 0, held, sold = 0] = (await figures(productId)) ?? [];
    expect([Number(free) + Number(sold), held]).toEqual([50, 0]);
  });

  it('answers one key with one hold, however many send it at the same time', async () => {
    const productId = await aProduct({ a: 50 });
    const outcomes = await Promise.all(many(40).map(i => hold(productId, 'same-key', { quantity: 2 }, shops[i % 2])));
    const created = outcomes.filter(outcome => outcome.accepted && outcome.value.created);
    expect([tally(outcomes), created.length]).toEqual([{ DONE: 40 }, 1]);
    expect(await figures(productId)).toEqual([48, 2, 0]);
  });

  it('refuses a key that another option has, also at the same time', async () => {
    const productId = await aProduct({ a: 5, b: 5 });
    const outcomes = await Promise.all(
      many(10).map(i => hold(productId, 'two-options', { optionId: i % 2 ? 'a' : 'b' }, shops[i % 2])),
    );
    expect(tally(outcomes)).toEqual({ DONE: 5, STOCK_HOLD_ID_REUSED: 5 });
  });

  it('lets e-books that nobody counted be held without end, also the first by many at once', async () => {
    const productId = await aProduct({ a: null }, 'EBOOK');
    const outcomes = await Promise.all(
      many(60).map(i => hold(productId, `ebook-${i}`, { quantity: 100 }, shops[i % 2])),
    );
    expect(tally(outcomes)).toEqual({ DONE: 60 });
    expect(await figures(productId)).toEqual([null, 6_000, 0]);
  });

  it('rule 13: A refund restocks (sold falls, free rises), each return once, never more than was sold', async () => {
    const productId = await aProduct({ a: 10 });
    await hold(productId, 'refunded', { quantity: 5 });
    await end('Post', 'refunded');
    const outcomes = await Promise.all(many(20).map(i => giveBack('refunded', `refund-${i % 4}`, 2, shops[i % 2])));
    expect(tally(outcomes)).toEqual({ DONE: 10, QUANTITY_NOT_RETURNABLE: 10 });
    expect(await figures(productId)).toEqual([9, 0, 1]);
  });

  it('raises low stock once, although two hundred take at the same time', async () => {
    const productId = await aProduct({ a: 200 }, 'GOODS', 20);
    await Promise.all(many(200).map(i => hold(productId, `low-${i}`, {}, shops[i % 2])));
    const [{ told }] = await database.dataSource.query(
      `select count(*)::int as told from events where type = 'stock.low.v1' and stream_id = $1`,
      [`stock/${productId}/a`],
    );
    expect(told).toBe(1);
  });
});

describe('holds that are over', () => {
  const overdue = async (productId: string, prefix: string, count: number) => {
    await Promise.all(many(count).map(i => hold(productId, `${prefix}-${i}`, { ttlSeconds: 1 })));
    await sleep(1_050);
  };

  it('are over by the time of the database: their units refuse nobody, and they can no longer be posted', async () => {
    const productId = await aProduct({ a: 3 });
    await overdue(productId, 'late', 3);
    expect(await figures(productId)).toEqual([3, 0, 0]);
    expect(no(await hold(productId, 'next', { quantity: 3 }))).toBeNull();
    expect(no(await end('Post', 'late-0'))).toBe('STOCK_HOLD_EXPIRED');
    expect(no(await end('Void', 'late-1'))).toBeNull();
    expect(await figures(productId)).toEqual([0, 3, 0]);
  });

  it('are written down once by two sweepers, in batches, while others post', async () => {
    const productId = await aProduct({ a: 300, b: 50 });
    await Promise.all(many(50).map(i => hold(productId, `live-${i}`, { optionId: 'b' })));
    await overdue(productId, 'swept', 250);
    const sweep = async (shop: Catalogue) => {
      let ended = 0;
      for (let round = 0; round < 40; round++) ended += await shop.expireStockHolds({ limit: 40, origin });
      return ended;
    };
    const [first, second] = await Promise.all([
      sweep(shops[0]),
      sweep(shops[1]),
      ...many(50).map(i => end('Post', `live-${i}`)),
    ]);
    expect(Number(first) + Number(second)).toBe(250);
    expect(await figures(productId)).toEqual([300, 0, 0]);
    expect(await figures(productId, 'b')).toEqual([0, 0, 50]);
  });

  it('end by a post or by the time, never by both', async () => {
    const productId = await aProduct({ a: 100 });
    await Promise.all(many(100).map(i => hold(productId, `close-${i}`, { ttlSeconds: 1 })));
    await sleep(960);
    const posts = many(100).map(async i => {
      await sleep(i);
      return end('Post', `close-${i}`);
    });
    const sweeps = many(20).map(async i => {
      await sleep(10 * i);
      return catalogue.expireStockHolds({ limit: 10, origin });
    });
    const outcomes = await Promise.all(posts);
    await Promise.all(sweeps);
    const sold = outcomes.filter(outcome => outcome.accepted).length;
    expect(tally(outcomes).STOCK_HOLD_NOT_ACTIVE).toBeUndefined();
    expect(await figures(productId)).toEqual([100 - sold, 0, sold]);
  });
});

it('carts lose nothing of what many devices of one user add at the same time', async () => {
  const productId = await aProduct({ a: 1, b: 1 });
  const add = (i: number) =>
    through((shops[i % 2] as Catalogue).changeCart, {
      userId: 'ann',
      change: { type: 'Add', productId, optionId: i % 4 < 2 ? 'a' : 'b', quantity: 1 },
      origin,
    });
  expect(tally(await Promise.all(many(80).map(add)))).toEqual({ DONE: 80 });
  const { lines } = await stores.catalogueQueries.cart('ann');
  expect(lines.map(({ quantity }) => quantity)).toEqual([40, 40]);
});
