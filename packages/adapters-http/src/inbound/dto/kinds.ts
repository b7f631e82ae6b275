import { schemaWords } from '@org/application';
import { FIRST_INSTANT, isCallerId, isUuid, isWritable, LARGEST_COUNT, LAST_INSTANT, parseInstant } from '@org/domain';
import { utc } from '../instants.js';

export type Schema = Readonly<Record<string, unknown>>;

/** Where the document keeps what it tells of once. */
export const COMPONENTS = '#/components/schemas/';
export const refTo = ({ name }: { readonly name: string }): Schema => ({ $ref: COMPONENTS + name });

/** What a value must look like (else 400), and between which bounds it makes sense (else 422). */
export interface Kind {
  readonly schema: Schema;
  isForm(value: unknown): boolean;
  readonly form: string;
  isInRange?(value: unknown): boolean;
  readonly range?: string;
}

const LARGEST = Number.MAX_SAFE_INTEGER;

/** Characters as JSON Schema and the domain count them: code points, of which some take two units of a string. */
function hasCharacters(text: string, least: number, most: number): boolean {
  if (text.length >= 2 * least && text.length <= most) return true;
  if (text.length < least || text.length > 2 * most) return false;
  const { length } = [...text];
  return length >= least && length <= most;
}

export const text = (minLength: number, maxLength: number): Kind => ({
  schema: { type: 'string', minLength, maxLength },
  isForm: value => typeof value === 'string',
  form: 'must be text',
  isInRange: value => hasCharacters(String(value), minLength, maxLength),
  range: `must have ${minLength} to ${maxLength} characters`,
});

export const whole = (minimum: number, maximum = LARGEST): Kind => ({
  schema: { type: 'integer', minimum, maximum },
  isForm: value => Number.isInteger(value),
  form: 'must be a whole number',
  isInRange: value => Number(value) >= minimum && Number(value) <= maximum,
  range: `must be from ${minimum} to ${maximum}`,
});

/** The bounds are told here, and the domain judges by them: it knows every field and its neighbours. */
export const judged = ({ isForm, form, schema }: Kind, more: Schema = {}): Kind => ({
  isForm,
  form,
  schema: { ...schema, ...more },
});

/** A number of a policy, judged likewise. What no number holds exactly is refused here, in the words of the domain. */
export const judgedWhole = (minimum: number, maximum = LARGEST): Kind => ({
  ...whole(minimum, maximum),
  isInRange: Number.isSafeInteger,
  range: `must be a whole number from ${minimum} to ${maximum}`,
});
export const amount = judgedWhole(1);
export const count = judgedWhole(1, LARGEST_COUNT);

export const flag: Kind = {
  schema: { type: 'boolean' },
  isForm: value => typeof value === 'boolean',
  form: 'must be true or false',
};

/** Text of a form; whether it makes sense is asked of the domain. */
export const textOf = (isForm: (text: string) => boolean, form: string, schema: Schema = {}): Kind => ({
  schema: { type: 'string', ...schema },
  isForm: value => typeof value === 'string' && isForm(value),
  form,
});

const matching = (schema: { readonly pattern: string }, form: string) => {
  const pattern = new RegExp(schema.pattern);
  return textOf(text => pattern.test(text), form, schema);
};

export const oneOf = (...words: readonly string[]): Kind =>
  textOf(text => words.includes(text), `must be one of ${words.join(', ')}`, { enum: words });

export const callerId = textOf(isCallerId, 'must be 1 to 64 of A-Z a-z 0-9 . _ : -', schemaWords.callerId);
export const uuid = textOf(isUuid, 'must be a UUID in lower case', { ...schemaWords.uuid, pattern: '^[0-9a-f-]{36}$' });
/** Of a wish for a price, where whatever is no coupon is refused like one that nobody knows. */
export const anyCouponId = text(0, 200);
export const currency = matching(schemaWords.currency, 'must be a currency code of three capitals');

const fraction = '[1-9][0-9]{0,3}|0[1-9][0-9]{0,2}|00[1-9][0-9]?|000[1-9]';
/** Above 0, at most 100, at most 4 decimals. */
export const percent = judged(matching(schemaWords.decimal, 'must be a decimal number as text'), {
  pattern: `^(100(\\.0{1,4})?|[1-9][0-9]?(\\.[0-9]{1,4})?|0\\.(${fraction}))$`,
});
export const hour = judged(matching(schemaWords.hour, 'must be a time of day, HH:MM'), {
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
});
export const instant: Kind = {
  ...textOf(
    text => parseInstant(text) !== null,
    'must be a time of RFC 3339 with an offset, 2026-11-21T10:00:00+09:00',
    schemaWords.instant,
  ),
  isInRange: value => isWritable(parseInstant(String(value)) ?? Number.NaN),
  range: `must be from ${utc(FIRST_INSTANT)} to ${utc(LAST_INSTANT)}`,
};
