import fc from 'fast-check';
import type { Product } from '../catalogue/product.js';
import { cartTotals, pricedCart } from './priced-cart.js';
import {
  cartLines,
  type ShoppingCart,
  type ShoppingCartCommand,
  shoppingCart,
  shoppingCartTransitions,
} from './shopping-cart.js';

const item = (name: string) => ({ productId: 'mug', optionId: name });
const add = (name: string, quantity = 1, at = 100): ShoppingCartCommand => ({
  type: 'Add',
  ...item(name),
  quantity,
  at,
});
const change = (from: string, to: string, quantity: number): ShoppingCartCommand => ({
  ...{ type: 'Change', from: item(from), to: item(to), quantity, at: 200 },
});
const remove = (...names: string[]): ShoppingCartCommand => ({ type: 'Remove', items: names.map(item), at: 300 });
const buy = (items: Readonly<Record<string, number>>): ShoppingCartCommand => ({
  type: 'Buy',
  items: Object.entries(items).map(([name, quantity]) => ({ ...item(name), quantity })),
  at: 400,
});
const clear: ShoppingCartCommand = { type: 'Clear', at: 300 };

function when(cart: ShoppingCart, command: ShoppingCartCommand) {
  const decision = shoppingCart.decide(cart, command);
  if (!decision.accepted) throw new Error(decision.refusal.code);
  return decision.events.reduce(shoppingCart.evolve, cart);
}
const given = (...commands: ShoppingCartCommand[]) => commands.reduce(when, shoppingCart.initial);
const eventsOf = (cart: ShoppingCart, command: ShoppingCartCommand) => {
  const decision = shoppingCart.decide(cart, command);
  return decision.accepted ? decision.events : decision.refusal.code;
};
/** `blue 2, red 1`. */
const shown = (cart: ShoppingCart) =>
  cartLines(cart)
    .map(({ optionId, quantity }) => `${optionId} ${quantity}`)
    .join(', ');

