import { randomUUID } from 'node:crypto';
import { writtenAsDescribed } from '../support/event-conformance.js';
import { Api, aService, aShopper, type Caller, operator } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;
let api: Api;
beforeAll(async () => {
  database = await testDatabase();
  service = await startService({ DATABASE_URL: database.url });
  api = new Api(service.url);
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.close();
});

const won = (amount: number) => ({ amount, currency: 'KRW' });
/** A product of its own with a blue and a red option. */
async function aProduct(more: object = {}): Promise<string> {
  const productId = `mug-${randomUUID()}`;
  const options = [
    { optionId: 'blue', price: won(12_000), lowStockAt: 5 },
    { optionId: 'red', price: won(15_000) },
  ];
  const body = { name: 'A mug', kind: 'GOODS', categoryIds: [], options, ...more };
  const { status, text } = await api.call('PUT', `/api/v1/products/${productId}`, { as: operator, body });
  if (status !== 201) throw new Error(`no product: ${text}`);
  return productId;
}
const stockPath = (productId: string, optionId = 'blue') => `/api/v1/products/${productId}/options/${optionId}/stock`;
const figures = async (productId: string) => (await api.call('GET', stockPath(productId), { as: aService })).body;
const cartOf = async (as: Caller) => (await api.call('GET', `/api/v1/carts/${as.sub}`, { as })).body;

describe('an operator', () => {
  it('counts stock without overwriting what a colleague did meanwhile', async () => {
    const productId = await aProduct();
    const path = stockPath(productId);
    const seen = await api.call('GET', path, { as: operator });
    const etag = seen.headers.get('etag') ?? '';
    const set = (quantity: number) =>
      api.call('PUT', path, { as: operator, body: { quantity }, headers: { 'if-match': etag } });
    const answers = await Promise.all([set(10), set(20), set(30)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect(await figures(productId)).toEqual(winner?.body);
  });

  it('takes no more than there is, whoever else takes at the same time', async () => {
    const productId = await aProduct();
    await api.call('PUT', stockPath(productId), { as: operator, body: { quantity: 7 } });
    const take = () => api.call('POST', `${stockPath(productId)}/adjust`, { as: operator, body: { delta: -1 } });
    const answers = await Promise.all(Array.from({ length: 40 }, take));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(new Set(answers.flatMap(({ status, body }) => (status === 409 ? [body.code] : [])))).toEqual(
      new Set(['OUT_OF_STOCK']),
    );
    expect(await figures(productId)).toEqual({ free: 0, held: 0, sold: 0 });
    const [told] = await database.query<{ n: number }>(
      `select count(*)::int as n from events where stream_id = $1 and type = 'stock.low.v1'`,
      [`stock/${productId}/blue`],
    );
    expect(told?.n).toBe(1);
  });

  it('sends a delivery twice with one key, and it counts once', async () => {
    const productId = await aProduct();
    const sent = { as: operator, body: { delta: 50 }, headers: { 'idempotency-key': randomUUID() } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.call('POST', `${stockPath(productId)}/adjust`, sent)),
    );
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await api.call('POST', `${stockPath(productId)}/adjust`, sent)).body).toMatchObject({ free: 50 });
    expect(await figures(productId)).toMatchObject({ free: 50 });
  });

  it('lists an e-book, which never runs out until somebody counts it', async () => {
    const productId = await aProduct({ kind: 'EBOOK' });
    expect(await figures(productId)).toEqual({ free: null, held: 0, sold: 0 });
    await api.call('PUT', stockPath(productId), { as: operator, body: { quantity: 3 } });
    expect(await figures(productId)).toEqual({ free: 3, held: 0, sold: 0 });
  });

  it('runs the sweeper of holds by hand', async () => {
    const answer = await api.call('POST', '/schedulers/stock-timeout/run', { as: operator });
    expect([answer.status, answer.body]).toEqual([200, { job: 'stock-timeout', expired: 0 }]);
  });
});

describe('a shopper', () => {
  it('fills, changes and empties a cart, and always sees what it costs now', async () => {
    const ann = aShopper();
    const productId = await aProduct();
    const add = (optionId: string, quantity: number) =>
      api.call('POST', '/api/v1/carts', { as: ann, body: { productId, optionId, quantity } });
    expect((await cartOf(ann)).items).toEqual([]);
    expect((await add('blue', 2)).status).toBe(201);
    expect((await add('blue', 1)).body).toMatchObject({ items: [{ quantity: 3 }], totals: [won(36_000)] });
    await add('red', 1);
    const path = `/api/v1/carts/product/${productId}/option/blue`;
    const changed = await api.call('PUT', path, { as: ann, body: { productId, optionId: 'red', quantity: 2 } });
    expect(changed.body).toMatchObject({ items: [{ optionId: 'red', quantity: 3 }], totals: [won(45_000)] });
    const options = [{ optionId: 'red', price: won(10_000) }];
    await api.call('PUT', `/api/v1/products/${productId}`, { as: operator, body: { name: 'A mug', options } });
    expect(await cartOf(ann)).toMatchObject({ totals: [won(30_000)] });
    const items = [{ productId, optionId: 'red' }];
    expect((await api.call('DELETE', '/api/v1/carts', { as: ann, body: { items } })).body.items).toEqual([]);
    await add('red', 1);
    expect((await api.call('DELETE', `/api/v1/carts/${ann.sub}/all`, { as: ann })).status).toBe(200);
    expect(await cartOf(ann)).toEqual({ userId: ann.sub, items: [], totals: [] });
  });

  it('learns that an item has left the catalogue', async () => {
    const ann = aShopper();
    const productId = await aProduct();
    await api.call('POST', '/api/v1/carts', { as: ann, body: { productId, optionId: 'blue', quantity: 1 } });
    await api.call('PUT', `/api/v1/products/${productId}`, { as: operator, body: { name: 'A mug', options: [] } });
    expect(await cartOf(ann)).toMatchObject({ items: [{ gone: true, unitPrice: null, name: 'A mug' }], totals: [] });
  });

  it('finds the carts of others as absent as those of nobody, and leaves them as they are', async () => {
    const [ann, eve] = [aShopper('ann'), aShopper('eve')];
    const productId = await aProduct();
    await api.call('POST', '/api/v1/carts', { as: ann, body: { productId, optionId: 'blue', quantity: 1 } });
    for (const userId of [ann.sub, 'nobody'])
      for (const [method, path] of [
        ['GET', `/api/v1/carts/${userId}`],
        ['DELETE', `/api/v1/carts/${userId}/all`],
      ] as const)
        expect((await api.call(method, path, { as: eve })).body).toMatchObject({ status: 404, code: 'CART_NOT_FOUND' });
    expect((await cartOf(ann)).items).toHaveLength(1);
  });

  it('keeps the cart when the service is killed and starts again', async () => {
    const ann = aShopper();
    const productId = await aProduct();
    await api.call('POST', '/api/v1/carts', { as: ann, body: { productId, optionId: 'blue', quantity: 4 } });
    const before = await cartOf(ann);
    await service.end('SIGKILL');
    service = await startService({ DATABASE_URL: database.url });
    api = new Api(service.url);
    expect(await cartOf(ann)).toEqual(before);
  });
});

it('every event that was written is as it is described', async () => {
  await writtenAsDescribed(database);
});
