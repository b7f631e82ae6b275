import { flag, integer, nullable, optional, readAll, record, text } from '../readers.js';
import { type Checked, type Refusal, refusal, type Violation } from '../refusal.js';
import { checkDigit, isIntact, LARGEST_ALPHABET } from './check-digit.js';
import { isCodeCharacter, normaliseCode } from './code.js';

/** Digits and capitals that nobody takes for another: no 0 and O, no 1, I and L. */
export const DEFAULT_CHARSET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LONGEST_DISPLAY = 64;
/** Longer than any display form, however generously it is filled with spaces. */
const LONGEST_INPUT = 1000;
const PLACEHOLDER = '#';

/**
 * What codes look like. Either `length`, the number of random characters, or `pattern`, where every `#` is one and the
 * rest stands as it is: `##-####`. With `checkDigit` (the default) the last of them is the check character.
 */
export interface CodeSpec {
  readonly length?: number | null | undefined;
  readonly pattern?: string | null | undefined;
  /** 2 to 64 letters or digits, taken in their normalised form; default {@link DEFAULT_CHARSET}. */
  readonly charset?: string | null | undefined;
  readonly prefix?: string | null | undefined;
  readonly suffix?: string | null | undefined;
  readonly checkDigit?: boolean | null | undefined;
}

/** All codes of one form, numbered from 0 to `capacity` - 1. Plain data. */
export interface CodeSpace {
  readonly alphabet: readonly string[];
  /** One entry per displayed character; `#` is a place to fill. */
  readonly template: readonly string[];
  readonly checkDigit: boolean;
  /** How many distinct codes there are. */
  readonly capacity: bigint;
}

const anything = text(0, LONGEST_DISPLAY);
const codeSpec = record({
  length: nullable(integer(1, LONGEST_DISPLAY)),
  pattern: nullable(text(1, LONGEST_DISPLAY)),
  charset: optional(text(1, 4 * LARGEST_ALPHABET), DEFAULT_CHARSET),
  prefix: optional(anything, ''),
  suffix: optional(anything, ''),
  checkDigit: optional(flag, true),
});

const isSeparator = (character: string) => character === '-' || character === ' ' || character === '_';
const isPlaceholder = (character: string) => character === PLACEHOLDER;

/** A fixed part as it is displayed: upper case, separators kept. */
const displayed = (part: string) =>
  [...part].flatMap(character =>
    isSeparator(character) || isPlaceholder(character) ? [character] : [...(normaliseCode(character) || character)],
  );

const canStand = (character: string) => isSeparator(character) || isCodeCharacter(character);

/**
 * The space of codes that a spec describes, or what makes no sense in it, field by field.
 * Letters and digits only, of any script: a code can be neither a formula in a spreadsheet nor ambiguous when normalised.
 */
export function codeSpace(spec: CodeSpec): Checked<CodeSpace> {
  const { value, violations } = readAll(codeSpec, spec);
  if (value === null || violations.length > 0) return { ok: false, violations };
  const { length, pattern, charset, prefix, suffix, checkDigit } = value;
  const found: Violation[] = [];
  const blame = (field: keyof CodeSpec, message: string) => found.push({ field, value: value[field], message });

  const body = pattern === null ? Array<string>(length ?? 0).fill(PLACEHOLDER) : displayed(pattern);
  const template = [...displayed(prefix), ...body, ...displayed(suffix)];
  const alphabet = [...new Set([...charset].map(normaliseCode))];
  const places = body.filter(isPlaceholder).length;
  const shape = pattern === null ? 'length' : 'pattern';

  if (length === null && pattern === null) blame('length', 'is required, unless there is a pattern');
  else if (length !== null && pattern !== null) blame('pattern', 'cannot go together with length');
  else if (places === 0) blame(shape, 'must leave a place (#)');
  else if (template.length > LONGEST_DISPLAY) blame(shape, `must not make codes over ${LONGEST_DISPLAY} characters`);
  const letters = 'must consist of letters, digits, spaces, hyphens and underscores';
  if (!body.every(character => isPlaceholder(character) || canStand(character))) blame('pattern', `${letters}, and #`);
  if (!displayed(prefix).every(canStand)) blame('prefix', letters);
  if (!displayed(suffix).every(canStand)) blame('suffix', letters);
  // A spreadsheet takes a hyphen for the beginning of a formula.
  if (isSeparator(template[0] ?? '')) blame(prefix === '' ? 'pattern' : 'prefix', 'must not begin with a separator');
  if (!alphabet.every(isCodeCharacter)) blame('charset', 'must consist of letters and digits');
  else if (alphabet.length < 2 || alphabet.length > LARGEST_ALPHABET)
    blame('charset', `must have 2 to ${LARGEST_ALPHABET} different characters, upper and lower case being the same`);

  if (found.length > 0) return { ok: false, violations: found };
  // With room for nothing but its check character there is one code.
  const capacity = BigInt(alphabet.length) ** BigInt(places - (checkDigit ? 1 : 0));
  return { ok: true, value: { alphabet, template, checkDigit, capacity } };
}

