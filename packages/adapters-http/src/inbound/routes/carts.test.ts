import { aServer, operator, type Sent, shopper, type TestServer } from '../http.fixtures.js';

let server: TestServer;
beforeEach(async () => {
  server = await aServer();
  await list('blue', 'red');
});
afterEach(() => server.close());

const price = { amount: 12_000, currency: 'KRW' };
const list = (...names: string[]) =>
  server.put('/api/v1/products/mug', {
    token: operator,
    body: { name: 'A mug', options: names.map(optionId => ({ optionId, price })) },
  });
const blue = { productId: 'mug', optionId: 'blue' };
const cart = '/api/v1/carts';
const sent = (body?: object, user = 'ann'): Sent => ({ token: shopper(user), ...(body && { body }) });
const add = (body: object = { ...blue, quantity: 2 }, user = 'ann') => server.post(cart, sent(body, user));
const change = (path: string, body: object) => server.put(`${cart}/product/mug/option/${path}`, sent(body));

describe('a cart', () => {
  it('rule 21: Cart id = user id; one’s own empty cart is 200', async () =>
    expect(await server.get(`${cart}/ann`, sent())).toMatchObject({
      status: 200,
      json: { userId: 'ann', items: [], totals: [] },
    }));

  it('shows what is in it, with the price of now and the sum', async () => {
    const first = await add();
    expect([first.status, first.headers.get('location')]).toEqual([201, `${cart}/ann`]);
    expect(first.json).toMatchObject({
      items: [{ ...blue, quantity: 2, name: 'A mug', unitPrice: price, onSale: false, gone: false }],
      totals: [{ amount: 24_000, currency: 'KRW' }],
    });
    expect((await server.get(`${cart}/ann`, sent())).text).toBe(first.text);
  });

  it('adds up the same option, with 200', async () => {
    await add();
    expect(await add()).toMatchObject({ status: 200, json: { items: [{ ...blue, quantity: 4 }] } });
  });

  it('changes option and quantity; what is left out stays', async () => {
    await add();
    expect((await change('blue', { optionId: 'red' })).json.items).toMatchObject([{ optionId: 'red', quantity: 2 }]);
    expect((await change('red', { quantity: 5 })).json.items).toMatchObject([{ optionId: 'red', quantity: 5 }]);
    const all = await change('red', { ...blue, quantity: 1 });
    expect([all.status, all.json.items]).toEqual([200, [expect.objectContaining({ ...blue, quantity: 1 })]]);
    expect(await change('red', { quantity: 1 })).toMatchObject({ status: 404, json: { code: 'CART_ITEM_NOT_FOUND' } });
  });

  it('lets go of items, and of all', async () => {
    await add();
    await add({ productId: 'mug', optionId: 'red', quantity: 1 });
    const some = await server.remove(cart, sent({ items: [blue, { productId: 'never', optionId: 'there' }] }));
    expect(some).toMatchObject({ status: 200, json: { items: [{ optionId: 'red' }] } });
    for (let i = 0; i < 2; i++)
      expect(await server.remove(`${cart}/ann/all`, sent())).toMatchObject({ status: 200, json: { items: [] } });
  });

  it('tells what the catalogue no longer has, and leaves it out of the sum', async () => {
    await add();
    await add({ productId: 'mug', optionId: 'red', quantity: 1 });
    await list('red');
    const { json } = await server.get(`${cart}/ann`, sent());
    expect(json.items.map(({ gone, unitPrice }) => [gone, unitPrice])).toEqual([
      [true, null],
      [false, price],
    ]);
    expect(json.totals).toEqual([price]);
  });

  it.each([
    ['an unknown product', { productId: 'cup', optionId: 'blue', quantity: 1 }, 404, 'PRODUCT_NOT_FOUND'],
    ['an unknown option', { productId: 'mug', optionId: 'green', quantity: 1 }, 404, 'OPTION_NOT_FOUND'],
    ['none of it', { ...blue, quantity: 0 }, 422, 'UNPROCESSABLE_REQUEST'],
    ['less than none', { ...blue, quantity: -1 }, 422, 'UNPROCESSABLE_REQUEST'],
    ['half a unit', { ...blue, quantity: 0.5 }, 400, 'MALFORMED_REQUEST'],
    ['10,001 units', { ...blue, quantity: 10_001 }, 422, 'UNPROCESSABLE_REQUEST'],
    ['no quantity', blue, 400, 'MALFORMED_REQUEST'],
  ])('does not take %s', async (_, body, status, code) => {
    expect((await add(body)).json).toMatchObject({ status, code });
    expect((await server.get(`${cart}/ann`, sent())).json.items).toEqual([]);
  });

  it('does not take more than 10,000 units of one option in several steps', async () => {
    await add({ ...blue, quantity: 9_999 });
    expect((await add()).json).toMatchObject({ status: 409, code: 'CART_QUANTITY_TOO_LARGE', most: 10_000 });
  });

  it('of somebody else is 404, read or cleared, also for those who see more', async () => {
    await add();
    const tries = [
      server.get(`${cart}/ann`, sent(undefined, 'eve')),
      server.remove(`${cart}/ann/all`, sent(undefined, 'eve')),
    ];
    for (const got of await Promise.all(tries)) expect(got.json).toMatchObject({ status: 404, code: 'CART_NOT_FOUND' });
    expect((await server.get(`${cart}/ann`, { token: operator })).status).toBe(403);
    expect((await server.get(`${cart}/ann`, sent())).json.items).toHaveLength(1);
  });

  it('takes a thing once by one key, however often it is sent', async () => {
    const once = { ...sent({ ...blue, quantity: 2 }), headers: { 'idempotency-key': 'tap-1' } };
    const answers = [await server.post(cart, once), await server.post(cart, once)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect((await server.get(`${cart}/ann`, sent())).json.items).toMatchObject([{ quantity: 2 }]);
  });
});
