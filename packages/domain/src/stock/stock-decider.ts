import { isLineQuantity, MAX_LINE_QUANTITY } from '../cart/check-cart.js';
import { MOST_STOCK } from '../catalogue/define-product.js';
import { accept, type Decider, type Decision, refuse } from '../decider.js';
import { refusal } from '../refusal.js';
import { freeOf, type StockCommand, type StockEvent, type StockItem, type StockRefusal } from './stock.js';
import { isOverdue, returnedOf, type StockHold } from './stock-hold.js';

type StockDecision = Decision<StockEvent, StockRefusal>;
type Command<Type extends StockCommand['type']> = Extract<StockCommand, { type: Type }>;
type HoldEvent = Extract<StockEvent, { holdId: string }>['type'];

/** Where the units of a hold go: what is taken from one figure is added to another. */
const moves: Readonly<Record<HoldEvent, { readonly free: number; readonly held: number; readonly sold: number }>> = {
  StockHeld: { free: -1, held: 1, sold: 0 },
  StockHoldPosted: { free: 0, held: -1, sold: 1 },
  StockHoldVoided: { free: 1, held: -1, sold: 0 },
  StockHoldExpired: { free: 1, held: -1, sold: 0 },
  StockReturned: { free: 1, held: 0, sold: -1 },
};

function evolve(item: StockItem, event: StockEvent): StockItem {
  if (event.type === 'StockLow') return item;
  const { held, sold } = item;
  if (event.type === 'StockSet' || event.type === 'StockAdjusted')
    return { status: 'COUNTED', free: event.free, held, sold };
  const { quantity } = event;
  const move = moves[event.type];
  const next = { held: held + move.held * quantity, sold: sold + move.sold * quantity };
  return item.status === 'COUNTED'
    ? { status: 'COUNTED', free: item.free + move.free * quantity, ...next }
    : { status: 'UNCOUNTED', ...next };
}

function setFree(item: StockItem, { quantity: free, at }: Command<'SetFree'>): StockDecision {
  if (free > MOST_STOCK) return refuse(refusal('STOCK_TOO_LARGE', { free, most: MOST_STOCK }));
  return item.status === 'COUNTED' && item.free === free ? accept() : accept({ type: 'StockSet', free, at });
}

function adjust(item: StockItem, { delta, terms, at }: Command<'Adjust'>): StockDecision {
  const before = freeOf(item, terms);
  if (before === null) return refuse(refusal('STOCK_UNLIMITED', { delta }));
  const free = before + delta;
  if (free < 0) return refuse(refusal('OUT_OF_STOCK', { requested: -delta, free: before }));
  if (free > MOST_STOCK) return refuse(refusal('STOCK_TOO_LARGE', { free, most: MOST_STOCK }));
  return delta === 0 ? accept() : accept({ type: 'StockAdjusted', delta, free, at });
}

function hold(item: StockItem, { terms, holdId, orderNumber, quantity, until, at }: Command<'Hold'>): StockDecision {
  const free = freeOf(item, terms);
  if (free !== null && free < quantity) return refuse(refusal('OUT_OF_STOCK', { requested: quantity, free }));
  return accept({ type: 'StockHeld', holdId, orderNumber, quantity, until, at });
}

const ends = {
  Post: { status: 'POSTED', type: 'StockHoldPosted' },
  Void: { status: 'VOIDED', type: 'StockHoldVoided' },
  Expire: { status: 'EXPIRED', type: 'StockHoldExpired' },
} as const;

const notActive = (holdId: string, { status }: StockHold) => refusal('STOCK_HOLD_NOT_ACTIVE', { holdId, status });

function endHold({ type, holdId, hold: known, at }: Command<'Post' | 'Void' | 'Expire'>): StockDecision {
  if (known.status === 'NONE') return refuse(refusal('STOCK_HOLD_NOT_FOUND', { holdId }));
  const end = ends[type];
  if (known.status === end.status) return accept();
  const { quantity, expiresAt } = known;
  const over = isOverdue(known, at);
  if (type === 'Expire') return over ? accept({ type: end.type, holdId, quantity, at }) : accept();
  if (over || known.status === 'EXPIRED') {
    // What the time has given back is as void as the caller wants it.
    if (type === 'Post') return refuse(refusal('STOCK_HOLD_EXPIRED', { holdId, expiresAt }));
    return over ? accept({ type: 'StockHoldExpired', holdId, quantity, at }) : accept();
  }
  return known.status === 'HELD' ? accept({ type: end.type, holdId, quantity, at }) : refuse(notActive(holdId, known));
}

function giveBack({ holdId, returnId, quantity, hold: known, at }: Command<'Return'>): StockDecision {
  if (known.status === 'NONE') return refuse(refusal('STOCK_HOLD_NOT_FOUND', { holdId }));
  if (known.status !== 'POSTED') return refuse(notActive(holdId, known));
  if (known.returns.some(each => each.returnId === returnId)) return accept();
  const left = known.quantity - returnedOf(known);
  if (quantity > left) return refuse(refusal('QUANTITY_NOT_RETURNABLE', { holdId, requested: quantity, left }));
  return accept({ type: 'StockReturned', holdId, returnId, quantity, at });
}

/** Quantities that no count, order or refund can have: the mistake of a caller, told before anything moves. */
function quantityRefusal(command: StockCommand): StockRefusal | null {
  switch (command.type) {
    case 'SetFree':
      return Number.isInteger(command.quantity) && command.quantity >= 0
        ? null
        : refusal('QUANTITY_INVALID', { quantity: command.quantity, most: MOST_STOCK });
    case 'Adjust':
      return Number.isInteger(command.delta) ? null : refusal('QUANTITY_INVALID', { quantity: command.delta });
    case 'Hold':
    case 'Return':
      return isLineQuantity(command.quantity)
        ? null
        : refusal('QUANTITY_INVALID', { quantity: command.quantity, most: MAX_LINE_QUANTITY });
    default:
      return null;
  }
}

function decided(item: StockItem, command: StockCommand): StockDecision {
  const no = quantityRefusal(command);
  if (no) return refuse(no);
  switch (command.type) {
    case 'SetFree':
      return setFree(item, command);
    case 'Adjust':
      return adjust(item, command);
    case 'Hold':
      return hold(item, command);
    case 'Post':
    case 'Void':
    case 'Expire':
      return endHold(command);
    case 'Return':
      return giveBack(command);
  }
}

/** Tells of the fall to the threshold, and not again before what is free was above it once more. */
function decide(item: StockItem, command: StockCommand): StockDecision {
  const decision = decided(item, command);
  const { lowStockAt } = command.terms;
  if (!decision.accepted || lowStockAt === null) return decision;
  const after = decision.events.reduce(evolve, item);
  const before = freeOf(item, command.terms);
  if (after.status !== 'COUNTED' || after.free > lowStockAt || (before !== null && before <= lowStockAt))
    return decision;
  return accept(...decision.events, { type: 'StockLow', free: after.free, lowStockAt, at: command.at });
}

/** The rules of the units of one option and of the holds on them. Times go by the command: the time of the database. */
export const stock: Decider<StockItem, StockCommand, StockEvent, StockRefusal> = {
  initial: { status: 'UNCOUNTED', held: 0, sold: 0 },
  decide,
  evolve,
};
