import { quote } from '../pricing.js';
import { buyXGetY, cart, coupon, line } from './pricing.fixtures.js';
import { amountOf, taken } from './taken.fixtures.js';

describe('rule 6: BUY_X_GET_Y', () => {
  it.each([
    [1, 'NO_EFFECT'],
    [2, 'NO_EFFECT'],
    [3, 1_000],
    [5, 1_000],
    [6, 2_000],
    [300, 100_000],
  ])('in cycles of buyQuantity + getQuantity units: buy 2 get 1 with %s units', (quantity, amount) =>
    expect(amountOf(buyXGetY(2, 1), [line('a', 1_000, quantity)])).toBe(amount),
  );
  it.each([
    [1, 'NO_EFFECT'],
    [2, 1_000],
    [3, 1_000],
    [4, 2_000],
  ])('x = y is nothing special: buy 1 get 1 with %s units', (quantity, amount) =>
    expect(amountOf(buyXGetY(1, 1), [line('a', 1_000, quantity)])).toBe(amount),
  );
  it('over all eligible lines', () =>
    expect(taken(buyXGetY(2, 1), [line('a', 900), line('b', 500), line('c', 700)])).toEqual({ b: 500 }));
  it.each([
    ['CHEAPEST', { b: 500 }],
    ['DEAREST', { a: 900 }],
  ] as const)('getOrder %s', (getOrder, off) =>
    expect(taken(buyXGetY(2, 1, { getOrder }), [line('a', 900), line('b', 500), line('c', 700)])).toEqual(off),
  );
  it('percentOff may be less than all', () =>
    expect(amountOf(buyXGetY(1, 1, { percentOff: '50' }), [line('a', 999, 2)])).toBe(500));
  it('without a get side both sides come from the same units, of the named products', () =>
    expect(taken(buyXGetY(1, 1, { products: ['p-a'] }), [line('a', 900, 2), line('b', 100)])).toEqual({ a: 900 }));
  it('with getProducts the get side comes from those', () =>
    expect(
      taken(buyXGetY(2, 1, { products: ['p-a'], getProducts: ['p-b'] }), [line('a', 900, 5), line('b', 700, 3)]),
    ).toEqual({
      b: 1_400,
    }));
  it('with getCategories the get side comes from those', () =>
    expect(
      taken(buyXGetY(1, 1, { products: ['p-a'], getCategories: ['x'] }), [
        line('a', 900),
        line('b', 700, 1, { categoryIds: ['x'] }),
      ]),
    ).toEqual({ b: 700 }));
  it.each([
    [2, 'NO_EFFECT'],
    [3, { a: 100 }],
    [6, { a: 200 }],
  ])('a unit is bought or got, never both: %s units on both sides', (quantity, off) =>
    expect(taken(buyXGetY(2, 1, { getProducts: ['p-a'] }), [line('a', 100, quantity)])).toEqual(off),
  );
  it('a get side that is needed for buying is left to it', () =>
    // b is cheapest and could be got twice, but one of the two is the third that must be bought.
    expect(
      taken(buyXGetY(3, 2, { getProducts: ['p-b', 'p-c'], products: ['p-a', 'p-b'] }), [
        ...[line('a', 900, 2), line('b', 100, 2), line('c', 300, 5)],
      ]),
    ).toEqual({ b: 100, c: 300 }));
  it('and so it is over several lines of both sides', () =>
    expect(
      taken(buyXGetY(3, 2, { getProducts: ['p-b', 'p-c', 'p-d'], products: ['p-a', 'p-b', 'p-d'] }), [
        ...[line('a', 900, 2), line('b', 100), line('c', 300, 5), line('d', 200)],
      ]),
    ).toEqual({ b: 100, c: 300 }));
  it('an incomplete get side gives nothing', () =>
    expect(amountOf(buyXGetY(2, 2), [line('a', 1_000, 3)])).toBe('NO_EFFECT'));
  it('and a hint', () => {
    const { hints } = quote(cart([line('a', 1_000, 3)]), [coupon('BOGO', buyXGetY(2, 2))]);
    expect(hints).toMatchObject([{ type: 'ADD_QUANTITY', quantity: 1, lineId: 'a', effect: 'APPLIES' }]);
  });
  it('tells what is missing of either side', () => {
    const short = quote(cart([line('a', 1_000, 1)]), [coupon('BOGO', buyXGetY(3, 2))]).refused[0];
    expect(short?.data).toEqual({ cause: 'TOO_FEW_BOUGHT', buyQuantity: 3, getQuantity: 2, actual: 1, missing: 2 });
    const unpaired = quote(cart([line('a', 1_000, 4)]), [coupon('BOGO', buyXGetY(3, 2))]).refused[0];
    expect(unpaired?.data).toEqual({ cause: 'TOO_FEW_TO_GET', buyQuantity: 3, getQuantity: 2, actual: 1, missing: 1 });
  });
});
