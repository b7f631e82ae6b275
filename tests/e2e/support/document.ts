import type { Api } from './api.js';

/** One operation of the document that the running service serves. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly roles: readonly string[];
  /** What a good answer becomes: a connection that stays. */
  readonly connects: 'SSE' | 'WEB_SOCKET' | null;
  readonly examples: readonly object[];
  /** Statuses with the media types of their bodies. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
}

interface Documented {
  readonly 'x-roles'?: readonly string[];
  readonly 'x-connects'?: 'SSE' | 'WEB_SOCKET';
  readonly requestBody?: { content: { 'application/json': { examples?: Record<string, { value: object }> } } };
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
}

export async function operationsOf(api: Api): Promise<Operation[]> {
  const document = (await api.call('GET', '/openapi.json')).body;
  const paths = document.paths as Record<string, Record<string, Documented>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { requestBody, responses, 'x-roles': roles = [], 'x-connects': connects = null }]) => ({
        method: method.toUpperCase() as Operation['method'],
        path,
        roles,
        connects,
        examples: Object.values(requestBody?.content['application/json'].examples ?? {}).map(({ value }) => value),
        answers: Object.fromEntries(
          Object.entries(responses).map(([status, { content = {} }]) => [status, Object.keys(content)]),
        ),
      }),
    ),
  );
}

export type Fields = Readonly<Record<string, unknown>>;

/** The path with its parameters filled in. */
export const filled = (path: string, fields: Fields): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name] ?? `no-${name}`)));

/** A body with every field of these names replaced, at any depth. */
export function withFields(body: unknown, fields: Fields): object {
  if (Array.isArray(body)) return body.map(item => (typeof item === 'object' ? withFields(item, fields) : item));
  return Object.fromEntries(
    Object.entries(body as Fields).map(([name, value]) => {
      if (name in fields) return [name, fields[name]];
      return [name, typeof value === 'object' && value !== null ? withFields(value, fields) : value];
    }),
  );
}
