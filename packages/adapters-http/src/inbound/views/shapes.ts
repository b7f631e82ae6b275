import { schemaWords } from '@org/application';
import { refTo, type Schema } from '../dto/kinds.js';

/** Schemas that others refer to, by name. */
export type Components = Readonly<Record<string, Schema>>;

/**
 * What an answer or a part of it is, said once: the schema is for the document, the type for the compiler. Objects may
 * get more fields in time, so none is closed.
 */
export interface Shape<Value = unknown> {
  readonly schema: Schema;
  /** All that the schema refers to. */
  readonly components: Components;
  /** Never there: it carries the type. */
  readonly says?: Value;
}

export interface Optional<Value = unknown> extends Shape<Value> {
  readonly isOptional: true;
}

/** The type of what has this shape. */
export type Body<Of extends Shape> = Of extends Shape<infer Value> ? Value : never;

type Fields = Readonly<Record<string, Shape>>;
type OptionalIn<Given extends Fields> = {
  [Name in keyof Given]: Given[Name] extends Optional ? Name : never;
}[keyof Given];

/** The type of an object with these fields. */
type ObjectOf<Given extends Fields> = {
  readonly [Name in Exclude<keyof Given, OptionalIn<Given>>]: Body<Given[Name]>;
} & { readonly [Name in OptionalIn<Given>]?: Body<Given[Name]> };

/** @throws Error for two things of one name */
export function componentsOf(shapes: readonly Shape[]): Components {
  const all: Record<string, Schema> = {};
  for (const { components } of shapes)
    for (const [name, schema] of Object.entries(components)) {
      if (all[name] !== undefined && all[name] !== schema) throw new Error(`two schemas are named ${name}`);
      all[name] = schema;
    }
  return all;
}

const made = <Value>(schema: Schema, parts: readonly Shape[] = []): Shape<Value> => ({
  schema,
  components: componentsOf(parts),
});

export const text = made<string>({ type: 'string' });
export const flag = made<boolean>({ type: 'boolean' });
export const uuid = made<string>(schemaWords.uuid);
export const callerId = made<string>(schemaWords.callerId);
export const currency = made<string>(schemaWords.currency);
export const decimal = made<string>(schemaWords.decimal);
export const hour = made<string>(schemaWords.hour);
/** RFC 3339 with an offset. */
export const instant = made<string>(schemaWords.instant);
export const uriReference = made<string>({ type: 'string', format: 'uri-reference' });
export const matching = (pattern: string) => made<string>({ type: 'string', pattern });

/** Whole numbers don't fit into 32 bits everywhere. */
export const anyWhole = made<number>({ type: 'integer', format: 'int64' });
export const whole = (minimum: number) => made<number>({ ...anyWhole.schema, minimum });
export const count = whole(0);

export const word = <const Words extends readonly string[]>(...words: Words) =>
  made<Words[number]>({ type: 'string', enum: words });

/** Whatever JSON has; who reads it knows what it is. */
export const anything = made<unknown>({});
/** Fields that depend on what happened. */
export const anyFields = made<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true });

export const about = <Value>(shape: Shape<Value>, description: string): Shape<Value> => ({
  ...shape,
  schema: { ...shape.schema, description },
});
export const amount = about(count, 'Minor units.');
export const refusalCode = about(text, 'The code of the refusal.');
export const refusalData = about(anyFields, 'What explains it.');

const orNull = (schema: Schema): Schema => {
  if (typeof schema.type !== 'string') return { oneOf: [schema, { type: 'null' }] };
  return {
    ...schema,
    type: [schema.type, 'null'],
    ...(Array.isArray(schema.enum) && { enum: [...schema.enum, null] }),
  };
};

export const nullable = <Value>(shape: Shape<Value>): Shape<Value | null> => made(orNull(shape.schema), [shape]);
export const optional = <Value>(shape: Shape<Value>): Optional<Value> => ({ ...shape, isOptional: true });
export const listOf = <Value>(items: Shape<Value>): Shape<readonly Value[]> =>
  made({ type: 'array', items: items.schema }, [items]);

const schemaOf = (fields: Fields): Schema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])),
  required: Object.keys(fields).filter(name => !('isOptional' in (fields[name] ?? {}))),
});

export const object = <Given extends Fields>(fields: Given): Shape<ObjectOf<Given>> =>
  made(schemaOf(fields), Object.values(fields));

/** An object that has other fields beside these. */
export const open = <Given extends Fields>(fields: Given): Shape<ObjectOf<Given> & Readonly<Record<string, unknown>>> =>
  made({ ...schemaOf(fields), additionalProperties: true }, Object.values(fields));

/** What the document tells of once, under this name. */
export const named = <Value>(name: string, { schema, components }: Shape<Value>): Shape<Value> =>
  made(refTo({ name }), [{ schema, components: { ...components, [name]: schema } }]);

/** One of several that are told apart by what they have. */
export const either = <Given extends readonly Shape[]>(...shapes: Given): Shape<Body<Given[number]>> =>
  made({ oneOf: shapes.map(({ schema }) => schema) }, shapes);

export const money = named('Money', object({ amount, currency }));

type Cases = Readonly<Record<string, readonly [name: string, fields: Fields]>>;
type CaseOf<Tag extends string, Given extends Cases> = {
  readonly [Value in keyof Given]: Readonly<Record<Tag, Value>> & ObjectOf<Given[Value][1]>;
}[keyof Given];

/** One of several objects that are told apart by the value of one field; each has a name of its own. */
export function oneBy<const Tag extends string, const Given extends Cases>(
  union: string,
  tag: Tag,
  cases: Given,
): Shape<CaseOf<Tag, Given>> {
  const shapes = Object.entries(cases).map(([value, [name, fields]]) =>
    named(name, object({ [tag]: made({ type: 'string', const: value }), ...fields })),
  );
  const mapping = Object.fromEntries(Object.keys(cases).map((value, i) => [value, shapes[i]?.schema.$ref]));
  const schema = { oneOf: shapes.map(shape => shape.schema), discriminator: { propertyName: tag, mapping } };
  return named(union, made(schema, shapes));
}

export const page = <Value>(name: string, item: Shape<Value>) =>
  named(
    name,
    object({
      items: listOf(item),
      nextCursor: about(nullable(text), 'The `cursor` of the next page; null = this is the last one.'),
    }),
  );
