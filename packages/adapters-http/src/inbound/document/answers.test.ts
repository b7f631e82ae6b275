import { Ajv2020 } from 'ajv/dist/2020.js';
import { aCoupon, anActivePolicy, aServer, operator, shopper } from '../http.fixtures.js';
import { routesOf } from '../routes.js';
import type { Service } from '../service.js';
import { componentsOf, named, object, text } from '../views/shapes.js';
import { AnswerChecker, type Answered, type Document } from './answers.fixtures.js';
import { orderExamples } from './examples/order-examples.js';
import { openApi } from './openapi.js';

const routes = routesOf({ asyncApi: {} } as Service).all;
const document = openApi(routes) as Document;
const checker = new AnswerChecker(document);

const answers = routes.flatMap(({ method, path, answers: all }) =>
  Object.entries(all).map(([status, answer]) => ({
    method: method.toLowerCase(),
    path,
    status: Number(status),
    answer,
  })),
);
const ofJson = answers.filter(({ answer }) => answer.shape !== undefined);
const cases = ofJson.map(each => [`${each.method} ${each.path} ${each.status}`, each] as const);

describe('the answers in the document', () => {
  it('tell what every body is made of', () => {
    expect(ofJson.length).toBeGreaterThan(75);
    const bare = answers.filter(({ answer: { shape, type }, status }) => !shape && !type && status !== 204);
    expect(bare.map(({ status }) => status)).toEqual([101]);
  });

  it.each(cases)('have an example that is one of them: %s', (_, { method, path, status, answer }) =>
    expect(checker.mistakesInBody(path, method, status, 'application/json', answer.example)).toEqual([]),
  );

  it('may get further fields: none is closed but those of requests', () => {
    const closed = Object.entries(document.components.schemas).filter(
      ([, schema]) => schema.additionalProperties === false,
    );
    expect(closed.filter(([name]) => !name.endsWith('Dto'))).toEqual([]);
  });

  it('are schemas of JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false });
    const wrong = Object.entries(document.components.schemas).filter(([, schema]) => !ajv.validateSchema(schema));
    expect(wrong).toEqual([]);
  });

  it('name nothing twice', () => {
    const [one, other] = [named('Thing', object({ a: text })), named('Thing', object({ b: text }))];
    expect(Object.keys(componentsOf([one, one]))).toEqual(['Thing']);
    expect(() => componentsOf([one, other])).toThrow('two schemas are named Thing');
  });
});

const JSON_HEAD = { 'content-type': 'application/json; charset=utf-8' };
const PROBLEM_HEAD = { 'content-type': 'application/problem+json; charset=utf-8' };
const ORDER = '/api/v3/orders/01990000-0000-7000-8000-000000000005';
const { whole, item, event } = orderExamples;

const about = (path: string, body: unknown, { method = 'GET', status = 200, head = JSON_HEAD as object } = {}) =>
  checker.mistakesIn({
    method,
    path,
    status,
    headers: new Headers(head as Record<string, string>),
    text: JSON.stringify(body),
  } satisfies Answered);

const problem = (more: object) => ({
  ...{ type: '/docs#ORDER_NOT_FOUND', title: 'Order not found', status: 404, detail: 'No.', instance: ORDER },
  ...{ code: 'ORDER_NOT_FOUND', traceId: 'a'.repeat(32), ...more },
});

describe('who checks answers', () => {
  it.each<[string, readonly string[]]>([
    ['an order', about(ORDER, whole)],
    ['an id in other letters', about(ORDER.replace('orders/0', 'orders/%30'), whole)],
    ['a problem', about(ORDER, problem({ orderNumber: 'x' }), { status: 404, head: PROBLEM_HEAD })],
    ['a path of nobody', about('/nowhere', problem({ code: 'ROUTE_NOT_FOUND' }), { status: 404, head: PROBLEM_HEAD })],
  ])('finds nothing in %s', (_, mistakes) => expect(mistakes).toEqual([]));

  const { total: _, ...incomplete } = whole;
  const spoilt = (more: object) => about(ORDER, { ...whole, ...more });
  const challenged = (head: object) =>
    about(ORDER, problem({ status: 401, code: 'TOKEN_MISSING' }), { status: 401, head: { ...PROBLEM_HEAD, ...head } });

  it.each<[string, readonly string[], RegExp]>([
    ['a field is missing', about(ORDER, incomplete), /required property 'total'/],
    ['a field is in no schema', spoilt({ surprise: 1 }), /must NOT have additional properties.*surprise/],
    ['the same deep inside', spoilt({ shipping: { ...whole.shipping, tax: 1 } }), /^GET .*, 200: \/shipping .*tax/],
    ['a type is another one', spoilt({ total: '24100' }), /\/total must be integer/],
    ['null is no value', spoilt({ createdAt: null }), /\/createdAt must be string/],
    ['a time is none of RFC 3339', spoilt({ endedAt: '+010000-01-01T13:59:59.000Z' }), /\/endedAt .*date-time/],
    ['an id is none', spoilt({ orderNumber: 'order-1' }), /\/orderNumber .*uuid/],
    ['a word is unknown', spoilt({ status: 'LOST' }), /\/status .*allowed values/],
    ['an amount is below zero', spoilt({ refundDue: -1 }), /\/refundDue must be >= 0/],
    ['an item has more than it should', about('/api/v3/orders', { items: [whole], nextCursor: null }), /\/items\/0/],
    [
      'the fields are those of another kind',
      about(`${ORDER}/timeline`, { items: [{ ...event, data: { reason: 'x' } }], nextCursor: null }),
      /\/items\/0\/data .*eventId/,
    ],
    ['the status is not in the document', about(ORDER, whole, { status: 202 }), /is no status of .*\{orderNumber\}/],
    ['the type is another one', about(ORDER, whole, { head: { 'content-type': 'text/html' } }), /is text\/html, not/],
    [
      'a problem is plain JSON',
      about(ORDER, problem({}), { status: 404 }),
      /is application\/json, not application\/prob/,
    ],
    [
      'a code is none of the operation',
      about(ORDER, problem({ code: 'COUPON_NOT_FOUND' }), { status: 404, head: PROBLEM_HEAD }),
      /\/code .*ORDER_NOT_FOUND/,
    ],
    ['401 names no scheme', challenged({}), /has no WWW-Authenticate/],
    ['what has no body has one', about('/api/v1/users/logout', {}, { method: 'POST', status: 204 }), /has a body/],
    ['nothing is known of it', about('/nowhere', item), /is not in the document, and application\/json/],
    ['a method is not there', about(ORDER, item, { method: 'PUT' }), /is not in the document/],
  ])('finds that %s', (_what, mistakes, message) => expect(mistakes.join('\n')).toMatch(message));

  it('is content with a challenge', () => expect(challenged({ 'www-authenticate': 'Bearer' })).toEqual([]));
});

describe('the client of the tests', () => {
  it('fails when the server answers something else, and says what, where and why', async () => {
    const checks = 'all of them' as unknown as Record<string, unknown>;
    const server = await aServer({}, { readiness: async () => ({ ready: true, checks }) });
    await expect(server.get('/health/ready?')).rejects.toThrow('GET /health/ready, 200: /checks must be object');
    await server.close();
  });

  it('takes what is right', async () => {
    const server = await aServer();
    const couponId = await aCoupon(server);
    await anActivePolicy(server);
    await server.get(`/api/v1/coupons/${couponId}`, { token: shopper() });
    const page = await server.get('/api/v3/coupon-policies', { token: operator });
    expect(page.json.items).toHaveLength(2);
    await server.close();
  });
});
