import fc from 'fast-check';
import { checkDigit, isIntact, LARGEST_ALPHABET } from './check-digit.js';

const sizes = Array.from({ length: LARGEST_ALPHABET - 1 }, (_, i) => i + 2);
const intact = (size: number, digits: number[]) => [...digits, checkDigit(size, digits)];
const swapped = (digits: readonly number[], i: number) => {
  const [a = 0, b = 0] = [digits[i], digits[i + 1]];
  return digits.with(i, b).with(i + 1, a);
};

/** All words of `length` digits. */
function* words(size: number, length: number): Generator<number[]> {
  if (length === 0) return yield [];
  for (const word of words(size, length - 1)) for (let digit = 0; digit < size; digit += 1) yield [...word, digit];
}

function missedSubstitutions(size: number, length: number) {
  let missed = 0;
  for (const word of words(size, length)) {
    const code = intact(size, word);
    for (let i = 0; i < code.length; i += 1)
      for (let digit = 0; digit < size; digit += 1)
        if (digit !== code[i] && isIntact(size, code.with(i, digit))) missed += 1;
  }
  return missed;
}

function missedTranspositions(size: number, length: number) {
  let missed = 0;
  for (const word of words(size, length)) {
    const code = intact(size, word);
    for (let i = 0; i + 1 < code.length; i += 1)
      if (code[i] !== code[i + 1] && isIntact(size, swapped(code, i))) missed += 1;
  }
  return missed;
}

describe('a check digit', () => {
  it.each(sizes)('fits an alphabet of %d: one digit and no other makes a word intact', size => {
    const misfits: number[][] = [];
    for (const word of words(size, 2)) {
      const right = checkDigit(size, word);
      for (let digit = 0; digit < size; digit += 1)
        if (isIntact(size, [...word, digit]) !== (digit === right)) misfits.push([...word, digit]);
    }
    expect(misfits).toEqual([]);
  });

  it.each(sizes.filter(size => size <= 10))('tells every substitution in an alphabet of %d, exhaustively', size =>
    expect(missedSubstitutions(size, size <= 6 ? 4 : 3)).toBe(0),
  );

  it.each(sizes.filter(size => size >= 3))('tells every transposition of neighbours in an alphabet of %d', size =>
    expect(missedTranspositions(size, size <= 6 ? 4 : 2)).toBe(0),
  );

  // Codes are out in the world: these must never change.
  it.each([
    [6, [4, 3, 2, 1, 0], 1],
    [10, [4, 3, 2, 1, 0], 2],
    [12, [4, 3, 2, 1, 0], 5],
    [26, [4, 3, 2, 1, 0], 2],
    [64, [4, 3, 2, 1, 0], 61],
    [64, [1, 0, 1, 1, 0, 1, 1], 13],
  ])('in an alphabet of %d is, for %j, for ever %d', (size, digits, digit) =>
    expect(checkDigit(size, digits)).toBe(digit),
  );

  it('cannot tell a transposition in an alphabet of 2, as no check digit can', () =>
    expect(missedTranspositions(2, 3)).toBeGreaterThan(0));

  it('tells both at every place of long words of any alphabet', () => {
    const aWord = fc.integer({ min: 3, max: LARGEST_ALPHABET }).chain(size =>
      fc.record({
        size: fc.constant(size),
        digits: fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 63 }),
        place: fc.nat(62),
        other: fc.nat(size - 1),
      }),
    );
    fc.assert(
      fc.property(aWord, ({ size, digits, place, other }) => {
        const code = intact(size, digits);
        const i = place % digits.length;
        expect(isIntact(size, code)).toBe(true);
        expect(isIntact(size, code.with(i, other))).toBe(other === code[i]);
        expect(isIntact(size, swapped(code, i))).toBe(code[i] === code[i + 1]);
      }),
      { numRuns: 3000 },
    );
  });
});
