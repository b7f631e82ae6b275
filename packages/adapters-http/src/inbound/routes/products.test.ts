import { aServer, operator, type Sent, service, shopper, type TestServer } from '../http.fixtures.js';

let server: TestServer;
beforeEach(async () => {
  server = await aServer();
});
afterEach(() => server.close());

const mug = {
  name: 'A mug',
  kind: 'GOODS',
  categoryIds: ['kitchen'],
  options: [{ optionId: 'blue', price: { amount: 12_000, currency: 'KRW' }, minimumUnitPrice: 9_000, onSale: true }],
};
const put = (body: object = mug, more: Sent = {}) =>
  server.put('/api/v1/products/mug', { token: operator, body, ...more });
const stockOf = (option = 'blue', product = 'mug') => `/api/v1/products/${product}/options/${option}/stock`;
const setStock = (quantity: number, more: Sent = {}) =>
  server.put(stockOf(), { token: operator, body: { quantity }, ...more });
const adjust = (delta: number) => server.post(`${stockOf()}/adjust`, { token: operator, body: { delta } });
const ifMatch = (tag: string) => ({ headers: { 'if-match': tag } });

describe('a product', () => {
  it('is 201 with its place at first, and 200 from then on', async () => {
    const first = await put();
    expect(first).toMatchObject({ status: 201, json: { productId: 'mug', ...mug } });
    expect([first.headers.get('location'), first.headers.get('etag')]).toEqual(['/api/v1/products/mug', '"1"']);
    const second = await put({ ...mug, name: 'A cup' });
    expect(second).toMatchObject({ status: 200, json: { name: 'A cup', createdAt: first.json.createdAt } });
    expect([second.headers.get('location'), second.headers.get('etag')]).toEqual([null, '"2"']);
  });

  it('has every default filled in', async () => {
    const options = [{ optionId: 'blue', price: { amount: 1, currency: 'KRW' } }];
    const got = await put({ name: 'A mug', options });
    expect(got.json).toMatchObject({ kind: 'GOODS', categoryIds: [] });
    expect(got.json.options).toEqual([{ ...options[0], minimumUnitPrice: 0, onSale: false, lowStockAt: null }]);
  });

  it('is read by anybody with a token, as it was answered', async () => {
    const { text } = await put();
    for (const token of [shopper(), operator, service])
      expect(await server.get('/api/v1/products/mug', { token })).toMatchObject({ status: 200, text });
    expect(await server.get('/api/v1/products/cup', { token: shopper() })).toMatchObject({
      status: 404,
      json: { code: 'PRODUCT_NOT_FOUND', productId: 'cup' },
    });
  });

  it.each([
    ['a%20b', 'a b'],
    ['p'.repeat(65), 'p'.repeat(65)],
    ['%EC%BB%B5', '컵'],
  ])('is not listed under %s, which is no id: 400 that names it, and 404 to who looks', async (id, value) => {
    expect(await server.put(`/api/v1/products/${id}`, { token: operator, body: mug })).toMatchObject({
      status: 400,
      json: { code: 'MALFORMED_REQUEST', errors: [{ field: 'productId', value, message: expect.any(String) }] },
    });
    expect(await server.get(`/api/v1/products/${id}`, { token: shopper() })).toMatchObject({
      status: 404,
      json: { code: 'PRODUCT_NOT_FOUND' },
    });
    expect((await server.put(stockOf('blue', id), { token: operator, body: { quantity: 1 } })).status).toBe(404);
  });

  it('is changed only by who saw it last, with If-Match', async () => {
    await put();
    expect((await put({ ...mug, name: 'Two' }, ifMatch('"1"'))).status).toBe(200);
    expect(await put({ ...mug, name: 'Three' }, ifMatch('"1"'))).toMatchObject({
      status: 412,
      json: { code: 'REVISION_CONFLICT' },
    });
  });

  it.each([
    ['a floor above the price', { minimumUnitPrice: 12_001 }, 422, 'options[0].minimumUnitPrice'],
    ['a negative price', { price: { amount: -1, currency: 'KRW' } }, 422, 'options[0].price.amount'],
    ['a price in words', { price: { amount: '12000', currency: 'KRW' } }, 400, 'options[0].price.amount'],
    ['an option id with a slash', { optionId: 'a/b' }, 400, 'options[0].optionId'],
  ])('refuses %s, naming the field', async (_, changed, status, field) => {
    const got = await put({ ...mug, options: [{ ...mug.options[0], ...changed }] });
    expect([got.status, got.json.errors[0]?.field]).toEqual([status, field]);
  });

  it('refuses two options of one name', async () => {
    const got = await put({ ...mug, options: [...mug.options, ...mug.options] });
    expect(got).toMatchObject({ status: 422, json: { code: 'PRODUCT_INVALID' } });
  });
});

