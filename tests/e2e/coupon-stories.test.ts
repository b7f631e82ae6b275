import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { writtenAsDescribed } from '../support/event-conformance.js';
import { Api, aService, aShopper, type Caller, operator } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;
let api: Api;

beforeAll(async () => {
  database = await testDatabase();
  service = await startService({ DATABASE_URL: database.url, SWEEP_INTERVAL_SECONDS: '0' });
  api = new Api(service.url);
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.close();
});

const tenPercent = { type: 'PERCENTAGE', percent: '10' };
const aCart = (unitPrice = 12_000, quantity = 2) => ({
  currency: 'KRW',
  lines: [{ lineId: '1', productId: 'p1', categoryIds: ['books'], unitPrice, quantity }],
  shipping: 3_000,
});
const quote = (as: Caller, more: object) =>
  api.call('POST', '/api/v1/coupons/quote', { as, body: { cart: aCart(), ...more } });
const end = (as: Caller, reservationId: string, how: 'confirm' | 'release') =>
  api.call('POST', `/api/v1/coupons/reservations/${reservationId}/${how}`, { as });
const couponsOf = async ({ sub, roles }: Caller) => {
  const { body } = await api.call('GET', `/api/v1/coupons/users/${sub}`, { as: { sub, roles } });
  return body.items as { couponId: string; status: string; policyVersion: number }[];
};
const statistics = async (policyId: string) =>
  (await api.call('GET', `/api/v3/coupon-policies/${policyId}/statistics`, { as: operator })).body;

describe('a policy', () => {
  it('is changed during a sale by a new version, and what is issued keeps its own', async () => {
    const policyId = await api.policy({ limits: { total: 2, perUser: 1 } });
    const [early, late] = [aShopper('early'), aShopper('late')];
    const before = await api.coupon(early, policyId);
    const terms = (await api.call('GET', `/api/v3/coupon-policies/${policyId}`, { as: operator })).body as object;
    const { id, version, status, createdAt, ...editable } = terms as Record<string, unknown>;
    expect([id, version, status, typeof createdAt]).toEqual([policyId, 1, 'ACTIVE', 'string']);
    const edited = { ...editable, discount: { type: 'FIXED_AMOUNT', amount: 5_000 } };
    const put = await api.call('PUT', `/api/v3/coupon-policies/${policyId}`, { as: operator, body: edited });
    expect([put.status, put.body.version]).toEqual([200, 2]);
    const after = await api.coupon(late, policyId);
    const [old, fresh] = [await quote(early, { couponIds: [before] }), await quote(late, { couponIds: [after] })];
    expect(old.body.discounts).toMatchObject([{ policyVersion: 1, amount: 3_000 }]);
    expect(fresh.body.discounts).toMatchObject([{ policyVersion: 2, amount: 5_000 }]);
    expect((await api.issue(aShopper(), policyId)).body.code).toBe('COUPON_SOLD_OUT');
  });

  it('issues nothing while it is paused, and nothing any more once it has ended', async () => {
    const policyId = await api.policy();
    const change = (name: string) => api.call('POST', `/api/v3/coupon-policies/${policyId}/${name}`, { as: operator });
    for (const [step, status] of [
      ['pause', 409],
      ['activate', 201],
      ['end', 409],
    ] as const) {
      await change(step);
      expect((await api.issue(aShopper(), policyId)).status).toBe(status);
    }
  });
});

describe('a quote', () => {
  it('prices a cart with coupons, tells why others do not count, and fails for none of them', async () => {
    const shopper = aShopper();
    const coupon = await api.coupon(shopper, await api.policy({ discount: tenPercent }));
    const answer = await quote(shopper, { couponIds: [coupon, randomUUID()], codes: ['NO-SUCH-CODE'] });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      total: 24_600,
      lines: [{ lineId: '1', gross: 24_000, discount: 2_400, net: 21_600, unitNets: [10_800, 10_800] }],
      discounts: [{ couponId: coupon, amount: 2_400, allocations: [{ lineId: '1', amount: 2_400 }] }],
    });
    expect(answer.body.refused).toHaveLength(2);
  });
});

