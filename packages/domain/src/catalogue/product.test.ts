import { defineProduct, HIGHEST_PRICE, type ProductDraft } from './define-product.js';
import { optionOf, type Product, type ProductTerms, product, productTransitions } from './product.js';

const price = { amount: 12_000, currency: 'KRW' };
const draft = (changed: object = {}): ProductDraft => ({
  name: 'A mug',
  options: [{ optionId: 'blue', price }],
  ...changed,
});
const termsOf = (changed: object = {}): ProductTerms => {
  const terms = defineProduct(draft(changed));
  if (!terms.ok) throw new Error(JSON.stringify(terms.violations));
  return terms.value;
};
const withOption = (changed: object) => draft({ options: [{ optionId: 'blue', price, ...changed }] });

describe('defining a product', () => {
  it('fills in every default', () =>
    expect(termsOf()).toEqual({
      name: 'A mug',
      kind: 'GOODS',
      categoryIds: [],
      options: [{ optionId: 'blue', price, minimumUnitPrice: 0, onSale: false, lowStockAt: null }],
    }));

  it('takes what it gave out', () => expect(defineProduct(termsOf())).toEqual({ ok: true, value: termsOf() }));

  it('takes a product without options: it is off sale', () => expect(termsOf({ options: [] }).options).toEqual([]));

  it.each<[string, ProductDraft]>([
    ['options[0].price.amount', withOption({ price: { amount: -1, currency: 'KRW' } })],
    ['options[0].price.amount', withOption({ price: { amount: 1.5, currency: 'KRW' } })],
    ['options[0].price.amount', withOption({ price: { amount: HIGHEST_PRICE + 1, currency: 'KRW' } })],
    ['options[0].price.currency', withOption({ price: { amount: 1, currency: 'won' } })],
    ['options[0].price.currency', withOption({ price: { amount: 1, currency: 'ZZZ' } })],
    ['options[0].price', withOption({ price: 12_000 })],
    ['options[0].minimumUnitPrice', withOption({ minimumUnitPrice: 12_001 })],
    ['options[0].lowStockAt', withOption({ lowStockAt: -1 })],
    ['options[0].optionId', withOption({ optionId: 'a/b' })],
    ['options[0].colour', withOption({ colour: 'blue' })],
    [
      'options[1].optionId',
      draft({
        options: [
          { optionId: 'a', price },
          { optionId: 'a', price },
        ],
      }),
    ],
    ['options', draft({ options: Array.from({ length: 201 }, (_, i) => ({ optionId: `o${i}`, price })) })],
    ['categoryIds[1]', draft({ categoryIds: ['books', 'books'] })],
    ['kind', draft({ kind: 'SERVICE' })],
    ['name', draft({ name: ' ' })],
    ['', null as unknown as ProductDraft],
  ])('names the field that makes no sense: %s', (field, wrong) => {
    const checked = defineProduct(wrong);
    expect(checked.ok ? [] : checked.violations.map(violation => violation.field)).toContain(field);
  });

  it.each([0, 11_999, 12_000])('takes a floor of %d below or at the price', minimumUnitPrice =>
    expect(defineProduct(withOption({ minimumUnitPrice })).ok).toBe(true),
  );
});

const put = (state: Product, terms: ProductTerms, at: number) => {
  const decision = product.decide(state, { type: 'PutProduct', terms, at });
  if (!decision.accepted) throw new Error('refused');
  return { state: decision.events.reduce(product.evolve, state), types: decision.events.map(({ type }) => type) };
};

describe('a product', () => {
  const first = put(product.initial, termsOf(), 100);

  it('is listed once and changed from then on', () => {
    expect(first).toEqual({
      types: ['ProductListed'],
      state: { status: 'LISTED', terms: termsOf(), createdAt: 100, updatedAt: 100 },
    });
    const second = put(first.state, termsOf({ name: 'A cup' }), 200);
    expect(second.types).toEqual(['ProductChanged']);
    expect(second.state).toMatchObject({ createdAt: 100, updatedAt: 200, terms: { name: 'A cup' } });
  });

  it('is not changed by the same terms again', () => expect(put(first.state, termsOf(), 200).types).toEqual([]));

  it.each<[string, object]>([
    ['kind', { kind: 'EBOOK' }],
    ['categories', { categoryIds: ['a'] }],
    ['options', { options: [] }],
    ['price', { options: [{ optionId: 'blue', price: { ...price, amount: 1 } }] }],
    ['currency', { options: [{ optionId: 'blue', price: { ...price, currency: 'USD' } }] }],
    ['floor', { options: [{ optionId: 'blue', price, minimumUnitPrice: 1 }] }],
    ['sale', { options: [{ optionId: 'blue', price, onSale: true }] }],
    ['threshold', { options: [{ optionId: 'blue', price, lowStockAt: 1 }] }],
  ])('is changed by another %s', (_, changed) =>
    expect(put(first.state, termsOf(changed), 200).types).toEqual(['ProductChanged']),
  );

  it('knows its options by name, and none that it has not', () => {
    expect(optionOf(first.state, 'blue')?.price).toEqual(price);
    expect(optionOf(first.state, 'Blue')).toBeUndefined();
    expect(optionOf(product.initial, 'blue')).toBeUndefined();
  });

  it('can always be changed: no status is a trap', () =>
    expect(Object.values(productTransitions).every(next => Object.keys(next).length > 0)).toBe(true));
});
