import type { UnitSelection } from '../policy.js';
import { freeUnits, type LedgerLine, type Pick } from './ledger.js';
import { unitsOf } from './threshold.js';

/** Dearest first; of equal prices by `lineId`, in which order the lines of a ledger stand. */
export const dearestFirst = (lines: readonly LedgerLine[]): LedgerLine[] =>
  [...lines].sort((a, b) => b.item.unitPrice - a.item.unitPrice);

/** Cheapest first; ties as above. */
export const cheapestFirst = (lines: readonly LedgerLine[]): LedgerLine[] =>
  [...lines].sort((a, b) => a.item.unitPrice - b.item.unitPrice);

export const choosesUnits = ({ everyNthUnit, groupSize, maxUnits }: UnitSelection): boolean =>
  everyNthUnit !== null || groupSize !== null || maxUnits !== null;

/** The least number of eligible units with which a selection finds any. */
export function unitsNeeded({ everyNthUnit, groupSize }: UnitSelection): number {
  const group = groupSize ?? 1;
  return Math.ceil((everyNthUnit ?? 1) / group) * group;
}

/** How many units of each line the selection hits, if all units are free: counts, never single units. */
function hits(lines: readonly LedgerLine[], selection: UnitSelection): number[] {
  const { everyNthUnit, groupSize, maxUnits, maxUnitsPer } = selection;
  const nth = everyNthUnit ?? 1;
  const group = groupSize ?? 1;
  const usable = Math.floor(unitsOf(lines) / group) * group;
  let rest = maxUnits !== null && maxUnitsPer === 'ORDER' ? maxUnits : Number.POSITIVE_INFINITY;
  let end = 0;
  return lines.map(({ item }) => {
    const start = Math.min(end, usable);
    end += item.quantity;
    const inLine = Math.floor(Math.min(end, usable) / nth) - Math.floor(start / nth);
    const units = Math.min(inLine, rest, maxUnits !== null && maxUnitsPer === 'LINE' ? maxUnits : inLine);
    rest -= units;
    return units;
  });
}

/** Moves hits from units that other coupons took to free ones, the dearest first, while there are any. */
function spareTaken(lines: readonly LedgerLine[], counts: readonly number[], mostPerLine: number): Pick[] {
  const picks = lines.map((line, i) => ({ line, units: Math.min(counts[i] ?? 0, freeUnits(line)) }));
  let over = counts.reduce((sum, count) => sum + count, 0) - picks.reduce((sum, { units }) => sum + units, 0);
  if (over === 0) return picks;
  for (const pick of picks) {
    const more = Math.max(0, Math.min(over, Math.min(freeUnits(pick.line), mostPerLine) - pick.units));
    pick.units += more;
    over -= more;
  }
  // Nothing is free any more: the rest falls on units that were taken, where the selection hit them.
  for (const [i, pick] of picks.entries()) {
    const again = Math.max(0, Math.min(over, (counts[i] ?? 0) - pick.units));
    pick.units += again;
    over -= again;
  }
  return picks;
}

/**
 * The units that a discount touches (pricing rule 8): of the eligible units, dearest first over all lines, the
 * complete groups; of these every n-th; of these the dearest. Without a selection, all.
 */
export function chooseUnits(eligible: readonly LedgerLine[], selection: UnitSelection): Pick[] {
  if (!choosesUnits(selection)) return eligible.map(line => ({ line, units: line.item.quantity }));
  const lines = dearestFirst(eligible);
  const most =
    selection.maxUnitsPer === 'LINE' ? (selection.maxUnits ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const picks = spareTaken(lines, hits(lines, selection), most);
  return inLineOrder(picks);
}

/** Back into the order of the lines, which decides ties when an amount is spread. */
export const inLineOrder = (picks: readonly Pick[]): Pick[] =>
  picks.filter(({ units }) => units > 0).sort((a, b) => (a.line.item.lineId < b.line.item.lineId ? -1 : 1));

/**
 * The first `units` units in the order of `lines`, free ones as long as there are any. Of `shared` lines no more than
 * `quota` units in all.
 */
export function takeInOrder(
  lines: readonly LedgerLine[],
  units: number,
  shared: readonly LedgerLine[],
  quota: number,
): Pick[] {
  const isShared = new Set(shared);
  const picks = lines.map(line => ({ line, units: 0, shared: isShared.has(line) }));
  let rest = units;
  let sharedRest = quota;
  for (const reach of [freeUnits, (line: LedgerLine) => line.item.quantity]) {
    for (const pick of picks) {
      const most = pick.shared ? Math.min(rest, sharedRest) : rest;
      const more = Math.max(0, Math.min(most, reach(pick.line) - pick.units));
      pick.units += more;
      rest -= more;
      if (pick.shared) sharedRest -= more;
    }
  }
  return inLineOrder(picks);
}
