import { isCallerId } from '../ids.js';
import { currencyCode, type Money } from '../money.js';
import {
  distinct,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  type Reader,
  readAll,
  record,
  text,
  textThat,
} from '../readers.js';
import type { Checked, Violation } from '../refusal.js';
import type { ProductKind, ProductOption, ProductTerms } from './product.js';

/** More options than this are several products. */
export const MOST_OPTIONS = 200;
export const MOST_CATEGORIES = 100;
/** Units of one option that can be free at a time. */
export const MOST_STOCK = 1_000_000_000;
/** The dearest unit, minor units: a full cart of it is still exact. */
export const HIGHEST_PRICE = 9_000_000_000;

/** What somebody wants a product to be. Absent and null mean the default; amounts are minor units. */
export interface ProductDraft {
  readonly name: string;
  /** Default GOODS. */
  readonly kind?: ProductKind | null;
  readonly categoryIds?: readonly string[] | null;
  /** None = off sale. */
  readonly options: readonly (Pick<ProductOption, 'optionId' | 'price'> & {
    readonly [Field in 'minimumUnitPrice' | 'onSale' | 'lowStockAt']?: ProductOption[Field] | null;
  })[];
}

const callerId = textThat(isCallerId, 'must be 1 to 64 of A-Z a-z 0-9 . _ : -');
const price = record<Money>({
  amount: integer(0, HIGHEST_PRICE),
  currency: currencyCode,
});

const option = record<ProductOption>({
  optionId: callerId,
  price,
  minimumUnitPrice: optional(integer(0, HIGHEST_PRICE), 0),
  onSale: optional(flag, false),
  lowStockAt: nullable(integer(0, MOST_STOCK)),
});

const terms: Reader<ProductTerms> = record<ProductTerms>({
  name: text(1, 200),
  kind: optional(oneOf('GOODS', 'EBOOK'), 'GOODS'),
  categoryIds: optional(distinct(list(callerId, 0, MOST_CATEGORIES)), []),
  options: list(option, 0, MOST_OPTIONS),
});

function optionViolations({ options }: ProductTerms): Violation[] {
  const seen = new Set<string>();
  return options.flatMap(({ optionId, price: { amount }, minimumUnitPrice }, index) => {
    const field = (name: string) => `options[${index}].${name}`;
    const found: Violation[] = [];
    if (seen.has(optionId))
      found.push({ field: field('optionId'), value: optionId, message: 'must be unique in the product' });
    if (minimumUnitPrice > amount)
      found.push({ field: field('minimumUnitPrice'), value: minimumUnitPrice, message: 'must not be above the price' });
    seen.add(optionId);
    return found;
  });
}

/** The terms of a product with every default filled in, or everything that is wrong with the draft. Never throws. */
export function defineProduct(draft: ProductDraft): Checked<ProductTerms> {
  const { value, violations } = readAll(terms, draft);
  if (value === null) return { ok: false, violations };
  const all = violations.length > 0 ? violations : optionViolations(value);
  return all.length === 0 ? { ok: true, value } : { ok: false, violations: all };
}
