import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { routesOf } from '../routes.js';
import type { Service } from '../service.js';
import { conforms } from './conforms.js';

const declared = routesOf({} as Service).all.flatMap(({ body }) => (body ? [body] : []));
const bodies = [...new Map(declared.map(body => [body.of.name, body]))];

type Bag = Record<string, unknown>;
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null;

const paths = (value: unknown, path: readonly string[] = []): (readonly string[])[] => [
  path,
  ...(isBag(value) ? Object.entries(value).flatMap(([name, inner]) => paths(inner, [...path, name])) : []),
];

function put(body: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const copy = (Array.isArray(body) ? [...body] : { ...(body as Bag) }) as Bag;
  copy[name] = put(copy[name], rest, value);
  return copy;
}

const odd = [
  undefined,
  null,
  0,
  -1,
  1,
  1.5,
  901,
  86_401,
  2 ** 53,
  Number.POSITIVE_INFINITY,
  true,
  '',
  ' ',
  '1',
  '-1.5',
  'x',
  'x'.repeat(300),
  'KRW',
  '09:00',
  'GTE',
  'FREE_SHIPPING',
  'EVENT',
  '2026-02-30T00:00:00Z',
  '2026-02-28T00:00:00Z',
  '01990000-0000-7000-8000-000000000001',
  [],
  [null],
  ['x'],
  [1],
  [{}],
  [[]],
  Array(2_000).fill('x'),
  Array(1_001).fill({}),
  {},
  { type: 'TIERED' },
  { include: ['a'] },
  { x: 1 },
];

/** What the validator says. */
const isValid = (of: new () => object, body: object) =>
  validateSync(plainToInstance(of, body), { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true })
    .length === 0;

describe('the short way to find a body fine', () => {
  it.each(bodies)('says what the validator says: %s', (_, { of, examples }) => {
    let [fine, bad] = [0, 0];
    const misjudged: unknown[] = [];
    for (const example of examples) {
      expect(conforms(of, example)).toBe(true);
      for (const path of paths(example).slice(1))
        for (const value of odd) {
          const body = put(example, path, value) as object;
          const short = conforms(of, body);
          if (short) fine += 1;
          else bad += 1;
          if (short !== isValid(of, body)) misjudged.push({ path, value, fine: short });
        }
    }
    expect(misjudged).toEqual([]);
    expect(fine).toBeGreaterThan(0);
    expect(bad).toBeGreaterThan(0);
  });
});
