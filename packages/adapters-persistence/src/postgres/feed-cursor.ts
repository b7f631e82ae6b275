import { FeedCursorError } from '@org/application';

/** What a snapshot of Postgres sees: all below `xmin`, none from `xmax` on, and between them all but the open ones. */
export interface Snapshot {
  readonly text: string;
  readonly xmin: bigint;
  readonly xmax: bigint;
  readonly open: readonly bigint[];
}

/** A moment: what was visible then, and a position that none of it is beyond. */
export interface Moment {
  readonly snapshot: Snapshot;
  readonly ceiling: number;
}

/** Everything visible at `from` is read, and of what became visible until `to`, all up to `position`. */
export interface Place {
  readonly from: Snapshot;
  /** null = the next stretch has not begun. */
  readonly stretch: { readonly to: Moment; readonly position: number } | null;
}

const LONGEST = 8_000;
const shape = /^(\d{1,19}):(\d{1,19}):((?:\d{1,19})(?:,\d{1,19})*)?$/;
const LARGEST_INT8 = 2n ** 63n - 1n;

/** @returns null for what Postgres would not take for a snapshot either */
export function snapshotOf(text: string): Snapshot | null {
  const [, low, high, between] = shape.exec(text) ?? [];
  if (low === undefined || high === undefined) return null;
  const [xmin, xmax] = [BigInt(low), BigInt(high)];
  const open = between === undefined ? [] : between.split(',').map(BigInt);
  const rises = open.every((xid, i) => xid >= (open[i - 1] ?? xmin) && xid < xmax);
  return xmin >= 3n && xmin <= xmax && xmax < LARGEST_INT8 && rises ? { text, xmin, xmax, open } : null;
}

/** Sees nothing: no transaction has an xid below 3. */
export const NOTHING: Snapshot = { text: '3:3:', xmin: 3n, xmax: 3n, open: [] };

const sees = ({ xmax, open }: Snapshot, xid: bigint) => xid < xmax && !open.includes(xid);

/** No transaction that `to` sees and `from` does not has a lower xid. */
export const firstNewcomer = (from: Snapshot, to: Snapshot): bigint =>
  from.open.find(xid => sees(to, xid)) ?? from.xmax;

/** Whether `to` sees all that `from` sees. */
export const isNotBefore = (from: Snapshot, to: Snapshot): boolean =>
  from.xmax <= to.xmax && !to.open.some(xid => sees(from, xid));

export const cursorOfMoment = ({ snapshot, ceiling }: Moment) => `${snapshot.text}~${ceiling}`;

export const cursorOfPlace = (from: Snapshot, to: Moment, position: number) =>
  `${from.text}~${cursorOfMoment(to)}~${position}`;

const before = (xid: bigint): Snapshot => ({ text: `${xid}:${xid}:`, xmin: xid, xmax: xid, open: [] });

/** The ceiling of a stretch that is one transaction: where its positions end is not known, and need not be. */
export const NO_CEILING = 0;

/** Where an event was written: by which transaction, and at which position. */
export interface Written {
  readonly xid: string;
  readonly position: number;
}

/**
 * The cursors of all events that became visible between two moments, in the order of their positions.
 *
 * An event is called after its own transaction wherever that is the same place: when all lower xids are decided, none
 * from there on was read before, and the order of positions is that of the xids. So it has one name, whether it is
 * read at once or much later; only those that overtook each other are called after the two moments.
 */
export function cursorsBetween(from: Snapshot, to: Moment, events: readonly Written[]): string[] {
  const xids = events.map(({ xid }) => BigInt(xid));
  const lowestFrom = xids.slice();
  for (let i = xids.length - 2; i >= 0; i--) lowestFrom[i] = lowerOf(xids[i] as bigint, lowestFrom[i + 1] as bigint);
  let highest = from.xmax;
  return events.map(({ position }, i) => {
    const xid = xids[i] as bigint;
    const isOwnPlace = xid >= highest && xid === lowestFrom[i] && xid < to.snapshot.xmin;
    if (xid > highest) highest = xid;
    const ownMoment = { snapshot: before(xid + 1n), ceiling: NO_CEILING };
    return isOwnPlace ? cursorOfPlace(before(xid), ownMoment, position) : cursorOfPlace(from, to, position);
  });
}

const lowerOf = (a: bigint, b: bigint) => (a < b ? a : b);

const numberOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;

const shown = (cursor: string) => JSON.stringify(cursor.length > 80 ? `${cursor.slice(0, 80)}…` : cursor);

/** @throws FeedCursorError */
export function placeOfCursor(cursor: string | null): Place {
  if (cursor === null) return { from: NOTHING, stretch: null };
  const parts = cursor.length > LONGEST ? [] : cursor.split('~');
  const from = snapshotOf(parts[0] ?? '');
  if (from && parts.length === 2 && numberOf(parts[1]) !== null) return { from, stretch: null };
  const [snapshot, ceiling, position] = [snapshotOf(parts[1] ?? ''), numberOf(parts[2]), numberOf(parts[3])];
  if (from && snapshot && ceiling !== null && position !== null && parts.length === 4)
    return { from, stretch: { to: { snapshot, ceiling }, position } };
  throw new FeedCursorError(`${shown(cursor)} is no cursor of this feed`);
}

/** @throws FeedCursorError for a place that is not a moment */
export function momentOfCursor(cursor: string): Moment {
  const [text = '', last] = cursor.split('~');
  const [snapshot, ceiling] = [snapshotOf(text), numberOf(last)];
  if (!snapshot || ceiling === null) throw new FeedCursorError(`${shown(cursor)} is not a moment of this feed`);
  return { snapshot, ceiling };
}
