import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Role } from '../auth/auth.js';
import { anActivePolicy, aServer, type TestServer, tokenFor } from '../http.fixtures.js';
import { anOrder } from '../orders.fixtures.js';
import type { Route } from '../route.js';
import { routesOf } from '../routes.js';
import type { Service } from '../service.js';
import { openApi } from './openapi.js';

type Json = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

const routes = routesOf({} as Service).all.filter(({ body }) => body !== undefined);
const { schemas } = (openApi(routes) as { components: { schemas: Record<string, Json> } }).components;

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, `#/components/schemas/${name}`);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isOf = ({ type }: Json, word: unknown) => ((type as { enum?: readonly unknown[] }).enum ?? []).includes(word);

/** The schema of a value, whatever it is a part of: of several that of its type. */
function plain(schema: Json, value: unknown): Json {
  if (typeof schema.$ref === 'string') return plain(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, value);
  if (!Array.isArray(schema.oneOf)) return schema;
  const cases = (schema.oneOf as Json[]).filter(({ type }) => type !== 'null').map(each => plain(each, value));
  const { type } = isObject(value) ? value : {};
  return cases.find(({ properties }) => cases.length === 1 || isOf(properties as Json, type)) ?? {};
}

interface Field {
  readonly path: Path;
  readonly schema: Json;
}

/** The fields that an example has or could have, with their schemas. */
function fieldsOf(given: Json, value: unknown, path: Path = []): Field[] {
  const schema = plain(given, value);
  if (Array.isArray(value))
    return [{ path, schema }, ...(value.length > 0 ? fieldsOf(schema.items as Json, value[0], [...path, 0]) : [])];
  if (!isObject(value)) return [{ path, schema }];
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, Json>>);
  return properties.flatMap(([name, field]) => fieldsOf(field, value[name], [...path, name]));
}

function put(body: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  const copy = (Array.isArray(body) ? [...body] : { ...(body as Json) }) as Record<string | number, unknown>;
  copy[name] = put(copy[name], rest, value);
  return copy;
}

const nameOf = (path: Path) =>
  path.map((name, i) => (typeof name === 'number' ? `[${name}]` : i === 0 ? name : `.${name}`)).join('');

/** A local part, an @, and labels of at most 63. */
const emailOf = (length: number) => {
  const domain = 'b'
    .repeat(Math.max(1, length - 4))
    .replace(/.{1,64}/g, label => (label.length < 64 ? label : `${label.slice(1)}.`));
  return `a@${domain}.c`.slice(-length);
};
const letters = (length: number) => 'x'.repeat(length);
/** Texts of a length, where not every text makes sense. */
const textOf: Readonly<Record<string, (length: number) => string>> = {
  email: emailOf,
  phone: length => '1'.repeat(length),
  pattern: length => '#'.repeat(length),
  charset: length => 'ABCD'.repeat(length).slice(0, length),
  code: length => `abc${' '.repeat(length)}`.slice(0, length),
  prefix: letters,
  suffix: letters,
};
/** Those that may have any letter at all. */
const isFree = (name: string, schema: Json) => !(name in textOf) && schema.pattern === undefined;

const around = (low: unknown, high: unknown) =>
  [low, high].flatMap((bound, i) => (typeof bound === 'number' ? [bound, bound + (i === 0 ? -1 : 1)] : []));

const idLength = 64;

/** Of each pattern some fit and some don't. */
const oddTexts = [
  ...['0', '0.0000', '0.00001', '0.0001', '1', '1.', '.5', '99.9999', '100', '100.0000', '100.0001', '101', '-1', '00'],
  ...['00:00', '23:59', '24:00', '12:60', '1:00', 'KRW', 'krw', '+82 10-1234', '+', '0199 ', ''],
  '01990000-0000-7000-8000-00000000000A',
];

function textsAround(name: string, schema: Json): unknown[] {
  const isId = String(schema.pattern).includes('{1,64}');
  if (!isId && schema.pattern !== undefined && schema.maxLength === undefined) return oddTexts;
  const lengths = isId ? around(1, idLength) : around(schema.minLength, schema.maxLength);
  const fill = textOf[name] ?? letters;
  const emoji = isFree(name, schema)
    ? around(schema.minLength, schema.maxLength).map(n => '🎁'.repeat(Math.max(0, n)))
    : [];
  return [...lengths.filter(length => length >= 0).map(fill), ...emoji];
}

