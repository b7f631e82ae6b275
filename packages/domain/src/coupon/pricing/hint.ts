import type { Cart, CartLine } from '../../cart/cart.js';
import { formatMoney } from '../../money.js';

interface Hinted {
  readonly policyId: string;
  readonly couponId: string | null;
  readonly code: string | null;
  /** APPLIES: the coupon is refused now. GIVES_MORE: it applies already. */
  readonly effect: 'APPLIES' | 'GIVES_MORE';
  /** The same for people, in English. */
  readonly message: string;
}

/**
 * What the buyer can do so that a coupon applies or gives more. A quote only tells what it has tried: the cart of
 * `follow` was priced with the same coupons, and the coupon did apply or give more. What is not in the cart is taken
 * to cost as much as the dearest line, because its price is not known.
 */
export type Hint =
  /** `amount` (minor units) more of what the coupon discounts: something like line `lineId`. */
  | (Hinted & {
      readonly type: 'ADD_AMOUNT';
      readonly amount: number;
      readonly currency: string;
      readonly lineId: string;
    })
  /** `quantity` more units of line `lineId`. */
  | (Hinted & { readonly type: 'ADD_QUANTITY'; readonly quantity: number; readonly lineId: string })
  /** `quantity` units of something that is not in the cart; `choose` one of the products and categories, or one of each. */
  | (Hinted & {
      readonly type: 'ADD_PRODUCT';
      readonly quantity: number;
      readonly products: readonly string[];
      readonly categories: readonly string[];
      readonly choose: 'ANY' | 'ALL';
    });

type Bare<T> = T extends unknown ? Omit<T, 'message' | 'effect'> : never;
export type BareHint = Bare<Hint>;

const plural = (count: number, word: string) => `${count} more ${word}${count === 1 ? '' : 's'}`;

function deed(hint: BareHint): string {
  switch (hint.type) {
    case 'ADD_AMOUNT':
      return `${formatMoney(hint.amount, hint.currency)} more`;
    case 'ADD_QUANTITY':
      return `${plural(hint.quantity, 'unit')} of line ${hint.lineId}`;
    case 'ADD_PRODUCT': {
      const ids = [...hint.products, ...hint.categories];
      return `${plural(hint.quantity, 'unit')} of ${ids.join(hint.choose === 'ALL' ? ' and ' : ' or ')}`;
    }
  }
}

/** "3,000 KRW more and SAVE10 applies" */
export function messageOf(hint: BareHint, effect: Hint['effect']): string {
  return `${deed(hint)} and ${hint.code ?? hint.policyId} ${effect === 'APPLIES' ? 'applies' : 'gives more'}`;
}

/** Where the lines that are added stand among the others: equal prices and equal remainders go by `lineId`. */
export type Place = 'FIRST' | 'LAST';
const prefix: Readonly<Record<Place, string>> = { FIRST: '!', LAST: '~' };

/** A `lineId` that the cart does not have. */
const newLineId = (lines: readonly CartLine[], start: string): string =>
  lines.some(({ lineId }) => lineId === start) ? newLineId(lines, `${start}+`) : start;

/** A product nobody has priced yet is taken to cost as much as the dearest in the cart, or a round sum. */
const guessedPrice = ({ lines }: Cart) => Math.max(...lines.map(({ unitPrice }) => unitPrice), 0) || 1_000_000;

function added(cart: Cart, more: Partial<CartLine>, start: string): Cart {
  const lineId = newLineId(cart.lines, start);
  const line: CartLine = {
    lineId,
    productId: more.productId ?? lineId,
    categoryIds: more.categoryIds ?? [],
    unitPrice: more.unitPrice ?? guessedPrice(cart),
    quantity: more.quantity ?? 1,
    onSale: more.onSale ?? false,
    minimumUnitPrice: 0,
  };
  return { ...cart, lines: [...cart.lines, line] };
}

/** The cart of a buyer who does what the hint says. */
export function follow(cart: Cart, hint: BareHint, place: Place): Cart {
  const start = prefix[place];
  switch (hint.type) {
    case 'ADD_AMOUNT': {
      const like = cart.lines.find(({ lineId }) => lineId === hint.lineId);
      const { productId = '', categoryIds = [], onSale = false } = like ?? {};
      return added(cart, { productId, categoryIds, onSale, unitPrice: hint.amount }, start);
    }
    case 'ADD_QUANTITY': {
      const lines = cart.lines.map(line =>
        line.lineId === hint.lineId ? { ...line, quantity: line.quantity + hint.quantity } : line,
      );
      return { ...cart, lines };
    }
    case 'ADD_PRODUCT': {
      const { products, categories, choose, quantity } = hint;
      const wanted: Partial<CartLine>[] = [
        ...products.map(productId => ({ productId, quantity })),
        ...categories.map(id => ({ categoryIds: [id], quantity })),
      ];
      const chosen = choose === 'ALL' ? wanted : wanted.slice(0, 1);
      return chosen.reduce((next, more, i) => added(next, more, start + i), cart);
    }
  }
}
