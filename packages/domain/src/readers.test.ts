import {
  distinct,
  flag,
  integer,
  isStorable,
  list,
  nullable,
  oneOf,
  optional,
  readAll,
  record,
  text,
} from './readers.js';
import type { Violation } from './refusal.js';

const person = record({ name: text(1, 5), age: nullable(integer(0, 150)), tags: optional(list(text(1, 3), 0, 2), []) });
const read = (value: unknown) => readAll(person, value);
const said = (violations: readonly Violation[]) => violations.map(({ field, message }) => `${field} ${message}`);

describe('reading an object', () => {
  it('fills in what is absent, null or undefined', () => {
    for (const absent of [{}, { age: null }, { age: undefined, tags: null }])
      expect(read({ name: 'Ann', ...absent })).toEqual({ value: { name: 'Ann', age: null, tags: [] }, violations: [] });
  });

  it('goes on after a mistake and finds the others', () =>
    expect(said(read({ age: 151, tags: ['ok', ''], colour: 1 }).violations)).toEqual([
      'colour is not a known field',
      'name is required',
      'age must be a whole number from 0 to 150',
      'tags[1] must be text of 1 to 3 characters, without NUL or broken characters',
    ]));

  it('keeps the value that made no sense', () =>
    expect(read({ name: 'Ann', age: '7' }).violations[0]).toEqual({
      ...{ field: 'age', value: '7', message: 'must be a whole number from 0 to 150' },
    }));

  it('finds hidden and symbolic fields too', () => {
    const odd = Object.defineProperty({ name: 'Ann', [Symbol('x')]: 1 }, 'hidden', { value: 1, enumerable: false });
    expect(said(read(odd).violations)).toEqual(['hidden is not a known field', 'Symbol(x) is not a known field']);
  });

  it('is not deceived by the holes of a list', () =>
    expect(said(read({ name: 'Ann', tags: Array(2) }).violations)).toEqual([
      'tags[0] is required',
      'tags[1] is required',
    ]));

  it('says one thing about a list that is too long, whatever is in it', () =>
    expect(said(read({ name: 'Ann', tags: Array(1e9) }).violations)).toEqual([
      'tags must be a list of 0 to 2 entries',
    ]));

  it.each([null, undefined, [], 'Ann', 5, () => 1])('says one thing about %p', value =>
    expect(read(value).violations).toHaveLength(1),
  );

  it('gives up on an object that throws', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('boo');
        },
      },
    );
    expect(read(trap)).toEqual({ value: null, violations: [{ field: '', value: null, message: 'cannot be read' }] });
  });
});

describe('reading', () => {
  it.each<[string, unknown, unknown[], unknown[]]>([
    ['a flag', flag, [true, false], [0, 1, 'true', null]],
    ['a word', oneOf('A', 'B'), ['A', 'B'], ['a', 'C', 0, undefined, ['A']]],
    ['text', text(1, 2), ['a', 'ab', '🎁🎁'], ['', ' ', 'abc', '🎁🎁🎁', 'a\0', '\ud83c', 1, null]],
    ['text that may be empty', text(0, 2), ['', ' '], ['abc', null]],
    ['a number', integer(-1, 3), [-1, 0, 3], [-2, 4, 0.5, -0, Number.NaN, '1', null, 1n]],
    [
      'distinct entries',
      distinct(list(oneOf('A', 'B'), 0, 3)),
      [[], ['A'], ['B', 'A']],
      [
        ['A', 'A'],
        ['A', 'B', 'A'],
      ],
    ],
  ])('%s', (_, reader, fine, not) => {
    const readable = reader as Parameters<typeof readAll>[0];
    for (const value of fine) expect(readAll(readable, value)).toEqual({ value, violations: [] });
    for (const value of not)
      expect({ value, count: readAll(readable, value).violations.length }).toEqual({ value, count: 1 });
  });

  it.each([
    ['plain', true],
    ['🎁', true],
    ['a\0', false],
    ['\ud83c', false],
    ['\udf81\ud83c', false],
  ])('%j can be stored: %p', (words, storable) => expect(isStorable(words)).toBe(storable));
});