describe('a shopping cart', () => {
  it.each<[string, ShoppingCart, string]>([
    ['is empty at first', given(), ''],
    ['keeps the order in which things came', given(add('blue'), add('red', 2)), 'blue 1, red 2'],
    ['adds up the same option', given(add('blue', 2), add('red'), add('blue', 3)), 'blue 5, red 1'],
    ['changes a quantity in place', given(add('blue'), add('red'), change('blue', 'blue', 7)), 'blue 7, red 1'],
    ['changes an option in place', given(add('blue'), add('red'), change('blue', 'green', 2)), 'green 2, red 1'],
    ['merges into the line that came first', given(add('blue'), add('red', 2), change('red', 'blue', 4)), 'blue 5'],
    ['merges also the other way', given(add('blue', 3), add('red', 2), change('blue', 'red', 1)), 'red 3'],
    ['gives up several at once', given(add('a'), add('b'), add('c'), remove('a', 'c', 'x')), 'b 1'],
    ['is empty without its last line', given(add('a'), remove('a')), ''],
    ['gives up what is bought', given(add('a', 2), add('b'), buy({ a: 2, x: 1 })), 'b 1'],
    ['keeps what is more than is bought', given(add('a', 5), add('b', 2), buy({ a: 2, b: 2 })), 'a 3'],
    ['gives up a line that has fewer by now', given(add('a', 5), change('a', 'a', 1), buy({ a: 2 })), ''],
    ['is cleared', given(add('a'), add('b'), clear), ''],
  ])('%s', (_, cart, expected) => {
    expect(shown(cart)).toBe(expected);
    expect(cart.status).toBe(expected === '' ? 'EMPTY' : 'FILLED');
  });

  it('remembers when a line was first added', () =>
    expect(cartLines(given(add('a', 1, 5), add('a', 1, 9)))[0]?.addedAt).toBe(5));

  it.each<[string, ShoppingCart, ShoppingCartCommand]>([
    ['taking out what is not in it', given(add('a')), remove('b')],
    ['buying what is not in it', given(add('a')), buy({ b: 1 })],
    ['clearing an empty one', given(), clear],
    ['changing a line to what it is', given(add('a', 2)), change('a', 'a', 2)],
  ])('is not touched by %s', (_, cart, command) => expect(eventsOf(cart, command)).toEqual([]));

  const full = given(...Array.from({ length: 100 }, (_, i) => add(`o${i}`)));
  it.each<[string, ShoppingCart, ShoppingCartCommand, string]>([
    ['line 101', full, add('one-more'), 'CART_FULL'],
    ['10,001 of one', given(), add('a', 10_001), 'QUANTITY_INVALID'],
    ['none of one', given(), add('a', 0), 'QUANTITY_INVALID'],
    ['half of one', given(), add('a', 0.5), 'QUANTITY_INVALID'],
    ['a change to none', given(add('a')), change('a', 'a', 0), 'QUANTITY_INVALID'],
    ['10,001 of one in two steps', given(add('a', 10_000)), add('a', 1), 'CART_QUANTITY_TOO_LARGE'],
    ['10,001 by a change', given(add('a')), change('a', 'a', 10_001), 'QUANTITY_INVALID'],
    ['10,001 by a merge', given(add('a', 9_999), add('b')), change('b', 'a', 2), 'CART_QUANTITY_TOO_LARGE'],
    ['a change of what is not in it', given(add('a')), change('b', 'a', 1), 'CART_ITEM_NOT_FOUND'],
  ])('refuses %s', (_, cart, command, code) => expect(eventsOf(cart, command)).toBe(code));

  it('takes 10,000 of each of 100', () => {
    expect(shown(when(full, add('o7', 9_999)))).toContain('o7 10000');
    expect(cartLines(full)).toHaveLength(100);
  });

  it('can always go on: an empty one is filled, a filled one emptied', () => {
    expect(Object.keys(shoppingCartTransitions.EMPTY)).toEqual(['CartItemAdded']);
    expect(shoppingCartTransitions.FILLED.CartCleared).toBe('EMPTY');
  });

  it('has every option at most once and at least one of it, whatever is done', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const quantity = fc.integer({ min: 1, max: 6_000 });
    const any: fc.Arbitrary<ShoppingCartCommand> = fc.oneof(
      fc.tuple(name, quantity).map(([n, q]) => add(n, q)),
      fc.tuple(name, name, quantity).map(([from, to, q]) => change(from, to, q)),
      fc.array(name, { maxLength: 3 }).map(names => remove(...names)),
      fc.tuple(name, name, quantity).map(([one, other, q]) => buy({ [one]: q, [other]: q + 1 })),
      fc.constant(clear),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), commands => {
        let cart = shoppingCart.initial;
        for (const command of commands) {
          const events = eventsOf(cart, command);
          if (typeof events === 'string') continue;
          cart = events.reduce(shoppingCart.evolve, cart);
          const lines = cartLines(cart);
          expect(new Set(lines.map(({ optionId }) => optionId)).size).toBe(lines.length);
          expect(lines.every(line => line.quantity >= 1 && line.quantity <= 10_000)).toBe(true);
          expect(cart.status).toBe(lines.length === 0 ? 'EMPTY' : 'FILLED');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a priced cart', () => {
  const product = (currency: string, ...names: string[]): Product => ({
    status: 'LISTED',
    createdAt: 0,
    updatedAt: 0,
    terms: {
      name: 'A mug',
      kind: 'GOODS',
      categoryIds: [],
      options: names.map(optionId => ({
        ...{ optionId, price: { amount: 500, currency }, minimumUnitPrice: 0, onSale: true, lowStockAt: null },
      })),
    },
  });
  const lines = cartLines(given(add('blue', 2), add('red')));

  it('has the prices of now, and tells what is gone', () =>
    expect(pricedCart(lines, () => product('KRW', 'blue'))).toMatchObject([
      { optionId: 'blue', gone: false, name: 'A mug', unitPrice: { amount: 500, currency: 'KRW' }, onSale: true },
      { optionId: 'red', gone: true, name: 'A mug', unitPrice: null, onSale: false },
    ]));

  it('knows no name of a product that is gone altogether', () =>
    expect(pricedCart(lines, () => ({ status: 'NONE' }))).toMatchObject([
      { gone: true, name: null },
      { gone: true, name: null },
    ]));

  it('comes to a sum per currency, of what is not gone', () => {
    const mixed = [
      ...pricedCart(lines, () => product('KRW', 'blue')),
      ...pricedCart(lines, () => product('USD', 'blue', 'red')),
    ];
    expect(cartTotals(mixed)).toEqual([
      { amount: 1_000, currency: 'KRW' },
      { amount: 1_500, currency: 'USD' },
    ]);
    expect(cartTotals([])).toEqual([]);
  });
});
