import { definePolicy } from '@org/domain';
import { answerCodes } from '../answer-codes.js';
import { draftOf, PolicyDto } from '../dto/policy-dto.js';
import { validated } from '../dto/validate.js';
import { aServer, type TestServer } from '../http.fixtures.js';
import { Problem } from '../problem.js';
import { routesOf } from '../routes.js';
import type { Service } from '../service.js';
import { curlOf } from './docs-page.js';
import { openApi, refusalsOf } from './openapi.js';

const routes = routesOf({} as Service).all;
const document = openApi(routes) as {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        responses: Record<string, { headers?: object }>;
        parameters: { name: string; in: string }[];
      }
    >
  >;
  components: { schemas: Record<string, { properties: Record<string, object>; required?: string[] }> };
};

function at(pointer: string): unknown {
  return pointer
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
}

const refs = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, inner]) => (name === '$ref' ? [String(inner)] : refs(inner)));

describe('the OpenAPI document', () => {
  it('has every route of the table and no other', () => {
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method} ${path}`),
    );
    expect(told.sort()).toEqual(routes.map(({ method, path }) => `${method.toLowerCase()} ${path}`).sort());
  });

  it('names every operation once, and every parameter of its path', () => {
    const names = routes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, params = {} } of routes)
      expect(Object.keys(params)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  });

  it('points to nothing that is not in it', () => {
    const all = refs(document);
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter(ref => at(ref) === undefined)).toEqual([]);
  });

  it('says what is required and that nothing else is taken', () => {
    const { IssueDto, PolicyDto: policy, ReserveDto } = document.components.schemas;
    expect([...(policy?.required ?? [])].sort()).toEqual(['currency', 'discount', 'issuance', 'name']);
    expect(IssueDto).toMatchObject({
      required: ['policyId'],
      additionalProperties: false,
      properties: { policyId: { type: 'string', format: 'uuid' } },
    });
    expect(ReserveDto?.properties.ttlSeconds).toEqual({
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 86_400,
      default: 900,
    });
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['PercentageDto', 'BuyXGetYDto', 'CartLineDto', 'Problem']),
    );
  });

  it('tells of every 401 what to come back with', () => {
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => [`${method} ${path}`, responses] as const),
    );
    const without = told.filter(([, { 401: refused }]) => refused && !('WWW-Authenticate' in (refused.headers ?? {})));
    expect(without).toEqual([]);
    expect(Object.fromEntries(told)['get /metrics']).toMatchObject({ 401: { description: 'TOKEN_INVALID' } });
  });

  it('knows every code that it names', () => {
    const unknown = routes.flatMap(route => refusalsOf(route).filter(code => !answerCodes.has(code)));
    expect(unknown).toEqual([]);
  });

  const examples = routes.flatMap(({ name, body }) =>
    body ? body.examples.map(example => [name, body.of, example] as const) : [],
  );
  it.each(examples)('gives examples that are taken: %s', (_, of, example) => {
    const dto = validated(of, structuredClone(example));
    expect(dto instanceof Problem ? dto.more.errors : []).toEqual([]);
    if (of === PolicyDto) expect(definePolicy(draftOf(dto as PolicyDto))).toMatchObject({ ok: true });
  });
});

describe('what is served', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server.close());

  it('is this document', async () => {
    const got = await server.get('/openapi.json');
    expect(got.json).toEqual(JSON.parse(JSON.stringify(document)));
    expect(got.json.openapi).toBe('3.1.0');
  });

  it('is a page that needs nothing from elsewhere and runs nothing', async () => {
    const got = await server.get('/docs');
    expect(got.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(got.headers.get('content-security-policy')).toMatch(/^default-src 'none';style-src 'sha256-/);
    expect(got.text).not.toMatch(/<script|\ssrc=|https?:\/\/(?!localhost)|\son\w+=/);
    for (const { path } of routes) expect(got.text).toContain(path.replaceAll('&', '&amp;'));
    for (const code of answerCodes.keys()) expect(got.text).toContain(`<tr id="${code}">`);
  });

  it('is beside the document of the events, where somebody made one', async () => {
    const asyncApi = { asyncapi: '3.0.0', channels: {} };
    const told = await aServer({}, { asyncApi });
    const looks = async (on: TestServer) => {
      const { status, json } = await on.get('/asyncapi.json');
      const { text } = await on.get('/docs');
      return { status, json, isLinked: text.includes('href="/asyncapi.json"') };
    };
    expect(await looks(told)).toEqual({ status: 200, json: asyncApi, isLinked: true });
    expect(await looks(server)).toMatchObject({ status: 404, isLinked: false });
    await told.close();
  });

  it('has a line for the shell per endpoint', () => {
    const issue = routes.find(({ name }) => name === 'issueCoupon');
    expect(issue && curlOf(issue).split(' \\\n  ')).toEqual([
      'curl -i',
      '-X POST',
      '"$HOST/api/v1/coupons/issue"',
      '-H "Authorization: Bearer $TOKEN"',
      "-H 'Content-Type: application/json'",
      `-d '{"policyId":"01990000-0000-7000-8000-000000000001"}'`,
    ]);
  });
});
