/** JSON Schema as plain JSON: the words of draft 7, which AsyncAPI and OpenAPI 3.1 both read. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly examples?: readonly unknown[];
}

/** A schema for every field of `Data`: a field without one does not compile, nor does a schema without its field. */
export type FieldSchemas<Data> = { readonly [Name in keyof Data]-?: JsonSchema };

/** What each kind of value is everywhere: in these events, and in the requests of the HTTP API. */
export const schemaWords = {
  callerId: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,64}$' },
  uuid: { type: 'string', format: 'uuid' },
  currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  decimal: { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' },
  hour: { type: 'string', pattern: '^[0-9]{2}:[0-9]{2}$' },
  instant: { type: 'string', format: 'date-time' },
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The schema with what it is about, and a value for examples. */
export const about = (schema: JsonSchema, description: string, ...examples: readonly unknown[]): JsonSchema => ({
  ...schema,
  description,
  ...(examples.length > 0 && { examples }),
});

export const nullable = (schema: JsonSchema): JsonSchema => {
  if (typeof schema.type !== 'string') return { oneOf: [schema, { type: 'null' }] };
  return { ...schema, type: [schema.type, 'null'], ...(schema.enum && { enum: [...schema.enum, null] }) };
};

export const oneOf = (...words: readonly string[]): JsonSchema => ({ type: 'string', enum: words });
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
export const flag: JsonSchema = { type: 'boolean' };
export const text: JsonSchema = { type: 'string' };
export const whole = (minimum?: number): JsonSchema => ({
  type: 'integer',
  ...(minimum !== undefined && { minimum }),
});

/**
 * An object with these fields, of which only those in `optional` may be missing. More fields may come in time: readers
 * pass over what they don't know.
 */
export const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(name => !optional.includes(name)),
});

/** An object that many events have in common; documents tell of it once, under this name. */
export const named = (title: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  title,
  ...object(properties),
});

/** A value that the schema takes, made of the examples in it. */
export function exampleOf(schema: JsonSchema): unknown {
  const [given] = schema.examples ?? [];
  if (given !== undefined) return given;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.oneOf?.[0]) return exampleOf(schema.oneOf[0]);
  if (schema.properties)
    return Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, exampleOf(field)]));
  if (schema.items) return [exampleOf(schema.items)];
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  return { boolean: false, integer: schema.minimum ?? 0, object: {}, array: [] }[type ?? ''] ?? type ?? null;
}
