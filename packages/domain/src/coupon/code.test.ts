import fc from 'fast-check';
import { isCodeCharacter, isSharedCode, normaliseCode } from './code.js';

describe('a normalised code', () => {
  it.each([
    ['friday', 'FRIDAY'],
    [' fri-day_24 ', 'FRIDAY24'],
    ['FRI\u2010\u2011\u2012\u2013\u2014\u2015\u2212DAY', 'FRIDAY'],
    ['FRI\u00adD\u200bA\u200cY\u200d\ufeff\u2060', 'FRIDAY'],
    ['FRI\u00a0D\u3000A\u2009Y\t\r\n', 'FRIDAY'],
    ['ＦＲＩ－ＤＡＹ＿２４', 'FRIDAY24'],
    ['\u202efriday\u202c', 'FRIDAY'],
    ['ﬁn①', 'FIN1'],
    ['straße', 'STRASSE'],
    ['금요일 할인', '금요일할인'],
    ['금요일', '금요일'],
    ['\u3164\u115f금', '금'],
    ['', ''],
    [' -_', ''],
  ])('of %j is %j', (text, code) => expect(normaliseCode(text)).toBe(code));

  it('is normalised already', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(normaliseCode(normaliseCode(text))).toBe(normaliseCode(text));
      }),
      { numRuns: 5000 },
    ));

  it('is the same in every case and however it is grouped', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]*$/), text => {
        expect(normaliseCode(text.toLowerCase())).toBe(normaliseCode(text));
        expect(normaliseCode([...text].join('-'))).toBe(normaliseCode(text));
      }),
    ));
});

describe('a character of a code', () => {
  it.each(['A', '7', '금', 'Ж', '漢', '𝼀'])('can be %s', character => expect(isCodeCharacter(character)).toBe(true));
  it.each(['a', '-', ' ', '_', '', 'AB', '=', '#', '１', '\u0301', '\ud800'])('cannot be %j', character =>
    expect(isCodeCharacter(character)).toBe(false),
  );
  it.each(['ㄱ', '\u1100', '\u1161', '\u11a8'])(
    'cannot be %s, which melts into a syllable with its neighbours',
    character => expect(isCodeCharacter(character)).toBe(false),
  );
});

describe('a code that users share', () => {
  it.each(['ABC', '금요일', 'A'.repeat(40), 'SAVE10%'])('can be %s', code => expect(isSharedCode(code)).toBe(true));
  it.each(['AB', 'A'.repeat(41), 'AB\u0007C', 'A\ud800BC'])('cannot be %j', code =>
    expect(isSharedCode(code)).toBe(false),
  );
});
