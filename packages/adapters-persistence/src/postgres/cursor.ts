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

/** The instant and the id of a place in a list that goes from new to old. */
export function datedPlace(cursor: string | null): readonly [number, string] | null {
  const [at, id] = placeOf(cursor);
  return Number.isSafeInteger(at) && typeof id === 'string' ? [at as number, id] : null;
}
