import type { Role } from './auth/auth.js';
import { validated } from './dto/validate.js';
import { aCoupon, anActivePolicy, aServer, type Sent, type TestServer, tokenFor } from './http.fixtures.js';
import { anOrder } from './orders.fixtures.js';
import { Problem } from './problem.js';
import type { Route } from './route.js';
import { routesOf } from './routes.js';
import type { Service } from './service.js';

/** The table as it is, without anything behind it. */
const routes = routesOf({} as Service).all;
const guarded = routes.filter(({ roles }) => roles !== 'ANYBODY');
/** Whoever signs up or logs in has no token yet. */
const asked = routes.filter(({ roles, limited }) => roles !== 'ANYBODY' || limited);
const withBody = asked.filter(({ body }) => body !== undefined);
const hasFields = ({ body }: Route) => Object.keys(body?.examples[0] ?? {}).length > 0;
const unsafe = asked.filter(({ method }) => method !== 'GET');
const named = (list: readonly Route[]) => list.map(route => [`${route.method} ${route.path}`, route] as const);

const ids: Record<string, string> = { reservationId: 'r-1', userId: 'ann', job: 'nothing' };
const uuid = '01990000-0000-7000-8000-0000000000aa';
const pathOf = ({ path }: Route) => path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? uuid);
const tokenOf = ({ roles }: Route) => tokenFor('ann', roles === 'ANYBODY' ? [] : [roles[0] as Role]);

type Bag = Record<string, unknown>;
const exampleOf = (route: Route) => structuredClone(route.body?.examples[0] ?? {}) as Bag;

/** The example with something else at a path of it. */
function spoilt(route: Route, [first = '', ...rest]: readonly string[], value: unknown): Bag {
  const body = exampleOf(route);
  let at = body;
  let name = first;
  for (const next of rest) {
    at = at[name] as Bag;
    name = next;
  }
  at[name] = value;
  return body;
}

/** Paths to the plain values of an example. */
const leaves = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]))
    : [path];

/** Whether one may say in the body whom it is for; everything else is one's own by nature. */
const namesUser = (route: Route) =>
  route.body !== undefined && !(validated(route.body.of, { ...exampleOf(route), userId: 'ann' }) instanceof Problem);

/** Everything that the store holds, as text. */
const everythingIn = ({ adapters }: TestServer) =>
  JSON.stringify(
    [
      adapters.policies.rows,
      adapters.campaigns.rows,
      adapters.coupons.rows,
      adapters.reservations.rows,
      adapters.codes.rows,
      adapters.products.rows,
      adapters.stock.rows,
      adapters.stockHolds.rows,
      adapters.carts.rows,
      adapters.orders.rows,
      adapters.pointLedger.rows,
      adapters.accounts.rows,
      adapters.sessions.rows,
    ].map(table => table.outside.entries()),
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );

