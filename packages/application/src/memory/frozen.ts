/**
 * A deep, frozen copy of plain data: neither the writer nor a reader can change what is stored. Fields that are
 * undefined are dropped, as every store that writes JSON would.
 */
export function frozen<Data>(data: Data): Data {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return Object.freeze(data.map(frozen)) as Data;
  const fields = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.freeze(Object.fromEntries(fields.map(([name, value]) => [name, frozen(value)]))) as Data;
}

/** A key of several parts, without collisions whatever the parts contain. */
export const keyOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);
