import { accept, type Decider, type Decision, type Transitions } from '../decider.js';
import type { Money } from '../money.js';
import type { Instant } from '../time.js';

/** GOODS are counted from 0. An EBOOK that nobody has counted is there without end. */
export type ProductKind = 'GOODS' | 'EBOOK';

/** What is bought: one variant of a product, with a price of its own. */
export interface ProductOption {
  readonly optionId: string;
  readonly price: Money;
  /** The floor, minor units of the price's currency: no unit is sold below it. */
  readonly minimumUnitPrice: number;
  readonly onSale: boolean;
  /** Units; when what is free falls to it, an event tells; null = never. */
  readonly lowStockAt: number | null;
}

/** Everything that the catalogue says of a product. Without options it is off sale. */
export interface ProductTerms {
  readonly name: string;
  readonly kind: ProductKind;
  readonly categoryIds: readonly string[];
  readonly options: readonly ProductOption[];
}

export type Product =
  | { readonly status: 'NONE' }
  | {
      readonly status: 'LISTED';
      readonly terms: ProductTerms;
      readonly createdAt: Instant;
      readonly updatedAt: Instant;
    };

export type ProductCommand = { readonly type: 'PutProduct'; readonly terms: ProductTerms; readonly at: Instant };

export type ProductEvent = {
  readonly type: 'ProductListed' | 'ProductChanged';
  readonly terms: ProductTerms;
  readonly at: Instant;
};

/** Which events may follow each status: a product is listed once, and changed from then on. */
export const productTransitions = {
  NONE: { ProductListed: 'LISTED' },
  LISTED: { ProductChanged: 'LISTED' },
} as const satisfies Transitions<Product['status'], ProductEvent['type']>;

const sameOption = (a: ProductOption, b: ProductOption | undefined) =>
  b !== undefined &&
  a.optionId === b.optionId &&
  a.price.amount === b.price.amount &&
  a.price.currency === b.price.currency &&
  a.minimumUnitPrice === b.minimumUnitPrice &&
  a.onSale === b.onSale &&
  a.lowStockAt === b.lowStockAt;

const sameTerms = (a: ProductTerms, b: ProductTerms) =>
  a.name === b.name &&
  a.kind === b.kind &&
  a.categoryIds.length === b.categoryIds.length &&
  a.categoryIds.every((id, i) => id === b.categoryIds[i]) &&
  a.options.length === b.options.length &&
  a.options.every((option, i) => sameOption(option, b.options[i]));

/** The same terms again change nothing: a PUT may be repeated. */
function decide(product: Product, { terms, at }: ProductCommand): Decision<ProductEvent, never> {
  if (product.status === 'NONE') return accept({ type: 'ProductListed', terms, at });
  return sameTerms(product.terms, terms) ? accept() : accept({ type: 'ProductChanged', terms, at });
}

const evolve = (product: Product, { terms, at }: ProductEvent): Product => ({
  status: 'LISTED',
  terms,
  createdAt: product.status === 'NONE' ? at : product.createdAt,
  updatedAt: at,
});

/** The catalogue's entry of one product. */
export const product: Decider<Product, ProductCommand, ProductEvent, never> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};

/** The option of this name; undefined when the product or the option is gone. */
export const optionOf = (state: Product, optionId: string): ProductOption | undefined =>
  state.status === 'NONE' ? undefined : state.terms.options.find(option => option.optionId === optionId);