function listsAround({ minItems, maxItems, items }: Json, [first]: readonly unknown[]): unknown[] {
  const { enum: words } = items as { enum?: readonly unknown[] };
  const entry = (i: number) => (typeof first !== 'string' ? first : words ? words[i % words.length] : `x${i}`);
  return around(minItems, maxItems).map(length => Array.from({ length: Math.max(0, length) }, (_, i) => entry(i)));
}

/** Values at the bounds that the document names, and the next ones beyond. */
function valuesAround({ path, schema }: Field, here: unknown): unknown[] {
  const types = [schema.type].flat();
  if (types.includes('integer')) return around(schema.minimum, schema.maximum);
  if (types.includes('string') && !schema.enum && schema.format !== 'date-time')
    return textsAround(String(path.at(-1)), schema);
  return types.includes('array') && Array.isArray(here) ? listsAround(schema, here.length > 0 ? here : ['x']) : [];
}

const at = (value: unknown, path: Path) =>
  path.reduce<unknown>((inner, name) => (inner as Json | undefined)?.[name], value);

/** Which may be refused within their bounds too: for what the words of JSON Schema can't say. */
const beyondWords: ReadonlySet<string> = new Set([
  // A name of a list.
  'PolicyDto timeZone',
  // Spaces and hyphens are left out before it is measured.
  'PolicyDto code',
  // All parts of a code together must not be too long; a length and a pattern don't go together.
  ...['CodesDto length', 'CodesDto pattern'],
  // Not above the price.
  'ProductDto options[0].minimumUnitPrice',
]);

describe('the bounds in the document', () => {
  let server: TestServer;
  const ids: Record<string, string> = { reservationId: 'r-1', productId: 'mug', optionId: 'blue' };
  beforeAll(async () => {
    server = await aServer();
    ids.policyId = await anActivePolicy(server);
    ids.orderNumber = await anOrder(server);
    const person = { email: 'ann@shop.example', password: 'correct horse battery', name: 'Ann' };
    ids.me = String((await server.post('/api/v1/users/signup', { body: person })).json.userId);
  });
  afterAll(() => server.close());

  const tokenOf = ({ roles }: Route) => (roles === 'ANYBODY' ? null : tokenFor(ids.me ?? '', [roles[0] as Role]));
  const pathOf = ({ path }: Route) =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '01990000-0000-7000-8000-0000000000aa');

  /** Why the service refuses the field itself, whatever else it thinks of the request; null = it is not looked at. */
  async function complaint(route: Route, body: unknown, field: string): Promise<string | undefined | null> {
    const got = await server.call(route.method, pathOf(route), { token: tokenOf(route), body });
    if (got.status >= 500) throw new Error(got.text);
    // Too many bytes are refused whatever they say.
    return got.status === 413 ? null : got.json.errors?.find(error => error.field === field)?.message;
  }

  const examples = routes.flatMap(route =>
    (route.body?.examples ?? []).map((example, i) => [`${route.name} ${i + 1}`, route, example] as const),
  );
  // Of routes that take the same, one says it for all.
  const distinct = new Map(examples.map(each => [`${each[1].body?.of.name} ${JSON.stringify(each[2])}`, each]));
  it.each([...distinct.values()])('are those of the service: %s', async (_, route, example) => {
    const { name: of = '' } = route.body?.of ?? {};
    const validate = ajv.getSchema(`#/components/schemas/${of}`);
    const mistakes: unknown[] = [];
    for (const field of fieldsOf(schemas[of] ?? {}, example)) {
      const name = nameOf(field.path);
      const messages = new Set<string>();
      const isBeyondWords = beyondWords.has(`${of} ${name}`);
      for (const value of valuesAround(field, at(example, field.path))) {
        const body = put(example, field.path, value);
        const message = await complaint(route, body, name);
        if (message === null) continue;
        if (message !== undefined && typeof value === 'number') messages.add(message);
        const [isDocumented, isRefused] = [validate?.(body), message !== undefined];
        if (isDocumented === isRefused && !(isDocumented && isBeyondWords))
          mistakes.push({
            field: name,
            value: JSON.stringify(value).slice(0, 80),
            size: String(value).length,
            isDocumented,
          });
      }
      // Too small or too large: it is told the same bounds.
      if (messages.size > 1 && !isBeyondWords) mistakes.push({ field: name, messages: [...messages] });
    }
    expect(mistakes).toEqual([]);
  });
});
