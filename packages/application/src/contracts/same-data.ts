import assert from 'node:assert/strict';

/** Plain data as text and back, so that it doesn't matter which realm or class an adapter's objects come from. */
const plain = (data: unknown): unknown =>
  JSON.parse(
    JSON.stringify({ data }, (_, value: unknown) => (typeof value === 'bigint' ? { bigint: String(value) } : value)),
  );

/** Deep equality of plain data, whatever the order of fields; bigints are told from numbers. */
export function sameData(actual: unknown, expected: unknown, message?: string): void {
  assert.deepEqual(plain(actual), plain(expected), message);
}

/** The entries of an answer that is keyed by id, as plain data. */
export function sameEntries<Value>(
  actual: ReadonlyMap<string, Value>,
  expected: readonly (readonly [string, Value])[],
  message?: string,
): void {
  sameData(Object.fromEntries(actual), Object.fromEntries(expected), message);
  assert.equal(actual.size, new Map(expected).size, message);
}

/** The members of an answer, whatever their order. */
export function sameMembers(actual: Iterable<string>, expected: Iterable<string>, message?: string): void {
  sameData([...actual].sort(), [...expected].sort(), message);
}
