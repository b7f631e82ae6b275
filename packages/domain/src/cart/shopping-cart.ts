import { accept, type Decider, type Decision, refuse, type Transitions } from '../decider.js';
import { type Refusal, refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import { isLineQuantity, MAX_LINE_QUANTITY } from './check-cart.js';

/** More lines than this are no cart of a person; an answer names them all. */
export const MOST_CART_LINES = 100;

export interface CartOption {
  readonly productId: string;
  readonly optionId: string;
}

/** One option and how many of it. What it costs is not kept: prices are read when they are needed. */
export interface ShoppingCartLine extends CartOption {
  readonly quantity: number;
  readonly addedAt: Instant;
}

/** What a user has put aside to order; every option at most once, in the order in which they came. */
export type ShoppingCart =
  | { readonly status: 'EMPTY' }
  | { readonly status: 'FILLED'; readonly lines: readonly ShoppingCartLine[] };

export type ShoppingCartCommand = { readonly at: Instant } & (
  | ({ readonly type: 'Add'; readonly quantity: number } & CartOption)
  | { readonly type: 'Change'; readonly from: CartOption; readonly to: CartOption; readonly quantity: number }
  | { readonly type: 'Remove'; readonly items: readonly CartOption[] }
  /** So many units leave; of a line that has more by now, the others stay. */
  | { readonly type: 'Buy'; readonly items: readonly BoughtItem[] }
  | { readonly type: 'Clear' }
);

export interface BoughtItem extends CartOption {
  readonly quantity: number;
}

export type ShoppingCartEvent = { readonly at: Instant } & (
  | ({ readonly type: 'CartItemAdded'; readonly quantity: number } & CartOption)
  | { readonly type: 'CartItemChanged'; readonly from: CartOption; readonly to: CartOption; readonly quantity: number }
  | { readonly type: 'CartItemsRemoved'; readonly items: readonly CartOption[] }
  | { readonly type: 'CartCleared' }
);

export type ShoppingCartRefusal = Refusal<
  'CART_FULL' | 'CART_QUANTITY_TOO_LARGE' | 'CART_ITEM_NOT_FOUND' | 'QUANTITY_INVALID'
>;

/** Which events may follow each status: an empty cart can only be filled. */
export const shoppingCartTransitions = {
  EMPTY: { CartItemAdded: 'FILLED' },
  FILLED: {
    CartItemAdded: 'FILLED',
    CartItemChanged: 'FILLED',
    CartItemsRemoved: ['FILLED', 'EMPTY'],
    CartCleared: 'EMPTY',
  },
} as const satisfies Transitions<ShoppingCart['status'], ShoppingCartEvent['type']>;

export const cartLines = (cart: ShoppingCart): readonly ShoppingCartLine[] =>
  cart.status === 'EMPTY' ? [] : cart.lines;

const isSame = (a: CartOption, b: CartOption) => a.productId === b.productId && a.optionId === b.optionId;
const find = (lines: readonly ShoppingCartLine[], option: CartOption) => lines.find(line => isSame(line, option));
const tooLarge = (quantity: number) => refusal('CART_QUANTITY_TOO_LARGE', { quantity, most: MAX_LINE_QUANTITY });

const optionIn = ({ productId, optionId }: CartOption): CartOption => ({ productId, optionId });

const removed = (lines: readonly ShoppingCartLine[], at: Instant): ShoppingCartEvent[] =>
  lines.length === 0 ? [] : [{ type: 'CartItemsRemoved', items: lines.map(optionIn), at }];

function bought(lines: readonly ShoppingCartLine[], items: readonly BoughtItem[], at: Instant): ShoppingCartEvent[] {
  const left = lines.flatMap(line => {
    const own = items.filter(item => isSame(item, line));
    return own.length === 0 ? [] : [{ line, rest: own.reduce((rest, { quantity }) => rest - quantity, line.quantity) }];
  });
  const changes = left
    .filter(({ rest }) => rest > 0)
    .map(({ line, rest }): ShoppingCartEvent => {
      const option = optionIn(line);
      return { type: 'CartItemChanged', from: option, to: option, quantity: rest, at };
    });
  const gone = left.filter(({ rest }) => rest <= 0).map(({ line }) => line);
  return [...changes, ...removed(gone, at)];
}

function decide(cart: ShoppingCart, command: ShoppingCartCommand): Decision<ShoppingCartEvent, ShoppingCartRefusal> {
  const lines = cartLines(cart);
  if ('quantity' in command && !isLineQuantity(command.quantity))
    return refuse(refusal('QUANTITY_INVALID', { quantity: command.quantity, most: MAX_LINE_QUANTITY }));
  switch (command.type) {
    case 'Add': {
      const there = find(lines, command);
      const quantity = (there?.quantity ?? 0) + command.quantity;
      if (quantity > MAX_LINE_QUANTITY) return refuse(tooLarge(quantity));
      if (!there && lines.length >= MOST_CART_LINES) return refuse(refusal('CART_FULL', { most: MOST_CART_LINES }));
      const { productId, optionId, at } = command;
      return accept({ type: 'CartItemAdded', productId, optionId, quantity: command.quantity, at });
    }
    case 'Change': {
      const { from, to, quantity, at } = command;
      const there = find(lines, from);
      if (!there) return refuse(refusal('CART_ITEM_NOT_FOUND', { ...from }));
      const other = isSame(from, to) ? undefined : find(lines, to);
      const sum = quantity + (other?.quantity ?? 0);
      if (sum > MAX_LINE_QUANTITY) return refuse(tooLarge(sum));
      if (isSame(from, to) && there.quantity === quantity) return accept();
      return accept({ type: 'CartItemChanged', from, to, quantity, at });
    }
    case 'Remove':
      return accept(
        ...removed(
          lines.filter(line => command.items.some(item => isSame(item, line))),
          command.at,
        ),
      );
    case 'Buy':
      return accept(...bought(lines, command.items, command.at));
    case 'Clear':
      return lines.length === 0 ? accept() : accept({ type: 'CartCleared', at: command.at });
  }
}

const cartOfLines = (lines: readonly ShoppingCartLine[]): ShoppingCart =>
  lines.length === 0 ? { status: 'EMPTY' } : { status: 'FILLED', lines };

/** A line keeps its place; one that becomes an option that is there already is merged into the line that came first. */
function changed(
  lines: readonly ShoppingCartLine[],
  { from, to, quantity }: Extract<ShoppingCartEvent, { type: 'CartItemChanged' }>,
): readonly ShoppingCartLine[] {
  const other = isSame(from, to) ? undefined : find(lines, to);
  const sum = quantity + (other?.quantity ?? 0);
  const { productId, optionId } = to;
  const touched = lines.filter(line => isSame(line, from) || isSame(line, to));
  return lines.flatMap(line => {
    if (!touched.includes(line)) return [line];
    return line === touched[0] ? [{ ...line, productId, optionId, quantity: sum }] : [];
  });
}

function evolve(cart: ShoppingCart, event: ShoppingCartEvent): ShoppingCart {
  const lines = cartLines(cart);
  switch (event.type) {
    case 'CartItemAdded': {
      const { productId, optionId, quantity, at } = event;
      if (!find(lines, event)) return cartOfLines([...lines, { productId, optionId, quantity, addedAt: at }]);
      return cartOfLines(
        lines.map(line => (isSame(line, event) ? { ...line, quantity: line.quantity + quantity } : line)),
      );
    }
    case 'CartItemChanged':
      return cartOfLines(changed(lines, event));
    case 'CartItemsRemoved':
      return cartOfLines(lines.filter(line => !event.items.some(item => isSame(item, line))));
    case 'CartCleared':
      return cartOfLines([]);
  }
}

/** A user's shopping cart. */
export const shoppingCart: Decider<ShoppingCart, ShoppingCartCommand, ShoppingCartEvent, ShoppingCartRefusal> = {
  initial: { status: 'EMPTY' },
  decide,
  evolve,
};