/** The digits of `index`, most significant first, as many as there are free places. */
function digitsOf({ alphabet, template, checkDigit, capacity }: CodeSpace, index: bigint): number[] {
  const digits = Array<number>(template.filter(isPlaceholder).length - (checkDigit ? 1 : 0)).fill(0);
  const size = alphabet.length;
  if (capacity <= BigInt(Number.MAX_SAFE_INTEGER)) {
    let rest = Number(index);
    for (let i = digits.length - 1; i >= 0; i -= 1, rest = Math.floor(rest / size)) digits[i] = rest % size;
  } else {
    let rest = index;
    for (let i = digits.length - 1; i >= 0; i -= 1, rest /= BigInt(size)) digits[i] = Number(rest % BigInt(size));
  }
  return digits;
}

/**
 * The code with this number in display form; different numbers have different codes, also when normalised.
 * @throws RangeError if `index` is not in `[0, capacity)`.
 */
export function codeAt(space: CodeSpace, index: bigint): string {
  if (index < 0n || index >= space.capacity) throw new RangeError('no code has this number');
  const digits = digitsOf(space, index);
  if (space.checkDigit) digits.push(checkDigit(space.alphabet.length, digits));
  let code = '';
  let place = 0;
  for (const character of space.template) {
    if (isPlaceholder(character)) code += space.alphabet[digits[place++] ?? 0];
    else code += character;
  }
  return code;
}

/**
 * What a text that somebody typed is, looked at alone: a code of the space, one of its form whose check character
 * is wrong (every single wrong character, and every two swapped neighbours unless the charset has just 2 characters),
 * or not of this space at all.
 */
export function checkCode(space: CodeSpace, text: string): 'WELL_FORMED' | 'MISTYPED' | 'FOREIGN' {
  if (text.length > LONGEST_INPUT) return 'FOREIGN';
  const typed = [...normaliseCode(text)];
  const expected = space.template.filter(character => !isSeparator(character));
  if (typed.length !== expected.length) return 'FOREIGN';
  const digits: number[] = [];
  for (const [i, character] of typed.entries()) {
    if (expected[i] === PLACEHOLDER) digits.push(space.alphabet.indexOf(character));
    else if (expected[i] !== character) return 'FOREIGN';
  }
  if (digits.includes(-1)) return 'FOREIGN';
  return !space.checkDigit || isIntact(space.alphabet.length, digits) ? 'WELL_FORMED' : 'MISTYPED';
}

/** Why `count` more codes cannot be made when `used` numbers are taken: `CODE_SPACE_TOO_SMALL`; null if they can. */
export function capacityShort(
  { capacity }: Pick<CodeSpace, 'capacity'>,
  used: number,
  count: number,
): Refusal<'CODE_SPACE_TOO_SMALL'> | null {
  if (BigInt(used) + BigInt(count) <= capacity) return null;
  return refusal('CODE_SPACE_TOO_SMALL', { capacity: Number(capacity), used, asked: count });
}
