/** How TypeScript values travel to Postgres and back. Whole sets go as one array literal per column: cheap on both sides. */

const quoted = /["\\]/g;
const needsEscape = /["\\]/;

/** `{"a",NULL,"b"}`. Every element is quoted, so a user who is called NULL stays one. */
export function textArray(values: readonly (string | null)[]): string {
  if (values.length === 0) return '{}';
  let literal = '{';
  for (const value of values) {
    if (value === null) literal += 'NULL,';
    else literal += needsEscape.test(value) ? `"${value.replace(quoted, '\\$&')}",` : `"${value}",`;
  }
  return `${literal.slice(0, -1)}}`;
}

/** `{1,NULL,2}`, for numbers and uuids: nothing in them needs quotes. */
export const plainArray = (values: readonly (string | number | bigint | null)[]): string =>
  `{${values.map(value => value ?? 'NULL').join(',')}}`;

/** A column of a set: all its values, or a single one when they are all the same. */
export function column<Value>(values: readonly Value[]): readonly Value[] {
  const first = values[0] as Value;
  return values.length > 1 && values.every(value => value === first) ? [first] : values;
}

/** The value of a row for a parameter that `column` may have cut down to one element. */
export const either = (parameter: string, fromRow: string) =>
  `case when cardinality(${parameter}) = 1 then (${parameter})[1] else ${fromRow} end`;

const day = 86_400_000;
/**
 * Epoch milliseconds to `timestamptz`, to the millisecond over the whole range of a JavaScript date. One
 * multiplication of the whole would drift: Postgres multiplies intervals in floating point.
 */
export const toTimestamp = (milliseconds: string) =>
  `(timestamptz 'epoch' + (${milliseconds} / ${day}) * interval '24 hours' + (${milliseconds} % ${day}) * interval '1 millisecond')`;

/** `timestamptz` to epoch milliseconds; exact, because `extract` is numeric. */
export const toMilliseconds = (timestamp: string) => `floor(extract(epoch from ${timestamp}) * 1000)::bigint`;

/** @throws RangeError for what a JavaScript number can't hold exactly: no amount is ever rounded in silence */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what a number holds exactly`);
  return value;
}
