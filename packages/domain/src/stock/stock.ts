import type { ProductKind } from '../catalogue/product.js';
import type { Transitions } from '../decider.js';
import type { Refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import type { StockHold } from './stock-hold.js';

/**
 * The units of one option: free to be held, held for orders, sold. UNCOUNTED until somebody says how many there are:
 * of GOODS that is none, of an EBOOK any number.
 */
export type StockItem =
  | { readonly status: 'UNCOUNTED'; readonly held: number; readonly sold: number }
  | { readonly status: 'COUNTED'; readonly free: number; readonly held: number; readonly sold: number };

/** What the catalogue says of the option now. */
export interface StockTerms {
  readonly kind: ProductKind;
  /** Units; null = nobody wants to know. */
  readonly lowStockAt: number | null;
}

interface Timed {
  readonly terms: StockTerms;
  readonly at: Instant;
}

/** `hold` is the hold as it is stored: the item and its holds are decided on together, under the item's lock. */
export type StockCommand = Timed &
  (
    | { readonly type: 'SetFree'; readonly quantity: number }
    | { readonly type: 'Adjust'; readonly delta: number }
    | {
        readonly type: 'Hold';
        readonly holdId: string;
        readonly orderNumber: string;
        readonly quantity: number;
        readonly until: Instant;
      }
    | { readonly type: 'Post' | 'Void' | 'Expire'; readonly holdId: string; readonly hold: StockHold }
    | {
        readonly type: 'Return';
        readonly holdId: string;
        /** The same return again changes nothing. */
        readonly returnId: string;
        readonly quantity: number;
        readonly hold: StockHold;
      }
  );

export type StockEvent = { readonly at: Instant } & (
  | { readonly type: 'StockSet'; readonly free: number }
  | { readonly type: 'StockAdjusted'; readonly delta: number; readonly free: number }
  | {
      readonly type: 'StockHeld';
      readonly holdId: string;
      readonly orderNumber: string;
      readonly quantity: number;
      readonly until: Instant;
    }
  | {
      readonly type: 'StockHoldPosted' | 'StockHoldVoided' | 'StockHoldExpired';
      readonly holdId: string;
      readonly quantity: number;
    }
  | {
      readonly type: 'StockReturned';
      readonly holdId: string;
      readonly returnId: string;
      readonly quantity: number;
    }
  /** What is free has just fallen to `lowStockAt` or below. */
  | { readonly type: 'StockLow'; readonly free: number; readonly lowStockAt: number }
);

export type StockRefusal = Refusal<
  | 'OUT_OF_STOCK'
  | 'QUANTITY_INVALID'
  | 'STOCK_TOO_LARGE'
  | 'STOCK_UNLIMITED'
  | 'STOCK_HOLD_NOT_FOUND'
  | 'STOCK_HOLD_EXPIRED'
  | 'STOCK_HOLD_NOT_ACTIVE'
  | 'QUANTITY_NOT_RETURNABLE'
>;

/** Which events may follow each status, and where they lead. Once counted, an item stays so. */
export const stockTransitions = {
  UNCOUNTED: {
    StockSet: 'COUNTED',
    StockAdjusted: 'COUNTED',
    StockHeld: 'UNCOUNTED',
    StockHoldPosted: 'UNCOUNTED',
    StockHoldVoided: 'UNCOUNTED',
    StockHoldExpired: 'UNCOUNTED',
    StockReturned: 'UNCOUNTED',
  },
  COUNTED: {
    StockSet: 'COUNTED',
    StockAdjusted: 'COUNTED',
    StockHeld: 'COUNTED',
    StockHoldPosted: 'COUNTED',
    StockHoldVoided: 'COUNTED',
    StockHoldExpired: 'COUNTED',
    StockReturned: 'COUNTED',
    StockLow: 'COUNTED',
  },
} as const satisfies Transitions<StockItem['status'], StockEvent['type']>;

/** Ids of callers have no slash, so two options never share one. */
export const stockItemId = (productId: string, optionId: string): string => `${productId}/${optionId}`;

/** What can be held now; null = any number. */
export const freeOf = (item: StockItem, { kind }: Pick<StockTerms, 'kind'>): number | null =>
  item.status === 'COUNTED' ? item.free : kind === 'EBOOK' ? null : 0;
