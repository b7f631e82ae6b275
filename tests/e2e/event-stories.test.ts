import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresAdapters } from '@org/adapters-persistence';
import { createCatalogue, createPoints, eventDescriptions } from '@org/application';
import { recordsOf, writtenAsDescribed } from '../support/event-conformance.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Api, aService, aShopper, type Caller, type Method, operator } from './support/api.js';
import { eventually, Shop } from './support/orders.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;
let api: Api;
let shop: Shop;
const ann = aShopper('ann');

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.drop();
});

const connect = ({ url }: ServiceProcess) => {
  api = new Api(url);
  shop = new Shop(api);
};
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
/** Late enough to be still to come when a busy machine gets to it. */
const SOON_MS = 8_000;
let waitUntil = 0;
const soon = () => {
  waitUntil = Date.now() + SOON_MS;
  return new Date(waitUntil).toISOString();
};
const log = { query: <Row>(sql: string) => database.dataSource.query<Row[]>(sql) };

/** Asks for something that has to be done. */
async function done(method: Method, path: string, as: Caller, body?: object) {
  const answer = await api.call(method, path, { as, ...(body && { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}
const run = (...jobs: readonly string[]) =>
  Promise.all(jobs.map(job => done('POST', `/schedulers/${job}/run`, aService, undefined)));

/** While nobody works for orders: so an order can be cancelled on its way. */
async function anOrderThatIsCancelledOnItsWay() {
  const api = await startService({ DATABASE_URL: database.url, ROLES: 'api' });
  connect(api);
  const orderNumber = String((await shop.place(ann, await shop.product(), 1)).body.orderNumber);
  await shop.cancel(ann, orderNumber);
  await api.end('SIGTERM');
  return orderNumber;
}

/** A policy in its life, and every end that a coupon and a hold on one can have. */
async function coupons() {
  const policyId = await api.policy({
    issuePeriod: { from: inMs(-60_000), until: inMs(3_600_000) },
    validity: { from: inMs(-60_000), until: inMs(3_600_000), daysAfterIssue: 1 },
  });
  const path = `/api/v3/coupon-policies/${policyId}`;
  const { id: _, version: __, status: ___, createdAt: ____, ...terms } = await done('GET', path, operator);
  await done('PUT', path, operator, { ...terms, discount: { type: 'PERCENTAGE', percent: '10', maxAmount: 5_000 } });
  const held = async (more: object = {}) => {
    const { body, text } = await api.reserve(ann, await api.coupon(ann, policyId), more);
    if (!body.reservationId) throw new Error(text);
    return `/api/v1/coupons/reservations/${body.reservationId}`;
  };
  await done('POST', `${await held()}/confirm`, aService);
  await done('POST', `${await held()}/release`, aService);
  await held({ ttlSeconds: 1 });
  const [used, revoked] = [await api.coupon(ann, policyId), await api.coupon(ann, policyId)];
  const orderAmount = { amount: 20_000, currency: 'KRW' };
  await done('POST', `/api/v3/coupons/${used}/use`, aService, { orderNumber: 'o-1', orderAmount });
  await done('POST', `/api/v3/coupons/${used}/cancel`, aService, { reason: 'returned' });
  await done('POST', `/api/v3/coupons/${revoked}/revoke`, aService, { reason: 'fraud' });
  await api.coupon(ann, await api.policy({ validity: { until: soon() } }));
  await done('POST', '/api/v3/coupons', ann, { policyId });
  await done('POST', '/api/v3/coupons', ann, { policyId: await api.policy({ issuance: ['CODE'] }) });
  await done('POST', `${path}/pause`, operator);
  await done('POST', `${path}/end`, operator);
}

/** Policies with every kind of discount and condition, so that the schema of terms meets all of them. */
async function policies() {
  const discounts = [
    { type: 'PERCENTAGE', percent: '12.5', rounding: { mode: 'DOWN', unit: 10 }, everyNthUnit: 2 },
    { type: 'FIXED_AMOUNT', amount: 3_000, allocation: 'EACH', maxUnits: 2, maxUnitsPer: 'LINE' },
    {
      type: 'TIERED',
      tiers: [
        { from: 30_000, amount: 3_000 },
        { from: 50_000, percent: '10' },
      ],
    },
    { type: 'BUY_X_GET_Y', buyQuantity: 2, getQuantity: 1, percentOff: '100', products: ['p1'] },
    { type: 'FREE_SHIPPING', maxAmount: 3_000 },
  ];
  const conditions = {
    minimumOrder: { amount: 10_000, comparison: 'GTE', base: 'INITIAL' },
    ...{ products: { include: ['p1'], exclude: [] }, weekdays: ['MON'], hours: { from: '09:00', until: '18:00' } },
  };
  const stacking = { mode: 'STACKABLE', group: 'order', priority: 5, percentBase: 'REMAINING' };
  const limits = { total: 10, perUser: 1, perDay: 5, budget: 50_000 };
  for (const discount of discounts) await api.policy({ discount, conditions, stacking, limits });
}

/** Orders that are completed, paid, refunded, refused and cancelled. */
async function orders() {
  const mug = await shop.product(20);
  const couponId = await api.coupon(ann, await api.policy());
  await shop.earn(ann.sub, 20_000);
  const all = { couponIds: [couponId], points: 2_000 };
  const orderNumber = await shop.ordered(ann, mug, 2, all);
  expect(await shop.settled(ann, orderNumber)).toMatch(/^COMPLETED/);
  const gift = { userId: ann.sub, points: 500, key: randomUUID(), orderNumber };
  await done('POST', '/api/v2/points/earn', aService, gift);
  expect((await shop.refund(orderNumber, 1)).status).toBe(201);
  const unpaid = await shop.ordered(ann, mug, 1, { payment: 'EXTERNAL', points: 1_000 });
  await shop.pay(unpaid, 9_000, { type: 'FAILED' });
  expect(await shop.settled(ann, unpaid)).toMatch(/^CANCELLED/);
  const paid = await shop.ordered(ann, mug, 1, { payment: 'EXTERNAL' });
  await shop.pay(paid, 10_000);
  expect(await shop.settled(ann, await shop.ordered(ann, mug, 50))).toMatch(/^CANCELLED OUT_OF_STOCK/);
}

async function points() {
  const earn = (more: object) =>
    done('POST', '/api/v2/points/earn', aService, { userId: ann.sub, points: 100, key: randomUUID(), ...more });
  await earn({ availableAt: soon() });
  // Of somebody else: what expires first is spent first.
  await earn({ userId: aShopper('ben').sub, expiresAt: soon() });
  const { pointId: earning } = await earn({ reason: 'welcome' });
  const use = { userId: ann.sub, points: 50, orderNumber: 'o-1', key: randomUUID() };
  const { pointId: spending } = await done('POST', '/api/v2/points/use', aService, use);
  for (const pointId of [spending, earning])
    await done('POST', `/api/v2/points/${pointId}/cancel`, aService, { reason: 'mistake' });
}

/** What has no endpoint, because orders do it: holds that nobody ends. */
async function holdsThatNobodyEnds(productId: string) {
  const stores = postgresAdapters(database.dataSource);
  const origin = { actor: 'checkout', traceparent: null };
  const common = { orderNumber: randomUUID(), ttlSeconds: 1, origin };
  const wanted = { holdId: randomUUID(), productId, optionId: 'blue', quantity: 1, ...common };
  const outcomes = await Promise.all([
    createCatalogue(stores).holdStock({ input: wanted }),
    createPoints(stores).move({ input: { change: 'Hold', userId: ann.sub, points: 10, key: randomUUID(), ...common } }),
  ]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'DONE', result: { accepted: true } });
}

async function catalogue() {
  const productId = `mug-${randomUUID()}`;
  const path = `/api/v1/products/${productId}`;
  const option = { optionId: 'blue', price: { amount: 12_000, currency: 'KRW' }, lowStockAt: 8 };
  await done('PUT', path, operator, { name: 'A mug', options: [option] });
  await done('PUT', path, operator, { name: 'The mug', categoryIds: ['kitchen'], options: [option] });
  await done('PUT', `${path}/options/blue/stock`, operator, { quantity: 10 });
  await done('POST', `${path}/options/blue/stock/adjust`, operator, { delta: -3 });
  const item = { productId, optionId: 'blue' };
  const add = () => done('POST', '/api/v1/carts', ann, { ...item, quantity: 1 });
  await add();
  await done('PUT', `/api/v1/carts/product/${productId}/option/blue`, ann, { quantity: 3 });
  await done('DELETE', '/api/v1/carts', ann, { items: [item] });
  await add();
  await done('DELETE', `/api/v1/carts/${ann.sub}/all`, ann);
  return productId;
}

async function accounts() {
  const person = { email: `ann-${randomUUID()}@shop.example`, password: 'correct horse battery' };
  const post = (path: string, body: object) => api.call('POST', `/api/v1/users/${path}`, { body });
  const { userId } = (await post('signup', { ...person, name: 'Ann' })).body;
  const { refreshToken } = (await post('login', person)).body;
  const next = (await post('refresh-token', { refreshToken })).body;
  expect((await post('logout', { refreshToken: next.refreshToken })).status).toBeLessThan(300);
  const self = { sub: String(userId), roles: ['shopper'] } as const;
  await done('PUT', '/api/v1/users/me', self, { name: 'Anne' });
  const change = { currentPassword: person.password, newPassword: 'an even better one' };
  await done('POST', '/api/v1/users/me/password', self, change);
}

/** A busy machine takes its time. */
const MOST_MS = 180_000;

describe('everything that can happen', () => {
  it(
    'is written as it is described, every type of it',
    async () => {
      await anOrderThatIsCancelledOnItsWay();
      service = await startService({ DATABASE_URL: database.url });
      connect(service);
      await Promise.all([coupons(), policies(), orders(), points(), accounts()]);
      await holdsThatNobodyEnds(await catalogue());
      await sleep(Math.max(waitUntil - Date.now(), 1_100));
      await run('reservation-timeout', 'coupon-expiry', 'points-expiry', 'stock-timeout');
      // The workers of orders come a moment later.
      const never = async () => {
        const rows = await log.query<{ type: string }>('select distinct type from events');
        return Object.keys(eventDescriptions).filter(type => !rows.some(row => row.type === type));
      };
      await eventually(never, []);
      await writtenAsDescribed(log);
    },
    MOST_MS,
  );

  it('is told by the document that the service serves', async () => {
    const document = (await api.call('GET', '/asyncapi.json')).body as unknown as {
      readonly channels: Readonly<Record<string, { readonly messages: object }>>;
    };
    for (const { topic, headers } of await recordsOf(log))
      expect(Object.keys(document.channels[topic]?.messages ?? {})).toContain(headers.ce_type);
  });
});
