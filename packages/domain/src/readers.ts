import type { Violation } from './refusal.js';

/** Takes note of a field that makes no sense. */
export type Report = (violation: Violation) => void;

/**
 * Turns anything at all into a `T`. What makes no sense is reported under its field and replaced by
 * some `T`, so that reading goes on and finds every other mistake too. Absent means undefined or null.
 */
export type Reader<T> = (value: unknown, field: string, report: Report) => T;

const isAbsent = (value: unknown) => value === undefined || value === null;
const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value that is fine or not as a whole; `instead` stands in for one that is not. */
export const leaf =
  <T>(isFine: (value: unknown) => value is T, message: string, instead: T): Reader<T> =>
  (value, field, report) => {
    if (isFine(value)) return value;
    report({ field, value, message: isAbsent(value) ? 'is required' : message });
    return instead;
  };

/** A safe integer in `[min, max]`; -0 is refused, for it is not what anyone meant. */
export const integer = (min: number, max: number = Number.MAX_SAFE_INTEGER): Reader<number> =>
  leaf(
    (value): value is number =>
      Number.isSafeInteger(value) && !Object.is(value, -0) && Number(value) >= min && Number(value) <= max,
    `must be a whole number from ${min} to ${max}`,
    min,
  );

/** Whether a database and a JSON document can carry `text`: no NUL byte and no half of a surrogate pair. */
export const isStorable = (text: string) => !/\0|\p{Surrogate}/u.test(text);

/** Text of `min` to `max` characters, blank only if `min` is 0. */
export const text = (min: number, max: number): Reader<string> =>
  leaf(
    (value): value is string => {
      if (typeof value !== 'string' || value.length > 2 * max || !isStorable(value)) return false;
      const { length } = [...value];
      return length >= min && length <= max && (min === 0 || value.trim() !== '');
    },
    `must be text of ${min} to ${max} characters, without NUL or broken characters`,
    '',
  );

/** Text that has a form of its own. */
export const textThat = (isFine: (text: string) => boolean, message: string): Reader<string> =>
  leaf((value): value is string => typeof value === 'string' && isFine(value), message, '');

export const flag: Reader<boolean> = leaf(
  (value): value is boolean => typeof value === 'boolean',
  'must be true or false',
  false,
);

export const oneOf = <const T extends string>(...words: readonly [T, ...T[]]): Reader<T> =>
  leaf((value): value is T => words.some(word => word === value), `must be one of ${words.join(', ')}`, words[0]);

/** `otherwise` for what is absent. */
export const optional =
  <T>(reader: Reader<T>, otherwise: T): Reader<T> =>
  (value, field, report) =>
    isAbsent(value) ? otherwise : reader(value, field, report);

export const nullable = <T>(reader: Reader<T>): Reader<T | null> => optional<T | null>(reader, null);

/** A list of `min` to `max` entries; each mistaken one is reported as `field[index]`. */
export const list =
  <T>(entry: Reader<T>, min: number, max: number): Reader<readonly T[]> =>
  (value, field, report) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      report({ field, value, message: isAbsent(value) ? 'is required' : `must be a list of ${min} to ${max} entries` });
      return [];
    }
    return Array.from(value, (item, index) => entry(item, `${field}[${index}]`, report));
  };

/** A list without repetition; the second of two equal entries is reported. */
export const distinct =
  <T>(reader: Reader<readonly T[]>): Reader<readonly T[]> =>
  (value, field, report) => {
    const items = reader(value, field, report);
    items.forEach((item, index) => {
      if (items.indexOf(item) !== index && Array.isArray(value) && value[index] === item)
        report({ field: `${field}[${index}]`, value: item, message: 'is there twice' });
    });
    return items;
  };

export type Fields<T> = { readonly [Name in keyof T]-?: Reader<T[Name]> };

const inside = (field: string, name: string) => (field === '' ? name : `${field}.${name}`);

/** An object of exactly these fields, own ones: what a prototype lends is not looked at, what is unknown is reported. */
export const record =
  <T extends object>(fields: Fields<T>): Reader<T> =>
  (value, field, report) => {
    const given = isObject(value) ? value : {};
    if (given !== value) report({ field, value, message: isAbsent(value) ? 'is required' : 'must be an object' });
    for (const name of Reflect.ownKeys(given)) {
      if (typeof name === 'symbol' || !Object.hasOwn(fields, name))
        report({ field: inside(field, String(name)), value: given[name], message: 'is not a known field' });
    }
    const names = Object.keys(fields) as (keyof T & string)[];
    const quiet = given === value ? report : () => {};
    return Object.fromEntries(
      names.map(name => [
        name,
        fields[name](Object.hasOwn(given, name) ? given[name] : undefined, inside(field, name), quiet),
      ]),
    ) as T;
  };

/** Reads `value` from the root and gathers every report; an object that throws when it is looked at is one more. */
export function readAll<T>(reader: Reader<T>, value: unknown): { value: T | null; violations: Violation[] } {
  const violations: Violation[] = [];
  try {
    return { value: reader(value, '', violation => violations.push(violation)), violations };
  } catch {
    return { value: null, violations: [...violations, { field: '', value: null, message: 'cannot be read' }] };
  }
}
