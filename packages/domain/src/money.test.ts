import fc from 'fast-check';
import type { RoundingMode } from './coupon/policy.js';
import { formatMoney, isAmount, partOf, ratioOf, timesRatio } from './money.js';

const half = { numerator: 1, denominator: 2 };

describe('amounts', () => {
  it.each<[unknown, boolean]>([
    [0, true],
    [Number.MAX_SAFE_INTEGER, true],
    [-1, false],
    [0.5, false],
    [2 ** 53, false],
    [Number.NaN, false],
    ['1', false],
    [null, false],
  ])('%p is an amount: %p', (value, is) => expect(isAmount(value)).toBe(is));

  it.each([
    ['10', 10, 100],
    ['12.5', 125, 1_000],
    ['0.0001', 1, 1_000_000],
    ['100', 100, 100],
  ])('%s percent is an exact fraction', (percent, numerator, denominator) =>
    expect(ratioOf(percent)).toEqual({ numerator, denominator }),
  );

  it.each(['ten', '1,5', '-1', '1.2.3'])('%s is no percent', percent =>
    expect(() => ratioOf(percent)).toThrow(RangeError),
  );

  it.each<[RoundingMode, number, number[]]>([
    // Halves of 4, 5, 6, 7: 2, 2.5, 3, 3.5
    ['HALF_UP', 1, [2, 3, 3, 4]],
    ['HALF_DOWN', 1, [2, 2, 3, 3]],
    ['HALF_EVEN', 1, [2, 2, 3, 4]],
    ['UP', 1, [2, 3, 3, 4]],
    ['DOWN', 1, [2, 2, 3, 3]],
  ])('%s rounds halves to %s', (mode, unit, rounded) =>
    expect([4, 5, 6, 7].map(value => timesRatio(value, half, { mode, unit }))).toEqual(rounded),
  );

  it.each<[RoundingMode, number[]]>([
    // Halves of 28, 30, 32, 50: 14, 15, 16, 25
    ['HALF_UP', [10, 20, 20, 30]],
    ['HALF_DOWN', [10, 10, 20, 20]],
    ['HALF_EVEN', [10, 20, 20, 20]],
    ['UP', [20, 20, 20, 30]],
    ['DOWN', [10, 10, 10, 20]],
  ])('%s rounds to whole tens', (mode, rounded) =>
    expect([28, 30, 32, 50].map(value => timesRatio(value, half, { mode, unit: 10 }))).toEqual(rounded),
  );

  it('is exact at any size: a multiple of the unit, less than one unit away', () => {
    const mode = fc.constantFrom<RoundingMode[]>('HALF_UP', 'HALF_DOWN', 'HALF_EVEN', 'UP', 'DOWN');
    const numerator = fc.integer({ min: 1, max: 1_000_000 });
    const value = fc.oneof(
      fc.nat(10_000),
      fc.maxSafeNat().map(n => Math.floor(n / 2)),
    );
    fc.assert(
      fc.property(value, numerator, mode, fc.constantFrom(1, 10, 100), (amount, parts, how, unit) => {
        const rounded = BigInt(timesRatio(amount, { numerator: parts, denominator: 1_000_000 }, { mode: how, unit }));
        const wide = 1_000_000n * BigInt(unit);
        const away = BigInt(amount) * BigInt(parts) - rounded * 1_000_000n;
        expect(rounded % BigInt(unit)).toBe(0n);
        const [low, high] = how === 'UP' ? [1n - wide, 0n] : how === 'DOWN' ? [0n, wide - 1n] : [-wide / 2n, wide / 2n];
        expect(away >= low && away <= high).toBe(true);
      }),
    );
  });

  it.each([
    [10, 1, 3, 3],
    [10, 3, 3, 10],
    [0, 0, 0, 0],
    [9_007_199_254_740_991, 9_007_199_254_740_990, 9_007_199_254_740_991, 9_007_199_254_740_990],
  ])('the part of %s that falls on %s of %s is %s', (value, part, whole, result) =>
    expect(partOf(value, part, whole)).toBe(result),
  );

  it.each([
    [3_000, 'KRW', '3,000 KRW'],
    [1_234_567, 'JPY', '1,234,567 JPY'],
    [5, 'USD', '0.05 USD'],
    [123_456, 'EUR', '1,234.56 EUR'],
    [1_500, 'KWD', '1.500 KWD'],
    [0, 'KRW', '0 KRW'],
  ])('%s minor units of %s are read as %s', (amount, currency, text) =>
    expect(formatMoney(amount, currency)).toBe(text),
  );
});
