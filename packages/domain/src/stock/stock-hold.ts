import type { Transitions } from '../decider.js';
import type { Instant } from '../time.js';
import type { StockEvent } from './stock.js';

/**
 * Units of one option that are held for an order line, and what became of them. The item decides; its events move the
 * hold, which is resolved once: posted (sold), voided or expired (free again).
 */
export type StockHold =
  | { readonly status: 'NONE' }
  | {
      readonly status: StockHoldStatus;
      readonly productId: string;
      readonly optionId: string;
      readonly orderNumber: string;
      readonly quantity: number;
      /** What came back of the sold units, each return once. */
      readonly returns: readonly { readonly returnId: string; readonly quantity: number }[];
      /** Exclusive. From this instant on, by the time of the database, the hold is over. */
      readonly expiresAt: Instant;
      /** Null while HELD. */
      readonly endedAt: Instant | null;
    };

export type StockHoldStatus = 'HELD' | 'POSTED' | 'VOIDED' | 'EXPIRED';

/** A hold is resolved at most once; only sold units come back. */
export const stockHoldTransitions = {
  NONE: { StockHeld: 'HELD' },
  HELD: { StockHoldPosted: 'POSTED', StockHoldVoided: 'VOIDED', StockHoldExpired: 'EXPIRED' },
  POSTED: { StockReturned: 'POSTED' },
  VOIDED: {},
  EXPIRED: {},
} as const satisfies Transitions<StockHold['status'], StockEvent['type']>;

/** Units of a hold that came back. */
export const returnedOf = (hold: StockHold): number =>
  hold.status === 'NONE' ? 0 : hold.returns.reduce((sum, { quantity }) => sum + quantity, 0);

/** Whether the time has ended it, written down or not. */
export const isOverdue = (hold: StockHold, at: Instant): boolean => hold.status === 'HELD' && hold.expiresAt <= at;

/** The hold after an event of its item; `option` tells of which. */
export function evolveStockHold(
  hold: StockHold,
  event: StockEvent,
  option: { readonly productId: string; readonly optionId: string },
): StockHold {
  if (event.type === 'StockHeld') {
    const { orderNumber, quantity, until } = event;
    return { status: 'HELD', ...option, orderNumber, quantity, returns: [], expiresAt: until, endedAt: null };
  }
  if (hold.status === 'NONE') return hold;
  const next: Partial<Record<StockEvent['type'], StockHoldStatus>> = stockHoldTransitions[hold.status];
  const status = next[event.type];
  if (!status) return hold;
  if (event.type !== 'StockReturned') return { ...hold, status, endedAt: event.at };
  const { returnId, quantity } = event;
  return { ...hold, returns: [...hold.returns, { returnId, quantity }] };
}
