import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { answerCodes } from '../answer-codes.js';
import type { Class } from '../dto/fields.js';
import { COMPONENTS, refTo, type Schema } from '../dto/kinds.js';
import { parameterSchema } from '../dto/query.js';
import { problem } from '../problem.js';
import type { Answer, Route } from '../route.js';
import { componentsOf, open, word } from '../views/shapes.js';

/** Codes that any endpoint with a token, or with a body, can answer with. */
const guarded = ['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'FORBIDDEN', 'RATE_LIMITED'];
const withBody = ['MALFORMED_REQUEST', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE_REQUEST'];
const withKey = ['IDEMPOTENCY_KEY_IN_FLIGHT', 'IDEMPOTENCY_KEY_REUSED'];
const always = ['INTERNAL_ERROR', 'STORE_UNAVAILABLE'];
const limitedAlways = ['RATE_LIMITED', ...always];
const withStore = ['OUTCOME_UNKNOWN', 'CONFLICT'];

/** Every code that an endpoint can refuse with. */
export const refusalsOf = ({ roles, method, keyed, query, limited, refusals = [] }: Route): readonly string[] => [
  ...refusals,
  ...(roles === 'ANYBODY' ? [] : [...guarded, ...always]),
  ...(limited ? limitedAlways : []),
  ...(method === 'GET' ? [] : withBody),
  ...(query ? ['MALFORMED_REQUEST', 'UNPROCESSABLE_REQUEST'] : []),
  ...(keyed ? [...withKey, ...withStore] : []),
];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function refsIn(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const own = typeof value.$ref === 'string' ? [value.$ref.slice(COMPONENTS.length)] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

/** The schemas of these classes and of all that they refer to; unknown fields are refused, so they say so. */
function schemasOf(classes: readonly Class[]): Record<string, Schema> {
  const known = validationMetadatasToSchemas({ refPointerPrefix: COMPONENTS }) as Record<string, Schema>;
  const found: Record<string, Schema> = {};
  const wanted = classes.map(({ name }) => name);
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const schema = known[name];
    if (!schema || found[name]) continue;
    found[name] = { ...schema, additionalProperties: false };
    wanted.push(...refsIn(schema));
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});

function parametersOf({ params = {}, query = {}, keyed, conditional, connects }: Route) {
  const inPath = Object.entries(params).map(([name, { form }]) => {
    const schema = {
      type: 'string',
      ...(form === 'UUID' ? { format: 'uuid' } : { pattern: '^[A-Za-z0-9._:-]{1,64}$' }),
    };
    return { name, in: 'path', required: true, schema };
  });
  const inQuery = Object.entries(query).map(([name, parameter]) => ({
    name,
    in: 'query',
    required: false,
    schema: parameterSchema(parameter),
  }));
  const key =
    'Optional. The same key with the same request is answered with the same answer, byte for byte, and done once.';
  return [
    ...inPath,
    ...inQuery,
    ...(keyed ? [header('Idempotency-Key', key)] : []),
    ...(connects === 'SSE' ? [header('Last-Event-ID', 'Goes on after this event; counts before `lastEventId`.')] : []),
    ...(conditional ? [header('If-Match', 'The ETag that it was read with; another revision is 412.')] : []),
  ];
}

const challenge = { 'WWW-Authenticate': { required: true, description: 'RFC 9110.', schema: { type: 'string' } } };

function problemsOf(route: Route) {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(refusalsOf(route))) {
    const { status = 409 } = answerCodes.get(code) ?? {};
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus].map(([status, codes]) => {
    const schema = { allOf: [problem.schema, open({ code: word(...codes) }).schema] };
    const content = { 'application/problem+json': { schema } };
    return [status, { description: codes.join(', '), ...(status === 401 && { headers: challenge }), content }] as const;
  });
}

const contentOf = ({ shape, type, example }: Answer) => {
  const told = example !== undefined && { example };
  if (shape) return { 'application/json': { schema: shape.schema, ...told } };
  return type === undefined ? null : { [type]: { schema: { type: 'string' }, ...told } };
};

function answersOf(route: Route) {
  const good = Object.entries(route.answers).map(([status, answer]) => {
    const content = contentOf(answer);
    return [status, { description: answer.description, ...(content && { content }) }] as const;
  });
  return Object.fromEntries([...problemsOf(route), ...good]);
}

function operationOf(route: Route) {
  const { name, area, summary, roles, body, connects, ticketed } = route;
  const examples = body && Object.fromEntries(body.examples.map((value, i) => [`example${i + 1}`, { value }]));
  return {
    operationId: name,
    tags: [area],
    summary,
    ...(roles === 'ANYBODY' ? { security: [] } : { description: `Roles: ${roles.join(', ')}.`, 'x-roles': roles }),
    ...(connects && { 'x-connects': connects }),
    ...(ticketed && { security: [{ bearer: [] }, { ticket: [] }] }),
    parameters: parametersOf(route),
    ...(body && {
      requestBody: { required: !body.optional, content: { 'application/json': { schema: refTo(body.of), examples } } },
    }),
    responses: answersOf(route),
  };
}

/** The document of the table. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  const shapes = routes.flatMap(({ answers }) => Object.values(answers).flatMap(({ shape }) => (shape ? [shape] : [])));
  const classes = routes.flatMap(({ body }) => (body ? [body.of] : []));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Commerce promotions',
      version: '0.1.0',
      description:
        'Coupons and points for shops. Unknown fields are refused. Money is in minor units. Times are RFC 3339 with an offset, those of requests from the years 1 to 9999 in UTC. Answers may get further fields. Idempotency-Key is optional wherever it is named, and required nowhere.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        ticket: { type: 'apiKey', in: 'query', name: 'ticket' },
      },
      schemas: { ...schemasOf(classes), ...componentsOf([problem, ...shapes]) },
    },
  };
}
