import { aCatalogue, option } from './catalogue.fixtures.js';
import { catalogueEventTypes } from './catalogue-events.js';
import { accepted, no } from './promotions.fixtures.js';

describe('a product', () => {
  it('is listed once, changed by a revision that is seen, and not changed by the same again', async () => {
    const { put, typesOf, catalogueQueries } = await aCatalogue();
    const draft = { name: 'A book', kind: 'EBOOK' as const, options: [option('epub')] };
    expect(accepted(await put('book', draft))).toMatchObject({ created: true, product: { revision: 1 } });
    expect(accepted(await put('book', draft))).toMatchObject({ created: false, product: { revision: 1 } });
    expect(accepted(await put('book', { ...draft, name: 'Two' }, 1))).toMatchObject({ product: { revision: 2 } });
    expect(no(await put('book', draft, 1))).toBe('REVISION_CONFLICT');
    expect(no(await put('new', draft, 1))).toBe('REVISION_CONFLICT');
    expect(await catalogueQueries.product('book')).toMatchObject({ terms: { name: 'Two', kind: 'EBOOK' } });
    expect(await typesOf('product/book')).toEqual(['product.listed.v1', 'product.changed.v1']);
  });

  it('is refused with every field that makes no sense', async () => {
    const { put } = await aCatalogue();
    const outcome = await put('mug', { name: '', options: [option('a/b')] });
    expect(outcome).toMatchObject({ accepted: false, refusal: { code: 'PRODUCT_INVALID' } });
    expect(outcome.accepted ? [] : outcome.refusal.data.violations).toHaveLength(2);
  });

  it('may have the id of somebody else’s stream: events never meet', async () => {
    const { put, setFree, typesOf } = await aCatalogue();
    accepted(await put('mug/blue'.replace('/', ':')));
    accepted(await setFree(3));
    expect(await typesOf('mug')).toEqual([]);
    expect(await typesOf('stock/mug/blue')).toEqual(['stock.set.v1']);
  });
});

describe('counting stock', () => {
  it('rule 14: `PUT` sets what is free (`If-Match` to be safe), `POST …/stock/adjust {delta}` adds or takes', async () => {
    const { setFree, adjust, stock } = await aCatalogue();
    expect(await stock()).toBe('0/0/0');
    expect(accepted(await setFree(10, { expectedRevision: 0 }))).toMatchObject({ free: 10, revision: 1 });
    expect(no(await setFree(11, { expectedRevision: 0 }))).toBe('REVISION_CONFLICT');
    expect(accepted(await adjust(-4))).toMatchObject({ free: 6, revision: 2 });
    expect(no(await adjust(-7))).toBe('OUT_OF_STOCK');
    expect(await stock()).toBe('6/0/0');
  });

  it('keeps to what the catalogue has', async () => {
    const { setFree } = await aCatalogue();
    expect(no(await setFree(1, { optionId: 'green' }))).toBe('OPTION_NOT_FOUND');
    expect(no(await setFree(1, { productId: 'cup' }))).toBe('PRODUCT_NOT_FOUND');
  });

  it('means all that nobody holds: units of holds that are over count as free before it is set', async () => {
    const { setFree, hold, adjust, stock, clock, sweep } = await aCatalogue();
    accepted(await setFree(5));
    accepted(await hold('h1', 3));
    clock.advance(60_000);
    expect(await stock()).toBe('5/0/0');
    expect(accepted(await adjust(-5)).free).toBe(0);
    accepted(await setFree(4));
    expect(await sweep()).toBe(0);
    expect(await stock()).toBe('4/0/0');
  });

  it('is no conflict for an editor because time has passed', async () => {
    const { setFree, hold, clock, catalogueQueries } = await aCatalogue();
    accepted(await setFree(5));
    accepted(await hold('h1', 3));
    const seen = await catalogueQueries.stock('mug', 'blue');
    clock.advance(60_000);
    expect(accepted(await setFree(9, { expectedRevision: seen?.revision ?? -1 }))).toMatchObject({ free: 9, held: 0 });
  });

  it('raises low stock once per crossing, by whatever it falls', async () => {
    const { put, setFree, hold, end, typesOf } = await aCatalogue();
    accepted(await put('mug', { options: [option('blue', 12_000, 2)] }));
    accepted(await setFree(4));
    for (const id of ['h1', 'h2', 'h3']) accepted(await hold(id));
    accepted(await end('Void', 'h1'));
    accepted(await end('Void', 'h2'));
    accepted(await hold('h4'));
    const told = (await typesOf('stock/mug/blue')).filter(type => type === catalogueEventTypes.StockLow);
    expect(told).toHaveLength(2);
  });
});

