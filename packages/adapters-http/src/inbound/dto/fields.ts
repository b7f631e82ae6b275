import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsOptional, ValidateBy, ValidateNested, type ValidationArguments } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { type Check, conforms, note } from './conforms.js';
import { type Kind, refTo, type Schema } from './kinds.js';

export type Class = new () => object;

interface Options {
  /** Absent and null mean the default. */
  readonly optional?: boolean;
  readonly description?: string;
  readonly default?: unknown;
  /** Of a list; it is judged elsewhere. */
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
}

type Message = (value: unknown) => string;

/** One field: how the validator looks at it, what the document says of it, and the short way to find it fine. */
interface Declared {
  readonly schema: Schema;
  readonly isForm: Check;
  readonly form: Message;
  readonly isInRange: Check;
  readonly range: Message;
  /** Of the value as it was parsed, before it is an instance of anything. */
  readonly isFine: Check;
}

const isAbsent: Check = value => value === undefined || value === null;
const always: Check = () => true;

const asNullable = (schema: Schema): Schema =>
  typeof schema.type === 'string' && !('enum' in schema)
    ? { ...schema, type: [schema.type, 'null'] }
    : { oneOf: [schema, { type: 'null' }] };

const rule = (name: 'form' | 'range', validate: Check, message: Message) =>
  ValidateBy({
    name,
    validator: { validate, defaultMessage: (args?: ValidationArguments) => message(args?.value) },
  });

function declare(declared: Declared, options: Options, ...more: PropertyDecorator[]): PropertyDecorator {
  const { schema, isForm, form, isInRange, range, isFine } = declared;
  const { optional = false, ...about } = options;
  const decorators = [
    rule('form', isForm, value => (isAbsent(value) ? 'is required' : form(value))),
    rule('range', value => !isForm(value) || isInRange(value), range),
    ...more,
    ...(optional ? [IsOptional()] : []),
  ];
  const said = { ...(optional ? asNullable(schema) : schema), ...about };
  return (target, key) => {
    for (const decorate of decorators) decorate(target as object, key as string);
    JSONSchema(() => said as never)(target, String(key));
    note(target, String(key), optional ? value => isAbsent(value) || isFine(value) : isFine);
  };
}

const inRange = (kind: Kind): Check => kind.isInRange ?? always;

/** One plain value. */
export function Field(kind: Kind, options: Options = {}): PropertyDecorator {
  const { schema, isForm, form, range = '' } = kind;
  const isInRange = inRange(kind);
  const isFine: Check = value => isForm(value) && isInRange(value);
  return declare({ schema, isForm, form: () => form, isInRange, range: () => range, isFine }, options);
}

const listOf =
  (entry: Check): Check =>
  value =>
    Array.isArray(value) && value.every(entry);
const firstBad = (value: unknown, isFine: Check) =>
  Array.isArray(value) ? value.findIndex(item => !isFine(item)) : -1;
const upTo =
  (maxItems: number): Check =>
  value =>
    Array.isArray(value) && value.length <= maxItems;

/** A list of plain values; the mistaken entry is named by `[index]` before the message. */
export function ListOf(entry: Kind, maxItems: number, options: Options = {}): PropertyDecorator {
  const entryInRange = inRange(entry);
  const isForm = listOf(entry.isForm);
  const isInRange: Check = value => upTo(maxItems)(value) && listOf(entryInRange)(value);
  const form: Message = value =>
    Array.isArray(value) ? `[${firstBad(value, entry.isForm)}] ${entry.form}` : 'must be a list';
  const range: Message = value => {
    const index = firstBad(value, entryInRange);
    return index === -1 ? `must have at most ${maxItems} entries` : `[${index}] ${entry.range}`;
  };
  const schema = { type: 'array', items: entry.schema, maxItems };
  return declare(
    { schema, isForm, form, isInRange, range, isFine: value => isForm(value) && isInRange(value) },
    options,
  );
}

const anObject = { form: () => 'must be an object', isInRange: always, range: () => '' };

/** An object of a class of its own. */
export const Nested = (of: Class, options: Options = {}): PropertyDecorator =>
  declare(
    { ...anObject, schema: refTo(of), isForm: value => value instanceof of, isFine: value => conforms(of, value) },
    options,
    Type(() => of),
    ValidateNested(),
  );

/** An object whose class depends on its `type`; `otherwise` reports a type that is none of them. */
export function NestedByType(classes: Readonly<Record<string, Class>>, otherwise: Class): PropertyDecorator {
  const classOf = (value: unknown): Class | undefined => {
    const type: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : undefined;
    return typeof type === 'string' && Object.hasOwn(classes, type) ? classes[type] : undefined;
  };
  const mapping = Object.fromEntries(Object.entries(classes).map(([type, of]) => [type, refTo(of).$ref]));
  const isFine: Check = value => {
    const of = classOf(value);
    return of !== undefined && conforms(of, value);
  };
  return declare(
    {
      ...anObject,
      schema: { oneOf: Object.values(classes).map(refTo), discriminator: { propertyName: 'type', mapping } },
      isForm: value => value instanceof otherwise,
      isFine,
    },
    {},
    // Without options it is asked for the document, which has its own answer.
    Type(options => classOf(options?.object[options.property]) ?? otherwise),
    ValidateNested(),
  );
}

/** A list of objects of one class. */
export const NestedList = (of: Class, maxItems: number, options: Options = {}): PropertyDecorator =>
  declare(
    {
      schema: { type: 'array', items: refTo(of), maxItems },
      isForm: listOf(item => item instanceof of),
      form: () => 'must be a list of objects',
      isInRange: upTo(maxItems),
      range: () => `must have at most ${maxItems} entries`,
      isFine: value => upTo(maxItems)(value) && listOf(item => conforms(of, item))(value),
    },
    options,
    Type(() => of),
    ValidateNested(),
  );
