import { virtualPartitionOf } from '@org/application';
import { cursorOf, datedPlace, placeOf } from './cursor.js';
import { column, plainArray, safeInteger, textArray } from './values.js';

describe('sets as array literals', () => {
  it.each([
    [[], '{}'],
    [['a'], '{"a"}'],
    [['NULL', null], '{"NULL",NULL}'],
    [['', ' '], '{""," "}'],
    [['a"b', 'c\\d'], '{"a\\"b","c\\\\d"}'],
    [['a,b', '{c}'], '{"a,b","{c}"}'],
  ])('writes the texts %j as %s', (values, literal) => expect(textArray(values)).toBe(literal));

  it('writes numbers without quotes', () => expect(plainArray([1, null, -2n])).toBe('{1,NULL,-2}'));

  it.each([
    [[7, 7, 7], [7]],
    [[null, null], [null]],
    [
      [7, 8],
      [7, 8],
    ],
    [
      [null, 7],
      [null, 7],
    ],
    [[7], [7]],
  ])('cuts %j down to %j', (values: (number | null)[], cut) => expect(column(values)).toEqual(cut));
});

describe('integers of the database', () => {
  it.each(['0', '-1', '9007199254740991', '-9007199254740991'])('are exact: %s', text =>
    expect(String(safeInteger(text))).toBe(text),
  );
  it.each(['9007199254740992', '-9223372036854775808', '1.5'])('are refused beyond that: %s', text =>
    expect(() => safeInteger(text)).toThrow(RangeError),
  );
});

describe('a cursor', () => {
  it('finds its place again, and can be part of a URL', () => {
    const cursor = cursorOf([1_772_368_496_789, 'ÿ?>']);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(datedPlace(cursor)).toEqual([1_772_368_496_789, 'ÿ?>']);
  });
  it.each(['', 'x', '!!', 'bnVsbA', 'eyJhIjoxfQ', cursorOf(['a', 1])])(
    'that nobody gave out is no place: %j',
    cursor => {
      expect(Array.isArray(placeOf(cursor))).toBe(true);
      expect(datedPlace(cursor)).toBeNull();
    },
  );
});

it('keys come to virtual partitions from 0 to 63, the same ones for ever', () => {
  expect(['', 'a', 'foobar'].map(virtualPartitionOf)).toEqual([0x811c9dc5 % 64, 0xe40c292c % 64, 0xbf9cf968 % 64]);
  const counts = new Map<number, number>();
  for (let i = 0; i < 6_400; i++) {
    const partition = virtualPartitionOf(`policy-${i}`);
    counts.set(partition, (counts.get(partition) ?? 0) + 1);
  }
  expect(counts.size).toBe(64);
  expect(Math.max(...counts.values())).toBeLessThan(200);
});