describe('holding stock', () => {
  it('is two-phase: held, then sold or free again', async () => {
    const { setFree, hold, end, stock, typesOf } = await aCatalogue();
    accepted(await setFree(5));
    expect(accepted(await hold('h1', 2))).toMatchObject({ created: true, hold: { holdId: 'h1', status: 'HELD' } });
    accepted(await hold('h2', 3));
    expect(await stock()).toBe('0/5/0');
    expect(accepted(await end('Post', 'h1')).status).toBe('POSTED');
    expect(accepted(await end('Void', 'h2')).status).toBe('VOIDED');
    expect(await stock()).toBe('3/0/2');
    expect(await typesOf('stock/mug/blue')).toEqual([
      ...['stock.set.v1', 'stock.held.v1', 'stock.held.v1', 'stock.hold-posted.v1', 'stock.hold-voided.v1'],
    ]);
  });

  it('answers the same key with the same hold, whatever became of it, and moves nothing', async () => {
    const { setFree, hold, end, stock, clock } = await aCatalogue();
    accepted(await setFree(5));
    const first = accepted(await hold('h1', 2));
    expect(accepted(await hold('h1', 2))).toEqual({ hold: first.hold, created: false });
    accepted(await end('Post', 'h1'));
    expect(accepted(await hold('h1', 2)).hold.status).toBe('POSTED');
    accepted(await hold('h2', 1));
    clock.advance(60_000);
    expect(accepted(await hold('h2', 1)).hold.status).toBe('EXPIRED');
    expect(await stock()).toBe('3/0/2');
  });

  it.each([
    ['quantity', 3, {}],
    ['option', 2, { optionId: 'red' }],
    ['order', 2, { orderNumber: 'order-2' }],
  ])('refuses a key that was used for another %s', async (_, quantity, more) => {
    const { setFree, hold } = await aCatalogue();
    accepted(await setFree(5));
    accepted(await setFree(5, { optionId: 'red' }));
    accepted(await hold('h1', 2));
    expect(no(await hold('h1', quantity, more))).toBe('STOCK_HOLD_ID_REUSED');
  });

  it('is resolved once: the same end again is answered alike, the other end is refused', async () => {
    const { setFree, hold, end, stock } = await aCatalogue();
    accepted(await setFree(5));
    for (const id of ['h1', 'h2']) accepted(await hold(id));
    for (let i = 0; i < 3; i++) accepted(await end('Post', 'h1'));
    for (let i = 0; i < 3; i++) accepted(await end('Void', 'h2'));
    expect(no(await end('Void', 'h1'))).toBe('STOCK_HOLD_NOT_ACTIVE');
    expect(no(await end('Post', 'h2'))).toBe('STOCK_HOLD_NOT_ACTIVE');
    expect(no(await end('Post', 'h3'))).toBe('STOCK_HOLD_NOT_FOUND');
    expect(await stock()).toBe('4/0/1');
  });

  it('names the option that is short, and fails no other line of the order', async () => {
    const { setFree, hold, catalogue: _, stock } = await aCatalogue();
    accepted(await setFree(5));
    const [blue, red, green, cup] = await Promise.all([
      hold('l1', 5),
      hold('l2', 1, { optionId: 'red' }),
      hold('l3', 1, { optionId: 'green' }),
      hold('l4', 1, { productId: 'cup' }),
    ]);
    expect([blue, red, green, cup].map(outcome => no(outcome as never))).toEqual([
      ...[null, 'OUT_OF_STOCK', 'OPTION_NOT_FOUND', 'PRODUCT_NOT_FOUND'],
    ]);
    const data = { productId: 'mug', optionId: 'red', requested: 1, free: 0 };
    expect(red).toMatchObject({ refusal: { code: 'OUT_OF_STOCK', data } });
    expect(await stock()).toBe('0/5/0');
  });

  it('gives the last three of them to three of five hundred', async () => {
    const { setFree, hold, stock } = await aCatalogue();
    accepted(await setFree(3));
    const outcomes = await Promise.all(Array.from({ length: 500 }, (_, i) => hold(`h${i}`)));
    expect(outcomes.filter(({ accepted: won }) => won)).toHaveLength(3);
    expect(await stock()).toBe('0/3/0');
  });

  it('is told in the log with who took it, also of those who came together', async () => {
    const { setFree, catalogue, unitOfWork, events } = await aCatalogue();
    accepted(await setFree(5));
    const input = { productId: 'mug', optionId: 'blue', orderNumber: 'o', quantity: 1, ttlSeconds: 60 };
    const takers = ['ann', 'bob', 'cem'];
    await Promise.all(
      takers.map(actor =>
        catalogue.holdStock({ input: { ...input, holdId: `of-${actor}`, origin: { actor, traceparent: null } } }),
      ),
    );
    const told = await unitOfWork.run(tx => events.stream(tx, 'stock/mug/blue'));
    expect(told.flatMap(({ data, origin }) => (data.holdId ? [`${data.holdId} ${origin.actor}`] : []))).toEqual(
      takers.map(actor => `of-${actor} ${actor}`),
    );
  });

  it('of an e-book that nobody counted never runs out', async () => {
    const { put, hold, end, stock } = await aCatalogue();
    accepted(await put('book', { kind: 'EBOOK', options: [option('epub')] }));
    const epub = { productId: 'book', optionId: 'epub' };
    await Promise.all(Array.from({ length: 50 }, (_, i) => hold(`b${i}`, 10_000, epub).then(accepted)));
    accepted(await end('Post', 'b0'));
    expect(await stock('epub', 'book')).toBe('null/490000/10000');
  });

  it('can still be resolved when the option has left the catalogue', async () => {
    const { put, setFree, hold, end, giveBack, stock } = await aCatalogue();
    accepted(await setFree(5));
    for (const id of ['h1', 'h2']) accepted(await hold(id, 2));
    accepted(await put('mug', { options: [] }));
    accepted(await end('Post', 'h1'));
    accepted(await end('Void', 'h2'));
    accepted(await giveBack('h1', 'r1', 1));
    expect(await stock()).toBeNull();
    accepted(await put('mug'));
    expect(await stock()).toBe('4/0/1');
  });

  it.each([0, -1, 1.5, 10_001])('is refused for a quantity of %d, which fails nobody beside it', async quantity => {
    const { setFree, hold } = await aCatalogue();
    accepted(await setFree(5));
    const [wrong, right] = await Promise.all([hold('h1', quantity), hold('h2', 1)]);
    expect([wrong, right].map(outcome => no(outcome as never))).toEqual(['QUANTITY_INVALID', null]);
  });
});