describe('stock', () => {
  it('rule 14: `GET …/options/{optionId}/stock` → `{free, held, sold}` with an ETag', async () => {
    await put();
    const fresh = await server.get(stockOf(), { token: operator });
    expect([fresh.json, fresh.headers.get('etag')]).toEqual([{ free: 0, held: 0, sold: 0 }, '"0"']);
    const set = await setStock(100);
    expect([set.status, set.json, set.headers.get('etag')]).toEqual([200, { free: 100, held: 0, sold: 0 }, '"1"']);
    expect((await server.get(stockOf(), { token: service })).text).toBe(set.text);
  });

  it('rule 14: `PUT` sets what is free (`If-Match` to be safe)', async () => {
    await put();
    expect((await setStock(10, ifMatch('"0"'))).status).toBe(200);
    expect((await setStock(11, ifMatch('"0"'))).json).toMatchObject({ status: 412, code: 'REVISION_CONFLICT' });
    expect((await setStock(12, ifMatch('W/"1"'))).status).toBe(412);
    expect((await setStock(12, ifMatch('1'))).status).toBe(400);
    expect((await setStock(12, ifMatch('*'))).json.free).toBe(12);
  });

  it('rule 14: `POST …/stock/adjust {delta}` adds or takes, never more than there are', async () => {
    await put();
    expect((await adjust(5)).json).toEqual({ free: 5, held: 0, sold: 0 });
    expect((await adjust(-2)).json.free).toBe(3);
    expect(await adjust(-4)).toMatchObject({ status: 409, json: { code: 'OUT_OF_STOCK', requested: 4, free: 3 } });
  });

  it('rule 14: EBOOK without stock is unlimited', async () => {
    await put({ ...mug, kind: 'EBOOK' });
    expect((await server.get(stockOf(), { token: operator })).json).toEqual({ free: null, held: 0, sold: 0 });
    expect((await adjust(1)).json).toMatchObject({ status: 409, code: 'STOCK_UNLIMITED' });
    expect((await setStock(7)).json.free).toBe(7);
  });

  it('is that of what the catalogue has', async () => {
    await put();
    const codeOf = async (path: string) => (await server.get(path, { token: operator })).json.code;
    expect(await codeOf(stockOf('green'))).toBe('OPTION_NOT_FOUND');
    expect(await codeOf(stockOf('blue', 'cup'))).toBe('PRODUCT_NOT_FOUND');
    const absent = await server.put(stockOf('green'), { token: operator, body: { quantity: 1 } });
    expect(absent).toMatchObject({ status: 404, json: { code: 'OPTION_NOT_FOUND' } });
  });

  it.each([-1, 1.5, 1_000_000_001, '5', null])('refuses a quantity of %j', async quantity =>
    expect([400, 422]).toContain((await setStock(quantity as number)).status),
  );

  it('is adjusted once by one key, however often it is sent', async () => {
    await put();
    const sent = { token: operator, body: { delta: 5 }, headers: { 'idempotency-key': 'delivery-1' } };
    const answers = [await server.post(`${stockOf()}/adjust`, sent), await server.post(`${stockOf()}/adjust`, sent)];
    expect(answers.map(({ text }) => text)).toEqual(Array(2).fill('{"free":5,"held":0,"sold":0}'));
  });
});