describe('a reservation', () => {
  const held = async (more: object = {}) => {
    const shopper = aShopper();
    const policyId = await api.policy();
    const couponId = await api.coupon(shopper, policyId);
    const reservationId = randomUUID();
    const answer = await api.reserve(shopper, couponId, { reservationId, ...more });
    return { shopper, policyId, couponId, reservationId, answer };
  };

  it('is the same one when its key comes again, byte for byte', async () => {
    const { shopper, couponId, reservationId, answer } = await held();
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ reservationId, couponId, status: 'RESERVED' });
    const again = await api.reserve(shopper, couponId, { reservationId });
    expect([again.status, again.text]).toEqual([200, answer.text]);
  });

  it('keeps others off, and tells when to try again', async () => {
    const { shopper, couponId, answer } = await held();
    const other = await api.reserve(shopper, couponId, { orderNumber: 'order-2' });
    expect([other.status, other.body.code]).toEqual([409, 'COUPON_RESERVED']);
    expect(other.body.retryAt).toBe(answer.body.expiresAt);
  });

  it('is confirmed once, and the coupon is used', async () => {
    const { shopper, reservationId } = await held();
    const first = await end(aService, reservationId, 'confirm');
    expect([first.status, first.body]).toMatchObject([200, { reservationId, status: 'CONFIRMED' }]);
    expect((await end(aService, reservationId, 'confirm')).text).toBe(first.text);
    expect((await end(shopper, reservationId, 'release')).status).toBe(409);
    expect((await couponsOf(shopper)).map(({ status }) => status)).toEqual(['USED']);
  });

  it('is released, and the coupon can be held again', async () => {
    const { shopper, couponId, reservationId } = await held();
    expect((await end(shopper, reservationId, 'release')).body).toMatchObject({ status: 'RELEASED' });
    expect((await api.reserve(shopper, couponId)).status).toBe(201);
  });

  it('is over when its time is over, swept or not: no confirm, and the coupon is free', async () => {
    const { couponId, reservationId, shopper } = await held({ ttlSeconds: 1 });
    await sleep(1_100);
    expect((await end(aService, reservationId, 'confirm')).body.code).toBe('RESERVATION_EXPIRED');
    expect((await couponsOf(shopper)).map(({ status }) => status)).toEqual(['ISSUED']);
    const next = await api.reserve(shopper, couponId);
    expect(next.status).toBe(201);
    const swept = await api.call('POST', '/schedulers/reservation-timeout/run', { as: aService });
    expect([swept.status, swept.body.job]).toEqual([200, 'reservation-timeout']);
    expect((await end(aService, next.body.reservationId, 'confirm')).status).toBe(200);
  });

  it('is written down by the sweeper when nobody comes back for it', async () => {
    const { couponId, policyId } = await held({ ttlSeconds: 1 });
    await sleep(1_100);
    await api.call('POST', '/schedulers/reservation-timeout/run', { as: aService });
    expect(await database.query('select status from coupons where id = $1', [couponId])).toEqual([
      { status: 'ISSUED' },
    ]);
    expect(await statistics(policyId)).toMatchObject({ issued: 1, available: 1, reserved: 0 });
  });
});

describe('a use', () => {
  it('takes from the budget, and a cancel gives coupon and budget back', async () => {
    const shopper = aShopper();
    const policyId = await api.policy({ limits: { budget: 4_000 } });
    const [one, two] = [await api.coupon(shopper, policyId), await api.coupon(shopper, policyId)];
    const use = (couponId: string) =>
      api.call('POST', `/api/v3/coupons/${couponId}/use`, {
        as: aService,
        body: { orderNumber: 'o-1', orderAmount: { amount: 20_000, currency: 'KRW' } },
      });
    expect((await use(one)).body).toMatchObject({ couponId: one, status: 'USED' });
    expect((await use(two)).body.code).toBe('BUDGET_EXHAUSTED');
    const cancelled = await api.call('POST', `/api/v3/coupons/${one}/cancel`, {
      as: aService,
      body: { reason: 'returned' },
    });
    expect(cancelled.body).toMatchObject({ couponId: one, status: 'ISSUED' });
    expect((await use(two)).status).toBe(200);
    expect(await statistics(policyId)).toMatchObject({ used: 1, available: 1, budgetTaken: 3_000 });
  });
});

describe('other ways to a coupon', () => {
  it('codes: made in the background, redeemed once, in whatever way they are typed', async () => {
    const policyId = await api.policy({ issuance: ['CODE'] });
    const base = `/api/v3/coupon-policies/${policyId}/codes`;
    const order = await api.call('POST', base, { as: operator, body: { count: 50, pattern: '####-####-####' } });
    expect([order.status, order.body.count]).toEqual([202, 50]);
    let job = {} as { status?: string; created?: number };
    for (let i = 0; i < 100 && job.status !== 'DONE'; i++) {
      await sleep(50);
      job = (await api.call('GET', `${base}/jobs/${order.body.jobId}`, { as: operator })).body;
    }
    expect(job).toMatchObject({ status: 'DONE', created: 50, count: 50 });
    const { body } = await api.call('GET', `${base}?limit=10`, { as: operator });
    const [{ code }] = body.items as [{ code: string }];
    const redeem = (as: Caller, typed: string) =>
      api.call('POST', '/api/v1/coupons/redeem', { as, body: { code: typed } });
    expect((await redeem(aShopper(), code.toLowerCase().replaceAll('-', ' '))).status).toBe(201);
    expect((await redeem(aShopper(), code)).body.code).toBe('CODE_ALREADY_REDEEMED');
    const csv = await api.call('GET', `${base}.csv`, { as: operator });
    expect(csv.text.trim().split(/\r?\n/)).toHaveLength(51);
  });

  it('a download, and an event that counts once per cause', async () => {
    const policyId = await api.policy({ issuance: ['DOWNLOAD', 'EVENT'] });
    const shopper = aShopper();
    expect((await api.call('POST', '/api/v1/coupons/download', { as: shopper, body: { policyId } })).status).toBe(201);
    const event = (cause: string) =>
      api.call('POST', '/api/v1/coupons/events', { as: aService, body: { policyId, userId: shopper.sub, cause } });
    const [first, again, other] = [
      await event('birthday-2026'),
      await event('birthday-2026'),
      await event('birthday-2027'),
    ];
    expect([first.status, again.status, other.status]).toEqual([201, 200, 201]);
    expect(again.text).toBe(first.text);
    expect(await couponsOf(shopper)).toHaveLength(3);
  });
});

it('every event that was written is as it is described', async () => {
  await writtenAsDescribed(database);
});
