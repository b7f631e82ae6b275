import { cart, line } from '../coupon/pricing/pricing.fixtures.js';
import { checkCart } from './check-cart.js';

const fields = (...args: Parameters<typeof cart>) => checkCart(cart(...args)).map(({ field }) => field);

describe('a cart', () => {
  it('may be empty', () => expect(checkCart(cart([]))).toEqual([]));

  it.each([1, 2, 10_000])('takes %s units of a line', quantity =>
    expect(fields([line('a', 10, quantity)])).toEqual([]),
  );
  it.each([0, -1, 1.5, Number.NaN, 10_001])('does not take %s units of a line', quantity =>
    expect(fields([line('a', 10, quantity)])).toEqual(['lines[0].quantity']),
  );

  it.each([0, 1, Number.MAX_SAFE_INTEGER])('takes a price of %s', price =>
    expect(fields([line('a', price)])).toEqual([]),
  );
  it.each([-1, 0.5, 2 ** 53, Number.NaN])('does not take a price of %s', price =>
    expect(fields([line('a', price)])).toEqual(['lines[0].unitPrice']),
  );

  it.each<[number, string[]]>([
    [0, []],
    [10, []],
    [11, []],
    [-1, ['lines[0].minimumUnitPrice']],
    [0.5, ['lines[0].minimumUnitPrice']],
  ])('with a floor of %s under a price of 10: %p', (minimumUnitPrice, broken) =>
    expect(fields([line('a', 10, 1, { minimumUnitPrice })])).toEqual(broken),
  );

  it('names a line id that is used twice, with its value', () =>
    expect(checkCart(cart([line('a', 1), line('b', 1), line('a', 2)]))).toEqual([
      { field: 'lines[2].lineId', value: 'a', message: 'must be unique in the cart' },
    ]));

  it.each(['krw', 'KR', 'KRWW', '', '₩'])('does not take the currency %p', currency =>
    expect(fields([], { currency })).toEqual(['currency']),
  );
  it.each([-1, 0.5])('does not take shipping of %s', shipping =>
    expect(fields([], { shipping })).toEqual(['shipping']),
  );
  it('does not take a time that is none', () => expect(fields([], { at: Number.NaN })).toEqual(['at']));

  it('is worth no more than what is exact', () => {
    const most = line('a', Number.MAX_SAFE_INTEGER);
    expect(fields([most])).toEqual([]);
    expect(fields([most], { shipping: 1 })).toEqual(['lines']);
  });

  it('tells everything at once', () =>
    expect(fields([line('a', -1, 0)], { shipping: -1, currency: '' })).toEqual([
      ...['lines[0].quantity', 'lines[0].unitPrice', 'currency', 'shipping'],
    ]));
});
