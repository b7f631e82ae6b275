import { aCatalogue, option } from './catalogue.fixtures.js';
import { accepted, no } from './promotions.fixtures.js';

const blue = { productId: 'mug', optionId: 'blue' };
const red = { productId: 'mug', optionId: 'red' };

describe('a shopping cart', () => {
  it('rule 21: Cart id = user id; one’s own empty cart is there', async () => {
    const { cart, catalogueQueries } = await aCatalogue();
    expect(await catalogueQueries.cart('ann')).toEqual({ userId: 'ann', lines: [] });
    accepted(await cart({ type: 'Add', ...blue, quantity: 2 }, 'ann'));
    expect((await catalogueQueries.cart('bob')).lines).toEqual([]);
    expect((await catalogueQueries.cart('ann')).lines).toMatchObject([{ ...blue, quantity: 2, gone: false }]);
  });

  it('tells whether there is a new line, and answers as it is read', async () => {
    const { cart, catalogueQueries } = await aCatalogue();
    const first = accepted(await cart({ type: 'Add', ...blue, quantity: 2 }));
    const second = accepted(await cart({ type: 'Add', ...blue, quantity: 1 }));
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.cart).toEqual(await catalogueQueries.cart('ann'));
    const third = accepted(await cart({ type: 'Change', from: blue, to: red }));
    expect(third.cart.lines).toMatchObject([{ ...red, quantity: 3 }]);
    expect(third.cart).toEqual(await catalogueQueries.cart('ann'));
  });

  it('has the prices of now, not those of then', async () => {
    const { cart, put, catalogueQueries } = await aCatalogue();
    accepted(await cart({ type: 'Add', ...blue, quantity: 2 }));
    accepted(await put('mug', { options: [option('blue', 9_000)] }));
    expect((await catalogueQueries.cart('ann')).lines).toMatchObject([{ unitPrice: { amount: 9_000 } }]);
  });

  it('keeps what has left the catalogue, tells so, and lets go of it', async () => {
    const { cart, put } = await aCatalogue();
    accepted(await cart({ type: 'Add', ...blue, quantity: 2 }));
    accepted(await put('mug', { options: [option('red')] }));
    expect(no(await cart({ type: 'Change', from: blue, to: blue, quantity: 1 }))).toBe('OPTION_NOT_FOUND');
    const { cart: seen } = accepted(await cart({ type: 'Add', ...red, quantity: 1 }));
    expect(seen.lines.map(({ gone }) => gone)).toEqual([true, false]);
    expect(accepted(await cart({ type: 'Remove', items: [blue] })).cart.lines).toMatchObject([red]);
  });

  it('takes only what the catalogue has', async () => {
    const { cart } = await aCatalogue();
    expect(no(await cart({ type: 'Add', productId: 'cup', optionId: 'blue', quantity: 1 }))).toBe('PRODUCT_NOT_FOUND');
    expect(no(await cart({ type: 'Add', productId: 'mug', optionId: 'green', quantity: 1 }))).toBe('OPTION_NOT_FOUND');
    expect(no(await cart({ type: 'Change', from: blue, to: red, quantity: 1 }))).toBe('CART_ITEM_NOT_FOUND');
  });

  it('loses none of fifty things that are added at the same time', async () => {
    const { cart, catalogueQueries, typesOf } = await aCatalogue();
    await Promise.all(Array.from({ length: 50 }, () => cart({ type: 'Add', ...blue, quantity: 1 }).then(accepted)));
    expect((await catalogueQueries.cart('ann')).lines).toMatchObject([{ quantity: 50 }]);
    expect(await typesOf('cart/ann')).toHaveLength(50);
  });

  it('is cleared, also twice', async () => {
    const { cart, typesOf } = await aCatalogue();
    accepted(await cart({ type: 'Add', ...blue, quantity: 1 }));
    for (let i = 0; i < 2; i++) expect(accepted(await cart({ type: 'Clear' })).cart.lines).toEqual([]);
    expect(await typesOf('cart/ann')).toEqual(['cart.item-added.v1', 'cart.cleared.v1']);
  });
});
