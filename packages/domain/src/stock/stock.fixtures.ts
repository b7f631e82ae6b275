import type { StockCommand, StockEvent, StockItem, StockTerms } from './stock.js';
import { stock } from './stock-decider.js';
import { evolveStockHold, type StockHold } from './stock-hold.js';

export const goods: StockTerms = { kind: 'GOODS', lowStockAt: null };
export const ebook: StockTerms = { kind: 'EBOOK', lowStockAt: null };

export const counted = (free: number, held = 0, sold = 0): StockItem => ({ status: 'COUNTED', free, held, sold });
export const uncounted: StockItem = { status: 'UNCOUNTED', held: 0, sold: 0 };

export const option = { productId: 'mug', optionId: 'blue' };
/** A hold of two until 500. */
export const heldBy = (changed: Partial<Exclude<StockHold, { status: 'NONE' }>> = {}): StockHold => ({
  ...{ status: 'HELD', ...option, orderNumber: 'order-1', quantity: 2, returns: [], expiresAt: 500, endedAt: null },
  ...changed,
});
export const posted = (quantity = 2) => heldBy({ status: 'POSTED', quantity, endedAt: 300 });

export const setFree = (quantity: number, terms = goods): StockCommand => ({
  type: 'SetFree',
  quantity,
  terms,
  at: 300,
});
export const adjust = (delta: number, terms = goods): StockCommand => ({ type: 'Adjust', delta, terms, at: 300 });
export const hold = (quantity = 2, terms = goods): StockCommand => ({
  ...{ type: 'Hold', holdId: 'h1', orderNumber: 'order-1', quantity, until: 500 },
  ...{ terms, at: 300 },
});
export const end = (type: 'Post' | 'Void' | 'Expire', known: StockHold, at = 300, terms = goods): StockCommand => ({
  ...{ type, holdId: 'h1', hold: known, terms, at },
});
export const giveBack = (quantity: number, known: StockHold = posted(), returnId = 'r1'): StockCommand => ({
  ...{ type: 'Return', holdId: 'h1', returnId, quantity, hold: known, terms: goods, at: 400 },
});

export function when(item: StockItem, command: StockCommand): { item: StockItem; events: readonly StockEvent[] } {
  const decision = stock.decide(item, command);
  if (!decision.accepted) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
  return { item: decision.events.reduce(stock.evolve, item), events: decision.events };
}

export const typesOf = (item: StockItem, command: StockCommand) => when(item, command).events.map(({ type }) => type);

export const refusalOf = (item: StockItem, command: StockCommand) => {
  const decision = stock.decide(item, command);
  return decision.accepted ? null : decision.refusal;
};

/** What becomes of a hold by the events of its item. */
export const movedBy = (known: StockHold, events: readonly StockEvent[]) =>
  events.reduce((state, event) => evolveStockHold(state, event, option), known);
