import { schemaWords } from '@org/application';
import { isCallerId, isUuid } from '@org/domain';
import { parseInstant } from '../instants.js';

export type Schema = Readonly<Record<string, unknown>>;

/** What a value must look like (else 400), and between which bounds it makes sense (else 422). */
export interface Kind {
  readonly schema: Schema;
  isForm(value: unknown): boolean;
  readonly form: string;
  isInRange?(value: unknown): boolean;
  readonly range?: string;
}

const LARGEST = Number.MAX_SAFE_INTEGER;

export const text = (minLength: number, maxLength: number): Kind => ({
  schema: { type: 'string', minLength, maxLength },
  isForm: value => typeof value === 'string',
  form: 'must be text',
  isInRange: value => String(value).length >= minLength && String(value).length <= maxLength,
  range: `must have ${minLength} to ${maxLength} characters`,
});

export const whole = (minimum: number, maximum = LARGEST): Kind => ({
  schema: { type: 'integer', minimum, maximum },
  isForm: value => Number.isInteger(value),
  form: 'must be a whole number',
  isInRange: value => Number(value) >= minimum && Number(value) <= maximum,
  range: `must be from ${minimum} to ${maximum}`,
});

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
export const uuid = textOf(isUuid, 'must be a UUID in lower case', schemaWords.uuid);
/** Of a wish for a price, where whatever is no coupon is refused like one that nobody knows. */
export const anyCouponId = text(0, 200);
export const currency = matching(schemaWords.currency, 'must be a currency code of three capitals');
export const decimal = matching(schemaWords.decimal, 'must be a decimal number as text');
export const hour = matching(schemaWords.hour, 'must be a time of day, HH:MM');
export const instant = textOf(
  text => parseInstant(text) !== null,
  'must be a time of RFC 3339 with an offset, 2026-11-21T10:00:00+09:00',
  schemaWords.instant,
);