describe('bad input', () => {
  let server: TestServer;
  let before: string;
  let orderNumber: string;
  let requestId: string;
  beforeAll(async () => {
    server = await aServer();
    await aCoupon(server, 'ann');
    await anActivePolicy(server, { code: 'FRIDAY' });
    orderNumber = await anOrder(server, 'ann');
    const policyId = await anActivePolicy(server);
    const asked = await server.post('/api/v3/coupons', { token: tokenFor('ann', ['shopper']), body: { policyId } });
    requestId = String(asked.json.requestId);
    before = everythingIn(server);
  });
  // Whatever was sent, the store is as it was, and the process answers.
  afterEach(() => expect(everythingIn(server)).toBe(before));
  afterAll(async () => {
    expect((await server.get('/health/live')).status).toBe(200);
    await server.close();
  });

  async function refuses(route: Route, sent: Sent, ...statuses: number[]) {
    const got = await server.call(route.method, pathOf(route), { token: tokenOf(route), ...sent });
    expect({
      sent: String(sent.raw ?? JSON.stringify(sent.body)).slice(0, 200),
      text: got.text,
      in: statuses.includes(got.status),
    }).toEqual({
      sent: expect.anything(),
      text: expect.any(String),
      in: true,
    });
    expect(got.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const { status, code, title, type, detail, instance, traceId } = got.json;
    expect({ status, code, title, type, detail, instance, traceId }).toEqual({
      status: got.status,
      code: expect.stringMatching(/^[A-Z_]+$/),
      title: expect.any(String),
      type: `/docs#${code}`,
      detail: expect.any(String),
      instance: pathOf(route),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  }

  describe.each(named(unsafe))('%s refuses', (_, route) => {
    it.each<[string, Sent, number]>([
      ['what is not JSON', { raw: '{"a":' }, 400],
      ['a word', { raw: '"word"' }, 400],
      ['null', { raw: 'null' }, 400],
      ['a list', { raw: '[{}]' }, 400],
      ['an unknown field', { body: { ...exampleOf(route), surprise: 1 } }, 400],
      ['__proto__', { raw: '{"__proto__": {"admin": true}}' }, 400],
      ['a constructor deep inside', { raw: '{"cart": {"lines": [{"constructor": {}}]}}' }, 400],
      [
        'names that every object has',
        { raw: '{"toString":1,"hasOwnProperty":2,"then":3,"valueOf":4,"length":5}' },
        400,
      ],
      ['thousands of objects', { raw: `{"a":[${'{},'.repeat(10_000)}{}]}` }, 400],
      ['thousands of fields', { body: Object.fromEntries(Array.from({ length: 4_000 }, (_, i) => [`f${i}`, i])) }, 400],
      ['NUL in a name', { raw: '{"a\\u0000b": 1}' }, 400],
      ['bad UTF-8', { raw: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, 400],
      ['a number beyond all numbers', { raw: '{"count": 1e400}' }, 400],
      ['a body that is too deep', { raw: `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}` }, 400],
      ['another type', { raw: '{}', headers: { 'content-type': 'text/plain' } }, 415],
      ['another charset', { raw: '{}', headers: { 'content-type': 'application/json; charset=euc-kr' } }, 415],
      ['a compressed body', { raw: '{}', headers: { 'content-encoding': 'gzip' } }, 415],
      ['a query', { raw: '{}', headers: {} }, 400],
    ])('%s', async (what, sent, status) => {
      if (what === 'a query') {
        const got = await server.call(route.method, `${pathOf(route)}?x=1`, {
          token: tokenOf(route),
          body: exampleOf(route),
        });
        expect(got.status).toBe(400);
      } else await refuses(route, sent, status);
    });

    it('a body over its limit, announced or not', async () => {
      const raw = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
      await refuses(route, { raw }, 413);
      const path = pathOf(route);
      const stream = new ReadableStream({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode('x'.repeat(256 * 1024)));
          sent += 1;
          if (sent === 5) controller.close();
        },
      });
      let sent = 0;
      const headers = { authorization: `Bearer ${tokenOf(route)}`, 'content-type': 'application/json' };
      const chunked = { method: route.method, headers, body: stream, duplex: 'half' } as RequestInit;
      expect((await fetch(`http://127.0.0.1:${server.port}${path}`, chunked)).status).toBe(413);
    });
  });

  describe.each(named(withBody.filter(hasFields)))('%s refuses in every field', (_, route) => {
    const fields = leaves(exampleOf(route)).filter(path => !/^\d+$/.test(path.at(-1) ?? ''));
    it.each(fields.map(path => [path.join('.'), path] as const))(
      '%s: other types, NUL, endless text and numbers',
      async (_field, path) => {
        for (const value of [{}, [], [[1]], { $gt: '' }])
          await refuses(route, { body: spoilt(route, path, value) }, 400, 422);
        const here = path.reduce<unknown>((value, name) => (value as Bag)[name], exampleOf(route));
        const others =
          typeof here === 'string'
            ? [5, true]
            : ['NaN', '1', 'Infinity', true].filter(value => typeof value !== typeof here);
        for (const value of others) await refuses(route, { body: spoilt(route, path, value) }, 400);
        await refuses(route, { body: spoilt(route, path, 'a\u0000b') }, 400);
        const raw = (text: string) => JSON.stringify(spoilt(route, path, '@@')).replace('"@@"', text);
        for (const text of ['1e400', '-1e400', '"\\ud800"']) await refuses(route, { raw: raw(text) }, 400);
        await refuses(route, { raw: raw('9007199254740993') }, 400, 422);
        await refuses(route, { body: spoilt(route, path, 'x'.repeat(70_000)) }, 400, 413, 422);
      },
    );
  });

  describe.each(named(guarded))('%s', (_, route) => {
    it.each<[string, string | null]>([
      ['without a token', null],
      ['with an expired token', tokenFor('ann', ['admin'], { exp: 1 })],
      ['with a forged token', `${tokenFor('ann', ['admin']).slice(0, -3)}abc`],
      ['with a token for another service', tokenFor('ann', ['admin'], { aud: 'other' })],
    ])('%s is 401', async (_what, token) => {
      const sent = route.method === 'GET' ? {} : { body: exampleOf(route) };
      const got = await server.call(route.method, pathOf(route), { token, ...sent });
      expect(got).toMatchObject({ status: 401, json: { status: 401 } });
    });

    it('is 403 for roles that it is not for', async () => {
      const others = ['shopper', 'operator', 'admin', 'service'].filter(role => !route.roles.includes(role as never));
      const sent = route.method === 'GET' ? {} : { body: exampleOf(route) };
      for (const role of others)
        expect(
          await server.call(route.method, pathOf(route), { token: tokenFor('ann', [role]), ...sent }),
        ).toMatchObject({
          status: 403,
          json: { code: 'FORBIDDEN' },
        });
    });
  });

  const namesOrder = (route: Route) => route.path.startsWith('/api/v3/orders') && 'orderNumber' in exampleOf(route);
  const reachesOthers = (route: Route) => route.path.includes('{') || namesUser(route) || namesOrder(route);
  it.each(named(routes.filter(route => route.roles.includes('shopper' as never) && reachesOthers(route))))(
    '%s gives a shopper nothing of another one',
    async (_, route) => {
      const coupon = (
        await server.adapters.queries.couponsOfUser({ userId: 'ann', status: null, limit: 1, cursor: null })
      ).items[0];
      const path = route.path
        .replace('{userId}', 'ann')
        .replace('{couponId}', coupon?.id ?? '')
        .replace('{reservationId}', 'r-1')
        .replace('{requestId}', requestId)
        .replace('{orderNumber}', orderNumber);
      const example = {
        ...exampleOf(route),
        ...(namesUser(route) && { userId: 'ann' }),
        ...(namesOrder(route) && { orderNumber }),
      };
      const got = await server.call(route.method, path, {
        token: tokenFor('eve', ['shopper']),
        ...(route.method !== 'GET' && { body: example }),
      });
      expect([403, 404]).toContain(got.status);
    },
  );
});
