import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { answerCodes } from './answer-codes.js';
import { type Class, refTo } from './dto/fields.js';
import type { Schema } from './dto/kinds.js';
import { parameterSchema } from './dto/query.js';
import type { Route } from './route.js';

const PREFIX = '#/components/schemas/';

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
  const own = typeof value.$ref === 'string' ? [value.$ref.slice(PREFIX.length)] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

/** The schemas of these classes and of all that they refer to; unknown fields are refused, so they say so. */
function schemasOf(classes: readonly Class[]): Record<string, Schema> {
  const known = validationMetadatasToSchemas({ refPointerPrefix: PREFIX }) as Record<string, Schema>;
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

function problemsOf(route: Route) {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(refusalsOf(route))) {
    const { status = 409 } = answerCodes.get(code) ?? {};
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/problem+json': { schema: refTo({ name: 'Problem' }) } };
  return [...byStatus].map(([status, codes]) => [status, { description: codes.join(', '), content }] as const);
}

const withoutBody = new Set(['101', '204']);

function answersOf(route: Route) {
  const good = Object.entries(route.answers).map(([status, { description, example, type = 'application/json' }]) => {
    const content = {
      [type]: {
        schema: { type: type === 'application/json' ? 'object' : 'string' },
        ...(example !== undefined && { example }),
      },
    };
    return [status, withoutBody.has(status) ? { description } : { description, content }] as const;
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

const problem: Schema = {
  type: 'object',
  description: 'RFC 9457. The data of a refusal stands beside these members; times are RFC 3339.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', enum: [...answerCodes.keys()] },
    traceId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, value: {}, message: { type: 'string' } },
      },
    },
  },
};

/** The document of the table. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  const classes = routes.flatMap(({ body }) => (body ? [body.of] : []));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Commerce promotions',
      version: '0.1.0',
      description:
        'Coupons and points for shops. Unknown fields are refused. Money is in minor units. Idempotency-Key is optional wherever it is named, and required nowhere.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        ticket: { type: 'apiKey', in: 'query', name: 'ticket' },
      },
      schemas: { Problem: problem, ...schemasOf(classes) },
    },
  };
}
