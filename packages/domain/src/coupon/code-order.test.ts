import fc from 'fast-check';
import { type KeyedFunction, permute } from './code-order.js';

/** Not secret, but as scattered as a test needs: 32 bits mixed by multiplication, twice. */
const keyedBy =
  (key: number): KeyedFunction =>
  (round, half) => {
    let mixed = Number(half % 4_294_967_291n) ^ Math.imul(key + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b);
    const word = () => {
      mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d) + 0x6d2b79f5;
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
      return (mixed ^ (mixed >>> 16)) >>> 0;
    };
    return BigInt(word()) * 2n ** 32n + BigInt(word());
  };
const order = (capacity: bigint, keyed: KeyedFunction) =>
  Array.from({ length: Number(capacity) }, (_, index) => permute(capacity, keyed, BigInt(index)));
const numerically = (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b));

describe('the order in which codes come', () => {
  it.each([1n, 2n, 3n, 5n, 10n, 31n, 1000n, 4096n, 4097n])('has every number below %d once', capacity => {
    const all = Array.from({ length: Number(capacity) }, (_, index) => BigInt(index));
    for (const key of [0, 1, 99]) expect(order(capacity, keyedBy(key)).sort(numerically)).toEqual(all);
  });

  it('has every number once even if the function is no good', () =>
    expect(new Set(order(1000n, () => 0n)).size).toBe(1000));

  it('is the same for the same key and another for another key', () => {
    expect(order(1000n, keyedBy(1))).toEqual(order(1000n, keyedBy(1)));
    expect(order(1000n, keyedBy(1))).not.toEqual(order(1000n, keyedBy(2)));
  });

  // A counter in a database means these numbers: they must never change.
  it.each([
    [1000n, [722n, 479n, 204n]],
    [31n ** 7n, [17383695643n, 17402221432n, 16793495375n]],
    [31n ** 12n, [462030225743119565n, 531961143776588570n, 601892062697561256n]],
  ])('below %d is for ever the same', (capacity, numbers) => {
    const keyed: KeyedFunction = (round, half) => half * 7919n + BigInt(round + 1) * 104_729n;
    expect([0n, 1n, 2n].map(index => permute(capacity, keyed, index))).toEqual(numbers);
  });

  it('scatters neighbours over the whole capacity', () => {
    const capacity = 31n ** 7n;
    const tenths = Array.from({ length: 1000 }, (_, index) =>
      Number((permute(capacity, keyedBy(7), BigInt(index)) * 10n) / capacity),
    );
    for (let tenth = 0; tenth < 10; tenth += 1)
      expect(tenths.filter(other => other === tenth).length).toBeGreaterThan(60);
  });

  it.each([2n ** 52n - 1n, 2n ** 52n, 31n ** 12n, 64n ** 63n])('stays below %d, and never repeats', capacity =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.bigInt({ min: 0n, max: capacity - 1n }), { maxLength: 30 }),
        fc.nat(99),
        (indices, key) => {
          const numbers = indices.map(index => permute(capacity, keyedBy(key), index));
          expect(new Set(numbers).size).toBe(indices.length);
          expect(numbers.every(number => number >= 0n && number < capacity)).toBe(true);
        },
      ),
    ),
  );

  it.each([-1n, 10n])('has no number at %d of 10', index =>
    expect(() => permute(10n, keyedBy(0), index)).toThrow(RangeError),
  );
});
