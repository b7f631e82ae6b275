import 'reflect-metadata';
import { isCallerId, isUuid } from '@org/domain';
import { Type } from 'class-transformer';
import { IsOptional, ValidateBy, ValidateNested, type ValidationArguments } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { parseInstant } from '../instants.js';

export type Schema = Readonly<Record<string, unknown>>;
export type Class = new () => object;

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

const matching = (pattern: RegExp, form: string) =>
  textOf(text => pattern.test(text), form, { pattern: pattern.source });

export const oneOf = (...words: readonly string[]): Kind =>
  textOf(text => words.includes(text), `must be one of ${words.join(', ')}`, { enum: words });

export const callerId = textOf(isCallerId, 'must be 1 to 64 of A-Z a-z 0-9 . _ : -', {
  pattern: '^[A-Za-z0-9._:-]{1,64}$',
});
export const uuid = textOf(isUuid, 'must be a UUID in lower case', { format: 'uuid' });
export const currency = matching(/^[A-Z]{3}$/, 'must be a currency code of three capitals');
export const decimal = matching(/^-?[0-9]+(\.[0-9]+)?$/, 'must be a decimal number as text');
export const hour = matching(/^[0-9]{2}:[0-9]{2}$/, 'must be a time of day, HH:MM');
export const instant = textOf(
  text => parseInstant(text) !== null,
  'must be a time of RFC 3339 with an offset, 2026-11-21T10:00:00+09:00',
  { format: 'date-time' },
);

interface Options {
  /** Absent and null mean the default. */
  readonly optional?: boolean;
  readonly description?: string;
  readonly default?: unknown;
}

const isAbsent = (value: unknown) => value === undefined || value === null;
const asNullable = (schema: Schema): Schema =>
  typeof schema.type === 'string' && !('enum' in schema)
    ? { ...schema, type: [schema.type, 'null'] }
    : { oneOf: [schema, { type: 'null' }] };

function field({ schema, isForm, form, isInRange, range }: Kind, options: Options, ...more: PropertyDecorator[]) {
  const { optional = false, ...about } = options;
  const said = { ...(optional ? asNullable(schema) : schema), ...about };
  const message =
    (text: string) =>
    ({ value }: ValidationArguments): string =>
      isAbsent(value) ? 'is required' : text;
  const decorators: PropertyDecorator[] = [
    ValidateBy({
      name: 'form',
      validator: { validate: isForm, defaultMessage: a => message(form)(a as ValidationArguments) },
    }),
    ...more,
    ...(optional ? [IsOptional()] : []),
  ];
  if (isInRange) {
    const validate = (value: unknown) => !isForm(value) || isInRange(value);
    decorators.push(ValidateBy({ name: 'range', validator: { validate, defaultMessage: () => range ?? '' } }));
  }
  return (target: object, key: string | symbol) => {
    for (const decorate of decorators) decorate(target, key);
    JSONSchema(() => said as never)(target, String(key));
  };
}

/** One plain value. */
export const Field = (kind: Kind, options: Options = {}): PropertyDecorator => field(kind, options);

/** A list of plain values; the mistaken entry is named by `[index]` before the message. */
export function ListOf(entry: Kind, maxItems: number, options: Options = {}): PropertyDecorator {
  const firstBad = (value: unknown, isFine: (entry: unknown) => boolean) =>
    Array.isArray(value) ? value.findIndex(item => !isFine(item)) : -1;
  const entryIsInRange = (item: unknown) => !entry.isInRange || entry.isInRange(item);
  const isForm = (value: unknown) => Array.isArray(value) && value.every(item => entry.isForm(item));
  const defaultMessage = (args?: ValidationArguments) => {
    if (!Array.isArray(args?.value)) return isAbsent(args?.value) ? 'is required' : 'must be a list';
    return `[${firstBad(args.value, item => entry.isForm(item))}] ${entry.form}`;
  };
  const rangeMessage = (args?: ValidationArguments) => {
    const index = firstBad(args?.value, entryIsInRange);
    return index === -1 ? `must have at most ${maxItems} entries` : `[${index}] ${entry.range}`;
  };
  const validate = (value: unknown) =>
    !isForm(value) || (Array.isArray(value) && value.length <= maxItems && value.every(entryIsInRange));
  const { optional = false, ...about } = options;
  const schema = { type: 'array', items: entry.schema, maxItems };
  const decorators = [
    ValidateBy({ name: 'form', validator: { validate: isForm, defaultMessage } }),
    ValidateBy({ name: 'range', validator: { validate, defaultMessage: rangeMessage } }),
    ...(optional ? [IsOptional()] : []),
  ];
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
    JSONSchema(() => ({ ...(optional ? asNullable(schema) : schema), ...about }) as never)(target, String(key));
  };
}

export const refTo = ({ name }: { readonly name: string }): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object of a class of its own. */
export const Nested = (of: Class, options: Options = {}): PropertyDecorator =>
  field(
    { schema: refTo(of), isForm: value => value instanceof of, form: 'must be an object' },
    options,
    Type(() => of),
    ValidateNested(),
  );

/** An object whose class depends on its `type`; `otherwise` reports a type that is none of them. */
export const NestedByType = (classes: Readonly<Record<string, Class>>, otherwise: Class): PropertyDecorator =>
  field(
    {
      schema: { oneOf: Object.values(classes).map(refTo) },
      isForm: value => value instanceof otherwise,
      form: 'must be an object',
    },
    {},
    Type(options => {
      const type: unknown = options?.object[options.property]?.type;
      return (typeof type === 'string' && Object.hasOwn(classes, type) && classes[type]) || otherwise;
    }),
    ValidateNested(),
  );

/** A list of objects of one class. */
export const NestedList = (of: Class, maxItems: number, options: Options = {}): PropertyDecorator =>
  field(
    {
      schema: { type: 'array', items: refTo(of), maxItems },
      isForm: value => Array.isArray(value) && value.every(item => item instanceof of),
      form: 'must be a list of objects',
      isInRange: value => Array.isArray(value) && value.length <= maxItems,
      range: `must have at most ${maxItems} entries`,
    },
    options,
    Type(() => of),
    ValidateNested(),
  );
