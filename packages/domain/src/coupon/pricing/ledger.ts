import type { Cart, CartLine } from '../../cart/cart.js';
import { partOf } from '../../money.js';

/**
 * What stays of a line while coupons take from it. Some of its units may have been chosen by a coupon that chooses
 * units: they are `taken`, and `freeNet` is what stays of the others.
 */
export interface LedgerLine {
  readonly item: CartLine;
  readonly gross: number;
  /** The line is never sold below it: `minimumUnitPrice × quantity`. */
  readonly floor: number;
  net: number;
  freeNet: number;
  taken: number;
}

/** The running figures of one cart; lines by `lineId`, so that no amount depends on the order in the cart. */
export interface Ledger {
  readonly cart: Cart;
  readonly lines: readonly LedgerLine[];
  shipping: number;
}

/** Some units of a line. */
export interface Pick {
  readonly line: LedgerLine;
  readonly units: number;
}

const openLine = (item: CartLine): LedgerLine => {
  const gross = item.unitPrice * item.quantity;
  return { item, gross, floor: item.minimumUnitPrice * item.quantity, net: gross, freeNet: gross, taken: 0 };
};

export const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const openLedger = (cart: Cart): Ledger => ({
  cart,
  lines: cart.lines.map(openLine).sort((a, b) => byText(a.item.lineId, b.item.lineId)),
  shipping: cart.shipping,
});

/** How many units of the line no coupon has chosen yet. */
export const freeUnits = ({ item, taken }: LedgerLine): number => item.quantity - taken;

/** What the first `units` of `count` units weigh that share `net` as `unitNets` has it: the lower ones come first. */
function firstOf(net: number, units: number, count: number): number {
  const low = Math.floor(net / count);
  return units * low + Math.max(0, units - (count - (net - low * count)));
}

/** The first `units` units that a coupon gets: units nobody chose before come first. */
function split(line: LedgerLine, units: number) {
  const free = freeUnits(line);
  const fresh = Math.min(units, free);
  return { fresh, freshNet: fresh > 0 ? firstOf(line.freeNet, fresh, free) : 0, again: units - fresh };
}

/** The current net of the units that a coupon gets. */
export function netOf({ line, units }: Pick): number {
  if (units === line.item.quantity) return line.net;
  const { freshNet, again } = split(line, units);
  return freshNet + (again > 0 ? firstOf(line.net - line.freeNet, again, line.taken) : 0);
}

/** The most that can be taken from the units: their net, and no more than what the line has above its floor. */
export const limitOf = ({ line }: Pick, net: number): number => Math.max(0, Math.min(net, line.net - line.floor));

/** Books `amount` off the units; a coupon that `chooses` its units makes them taken. */
export function book({ line, units }: Pick, amount: number, chooses: boolean): void {
  if (chooses) {
    const { fresh, freshNet } = split(line, units);
    line.freeNet -= freshNet;
    line.taken += fresh;
  } else {
    line.freeNet -= partOf(amount, line.freeNet, line.net);
  }
  line.net -= amount;
}