describe('a hold that is over', () => {
  it('is over by the time of the store, swept or not: its units refuse nobody', async () => {
    const { setFree, hold, end, stock, clock } = await aCatalogue();
    accepted(await setFree(3));
    accepted(await hold('h1', 3));
    clock.advance(59_999);
    expect(no(await hold('h2', 3))).toBe('OUT_OF_STOCK');
    clock.advance(1);
    accepted(await hold('h2', 3));
    expect(no(await end('Post', 'h1'))).toBe('STOCK_HOLD_EXPIRED');
    expect(accepted(await end('Void', 'h1')).status).toBe('EXPIRED');
    expect(await stock()).toBe('0/3/0');
  });

  it('is written down by the sweeper in batches, once', async () => {
    const { setFree, hold, sweep, stock, clock, typesOf } = await aCatalogue();
    accepted(await setFree(10));
    for (let i = 0; i < 7; i++) accepted(await hold(`h${i}`));
    expect(await sweep(3)).toBe(0);
    clock.advance(60_000);
    expect([await sweep(3), await sweep(3), await sweep(3), await sweep(3)]).toEqual([3, 3, 1, 0]);
    expect(await stock()).toBe('10/0/0');
    expect((await typesOf('stock/mug/blue')).filter(type => type === 'stock.hold-expired.v1')).toHaveLength(7);
  });
});

describe('units that come back', () => {
  it('rule 13: A refund restocks (sold falls, free rises), each return once', async () => {
    const { setFree, hold, end, giveBack, stock } = await aCatalogue();
    accepted(await setFree(5));
    accepted(await hold('h1', 3));
    expect(no(await giveBack('h1', 'r1', 1))).toBe('STOCK_HOLD_NOT_ACTIVE');
    accepted(await end('Post', 'h1'));
    for (let i = 0; i < 3; i++) accepted(await giveBack('h1', 'r1', 2));
    expect(await stock()).toBe('4/0/1');
    expect(no(await giveBack('h1', 'r2', 2))).toBe('QUANTITY_NOT_RETURNABLE');
    accepted(await giveBack('h1', 'r2', 1));
    expect(await stock()).toBe('5/0/0');
    expect(no(await giveBack('h9', 'r1', 1))).toBe('STOCK_HOLD_NOT_FOUND');
    expect(no(await giveBack('h1', 'r3', 0))).toBe('QUANTITY_INVALID');
  });
});
