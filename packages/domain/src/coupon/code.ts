/** Everything that people type, or software slips in, between the characters of a code. */
const filler = /[\s\p{Z}\p{Pd}\p{Pc}\p{Cf}\p{Default_Ignorable_Code_Point}\u02d7\u2043\u2212]/gu;
const asciiFiller = /[\s_-]/g;
const isAscii = (text: string) => !/[^\0-\x7f]/.test(text);

/**
 * The one form in which a code is stored and looked up: compatibility characters resolved (NFKC), upper case,
 * without spaces, hyphens, underscores and invisible characters of any script. Normalising twice changes nothing.
 */
export function normaliseCode(text: string): string {
  if (isAscii(text)) return text.toUpperCase().replace(asciiFiller, '');
  const next = text.normalize('NFKC').toUpperCase().replace(filler, '').normalize('NFKC');
  // Dropping a character can bring two together that compose: go on until nothing moves.
  return next === text ? next : normaliseCode(next);
}

const codeCharacter = /^[\p{L}\p{N}]$/u;
/** Hangul jamo melt into syllables with their neighbours, so a position would not stay a position. */
const conjoining = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/;

/** Whether `character` is one normalised letter or digit that stays itself beside any other such character. */
export const isCodeCharacter = (character: string): boolean =>
  codeCharacter.test(character) && !conjoining.test(character) && normaliseCode(character) === character;

const SHORTEST_CODE = 3;
const LONGEST_CODE = 40;

/** Whether a normalised code can be shared by the users of a policy: 3 to 40 visible characters. */
export function isSharedCode(code: string): boolean {
  const { length } = [...code];
  return length >= SHORTEST_CODE && length <= LONGEST_CODE && !/[\p{C}\p{Z}]/u.test(code);
}
