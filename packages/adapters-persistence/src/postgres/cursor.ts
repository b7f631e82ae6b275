/** A place in a list, opaque to callers. A cursor that nobody has given out reads as the start of the list. */
export const cursorOf = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

export function placeOf(cursor: string | null): readonly unknown[] {
  if (cursor === null) return [];
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(place) ? place : [];
  } catch {
    return [];
  }
}

/** What `timestamptz` and a JavaScript date both can say, epoch milliseconds. */
const [EARLIEST, LATEST] = [-210_866_803_200_000, 8_640_000_000_000_000];
const isInstant = (at: unknown): at is number =>
  Number.isSafeInteger(at) && Number(at) >= EARLIEST && Number(at) <= LATEST;

/** The instant and the id of a place in a list that goes from new to old. */
export function datedPlace(cursor: string | null): readonly [number, string] | null {
  const [at, id] = placeOf(cursor);
  return isInstant(at) && typeof id === 'string' ? [at, id] : null;
}

const LARGEST_INT = 2 ** 31 - 1;

/** The number of a place in a list that is counted from 1; 0 = its start. */
export function countedPlace(cursor: string | null): number {
  const [place] = placeOf(cursor);
  return Number.isInteger(place) && Number(place) > 0 && Number(place) <= LARGEST_INT ? Number(place) : 0;
}
