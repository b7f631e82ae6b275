import fc from 'fast-check';
import { normaliseCode } from './code.js';
import {
  type CodeSpace,
  type CodeSpec,
  capacityShort,
  checkCode,
  codeAt,
  codeSpace,
  DEFAULT_CHARSET,
} from './code-space.js';

function spaceOf(spec: CodeSpec): CodeSpace {
  const checked = codeSpace(spec);
  if (!checked.ok) throw new Error(JSON.stringify(checked.violations));
  return checked.value;
}
const fieldsRefused = (spec: unknown) => {
  const checked = codeSpace(spec as CodeSpec);
  return checked.ok ? [] : checked.violations.map(violation => violation.field);
};
const allCodes = (space: CodeSpace) =>
  Array.from({ length: Number(space.capacity) }, (_, index) => codeAt(space, BigInt(index)));

describe('a space of codes', () => {
  it.each<[string, unknown, string[]]>([
    ['nothing at all', undefined, ['']],
    ['neither length nor pattern', {}, ['length']],
    ['both length and pattern', { length: 8, pattern: '####' }, ['pattern']],
    ['an unknown field', { length: 8, size: 3 }, ['size']],
    ['a length of 0', { length: 0 }, ['length']],
    ['a length of text', { length: '8' }, ['length']],
    ['a length of 65', { length: 65 }, ['length']],
    ['a pattern without a place', { pattern: 'ABC', checkDigit: false }, ['pattern']],
    ['a pattern with a formula', { pattern: '=##' }, ['pattern']],
    ['a pattern with half a syllable', { pattern: '##\u1100' }, ['pattern']],
    ['a place in the prefix', { length: 8, prefix: '#' }, ['prefix']],
    ['a prefix like a formula', { length: 8, prefix: '-AB' }, ['prefix']],
    ['a pattern like a formula', { pattern: '-####' }, ['pattern']],
    ['an invisible prefix', { length: 8, prefix: '\u200b' }, ['prefix']],
    ['a suffix with a comma', { length: 8, suffix: ',' }, ['suffix']],
    ['too long in all', { length: 60, prefix: 'ABCDE' }, ['length']],
    ['one character', { length: 8, charset: 'A' }, ['charset']],
    ['one character in two cases', { length: 8, charset: 'aA' }, ['charset']],
    ['a hyphen in the charset', { length: 8, charset: 'AB-' }, ['charset']],
    ['a space in the charset', { length: 8, charset: 'AB C' }, ['charset']],
    ['a placeholder in the charset', { length: 8, charset: 'AB#' }, ['charset']],
    ['a letter that becomes two', { length: 8, charset: 'ABß' }, ['charset']],
    ['65 characters', { length: 8, charset: syllables(65) }, ['charset']],
    ['a check digit of text', { length: 8, checkDigit: 'yes' }, ['checkDigit']],
    ['several mistakes', { length: 1, prefix: '=', charset: '' }, ['charset']],
    ['several mistakes of sense', { length: 64, prefix: '=', charset: 'A' }, ['length', 'prefix', 'charset']],
  ])('with %s is refused', (_, spec, fields) => expect(fieldsRefused(spec)).toEqual(fields));

  it.each<[string, CodeSpec, bigint, string]>([
    ['8 characters of the default', { length: 8 }, 31n ** 7n, '22222222'],
    ['the same without check', { length: 8, checkDigit: false }, 31n ** 8n, '22222222'],
    ['room for the check character only', { length: 1 }, 1n, '2'],
    ['a pattern with room for no more', { pattern: 'A-#' }, 1n, 'A-2'],
    ['a pattern', { pattern: 'vip ##-##', charset: 'ab' }, 8n, 'VIP AA-AA'],
    ['prefix and suffix', { length: 2, prefix: 'kr-', suffix: '_x', charset: '01' }, 2n, 'KR-00_X'],
    ['64 syllables', { length: 3, charset: syllables(64) }, 4096n, '가가가'],
    ['letters given twice', { length: 2, charset: 'abcABC' }, 3n, 'AA'],
    ['fields that are null', { length: 2, pattern: null, charset: null, prefix: null, checkDigit: null }, 31n, '22'],
    ['64 places', { length: 64, charset: syllables(64) }, 64n ** 63n, '가'.repeat(64)],
  ])('of %s knows how many codes it has', (_, spec, capacity, first) => {
    const space = spaceOf(spec);
    expect(space.capacity).toBe(capacity);
    expect(codeAt(space, 0n)).toBe(first);
    expect(checkCode(space, codeAt(space, capacity - 1n))).toBe('WELL_FORMED');
    expect(() => codeAt(space, capacity)).toThrow(RangeError);
    expect(() => codeAt(space, -1n)).toThrow(RangeError);
  });

  // Counters and codes are out in the world: these must never change.
  it.each<[CodeSpec, string]>([
    [{ length: 8 }, '26BQ524P'],
    [{ pattern: 'VIP-####-####-####' }, 'VIP-2222-26BQ-524P'],
    [{ length: 8, charset: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' }, 'AKKEEKBE'],
    [{ length: 20 }, `${'2'.repeat(12)}26BQ524P`],
  ])('of %j has for ever the same code for 123456789', (spec, code) =>
    expect(codeAt(spaceOf(spec), 123_456_789n)).toBe(code),
  );

  it('leaves out look-alikes by default', () => expect(DEFAULT_CHARSET).not.toMatch(/[0O1IL]/));

  it.each<CodeSpec>([
    { pattern: '##-##', charset: 'AB' },
    { pattern: 'X###', charset: 'ABC', checkDigit: false },
    { length: 3, charset: DEFAULT_CHARSET },
    { pattern: '# # #', charset: '가나다라마바' },
  ])('of %j gives each of its numbers a code of its own', spec => {
    const space = spaceOf(spec);
    expect(new Set(allCodes(space).map(normaliseCode)).size).toBe(Number(space.capacity));
  });
});

describe('a code that was typed', () => {
  const space = spaceOf({ pattern: 'VIP-####-####' });
  const code = codeAt(space, 123_456_789n);

  it.each<[string, string, string]>([
    ['as it is displayed', code, 'WELL_FORMED'],
    ['in lower case with spaces', ` ${[...code.toLowerCase()].join(' ')} `, 'WELL_FORMED'],
    ['without the prefix', code.slice(4), 'FOREIGN'],
    ['with another prefix', code.replace('VIP', 'VIQ'), 'FOREIGN'],
    ['one short', code.slice(0, -1), 'FOREIGN'],
    ['one long', `${code}A`, 'FOREIGN'],
    ['with a character that is in no code', code.replace(/.$/, '0'), 'FOREIGN'],
    ['not at all', '', 'FOREIGN'],
    ['with a million hyphens', code + '-'.repeat(1_000_000), 'FOREIGN'],
  ])('%s is known for what it is', (_, text, verdict) => expect(checkCode(space, text)).toBe(verdict));

  it('without check digit is never called mistyped', () => {
    const plain = spaceOf({ length: 3, charset: 'AB', checkDigit: false });
    expect(['AAA', 'ABA', 'BBB', 'ABC'].map(text => checkCode(plain, text))).toEqual([
      ...['WELL_FORMED', 'WELL_FORMED', 'WELL_FORMED', 'FOREIGN'],
    ]);
  });

  it('with one wrong character, or two neighbours swapped, is mistyped', () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: space.capacity - 1n }),
        fc.nat(7),
        fc.constantFrom(...DEFAULT_CHARSET),
        (index, place, other) => {
          const characters = [...normaliseCode(codeAt(space, index))];
          const at = 3 + place;
          expect(checkCode(space, characters.with(at, other).join(''))).toBe(
            characters[at] === other ? 'WELL_FORMED' : 'MISTYPED',
          );
          const [a = '', b = ''] = [characters[at], characters[at + 1]];
          if (place < 7 && a !== b)
            expect(
              checkCode(
                space,
                characters
                  .with(at, b)
                  .with(at + 1, a)
                  .join(''),
              ),
            ).toBe('MISTYPED');
        },
      ),
      { numRuns: 2000 },
    ));
});

describe('the capacity of a space', () => {
  const space = spaceOf({ length: 3, charset: 'ABCDEFGHJK' });
  it.each<[number, number, object | null]>([
    [0, 100, null],
    [99, 1, null],
    [0, 101, { code: 'CODE_SPACE_TOO_SMALL', data: { capacity: 100, used: 0, asked: 101 } }],
    [100, 1, { code: 'CODE_SPACE_TOO_SMALL', data: { capacity: 100, used: 100, asked: 1 } }],
  ])('with %d used and %d asked for', (used, asked, refusal) =>
    expect(capacityShort(space, used, asked)).toEqual(refusal),
  );
});

function syllables(count: number) {
  return Array.from({ length: count }, (_, i) => String.fromCodePoint(0xac00 + i)).join('');
}
