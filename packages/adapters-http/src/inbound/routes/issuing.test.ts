import {
  aCoupon,
  anActivePolicy,
  aServer,
  operator,
  service,
  shopper,
  type TestServer,
  tokenFor,
} from '../http.fixtures.js';

const HOUR = 3_600_000;

describe('coupons over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await aServer();
  });
  afterEach(() => server.close());
  const post = (path: string, token: string, body?: object) => server.post(`/api/v1/coupons/${path}`, { token, body });

  it('go to who asks, with a number each, and where to find them', async () => {
    const policyId = await anActivePolicy(server, { validity: { daysAfterIssue: 1 } });
    const got = await post('issue', shopper(), { policyId });
    expect({ status: got.status, body: got.json }).toEqual({
      status: 201,
      body: {
        couponId: expect.any(String),
        policyId,
        policyVersion: 1,
        userId: 'ann',
        sequence: 1,
        status: 'ISSUED',
        issuedAt: '2026-01-01T00:00:00.000Z',
        validFrom: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-01-02T15:00:00.000Z',
      },
    });
    const there = await server.get(got.headers.get('location') ?? '', { token: shopper() });
    expect(there).toMatchObject({ status: 200, text: got.text });
    expect((await post('issue', shopper('bob'), { policyId })).json.sequence).toBe(2);
  });

  it('are refused with a code, its data and the time to come again', async () => {
    const policyId = await anActivePolicy(server, { limits: { total: 2, perUser: 1, perDay: 1 } });
    await post('issue', shopper(), { policyId });
    expect(await post('issue', shopper(), { policyId })).toMatchObject({
      status: 409,
      json: {
        code: 'COUPON_ALREADY_ISSUED',
        perUser: 1,
        type: '/docs#COUPON_ALREADY_ISSUED',
        instance: '/api/v1/coupons/issue',
      },
    });
    expect(await post('issue', shopper('bob'), { policyId })).toMatchObject({
      status: 409,
      json: {
        code: 'DAILY_LIMIT_REACHED',
        retryAt: '2026-01-01T15:00:00.000Z',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
  });

  it.each([
    ['issue', 'FIRST_COME'],
    ['download', 'DOWNLOAD'],
  ])('had by /%s need a policy with %s', async (path, way) => {
    const allowed = await anActivePolicy(server, { issuance: [way] });
    const other = await anActivePolicy(server, { issuance: ['EVENT'] });
    expect((await post(path, shopper(), { policyId: allowed })).status).toBe(201);
    expect(await post(path, shopper(), { policyId: other })).toMatchObject({
      status: 409,
      json: { code: 'ISSUE_WAY_NOT_ALLOWED', way, allowed: ['EVENT'] },
    });
  });

  it.each(['friday', ' FRI-DAY '])('come for the code %j, as the user typed it', async code => {
    await anActivePolicy(server, { code: 'FRIDAY', limits: { perUser: 1 } });
    expect((await post('redeem', shopper(), { code })).status).toBe(201);
    expect(await post('redeem', shopper(), { code })).toMatchObject({
      status: 409,
      json: { code: 'COUPON_ALREADY_ISSUED' },
    });
    expect(await post('redeem', shopper(), { code: 'NOBODY' })).toMatchObject({
      status: 404,
      json: { code: 'CODE_NOT_FOUND', couponCode: 'NOBODY' },
    });
  });

  it('are issued once for each event, and the same event is answered with the same coupon', async () => {
    const policyId = await anActivePolicy(server);
    const event = { policyId, userId: 'ann', cause: 'birthday-2026' };
    const first = await post('events', service, event);
    const again = await post('events', service, event);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.text).toBe(first.text);
    const many = await Promise.all(
      Array.from({ length: 10 }, () => post('events', service, { ...event, cause: 'sign-up' })),
    );
    expect(many.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(many.map(({ text }) => text)).size).toBe(1);
    expect(many[0]?.json.sequence).toBe(2);
    expect((await post('events', shopper(), event)).status).toBe(403);
  });

  it.each(['issue', 'download'])('are had by /%s for a user whom a service names, and for nobody else', async path => {
    const policyId = await anActivePolicy(server);
    expect(await post(path, service, { policyId, userId: 'cy' })).toMatchObject({
      status: 201,
      json: { userId: 'cy' },
    });
    expect(await post(path, operator, { policyId, userId: 'dan' })).toMatchObject({
      status: 201,
      json: { userId: 'dan' },
    });
    expect(await post(path, shopper(), { policyId, userId: 'ann' })).toMatchObject({
      status: 201,
      json: { userId: 'ann' },
    });
    expect(await post(path, shopper(), { policyId, userId: 'bob' })).toMatchObject({
      status: 403,
      json: { code: 'FORBIDDEN' },
    });
    expect(await post(path, service, { policyId })).toMatchObject({
      status: 400,
      json: { errors: [{ field: 'userId' }] },
    });
    expect((await post(path, tokenFor('eve', ['service', 'shopper']), { policyId })).json.userId).toBe('eve');
  });

  it('of a user are listed newest first, by status, page by page', async () => {
    const ids = [];
    for (let i = 0; i < 3; i++) {
      ids.unshift(await aCoupon(server));
      server.adapters.clock.advance(1);
    }
    await server.post(`/api/v3/coupons/${ids[0]}/revoke`, { token: service, body: { reason: 'mistake' } });
    const list = async (query: string) =>
      (await server.get(`/api/v1/coupons/users/ann?${query}`, { token: shopper() })).json;
    const first = await list('limit=2');
    const rest = await list(`limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map(({ couponId }) => couponId)).toEqual(ids);
    expect(rest.nextCursor).toBeNull();
    expect((await list('status=REVOKED')).items).toMatchObject([
      { couponId: ids[0], status: 'REVOKED', reason: 'mistake' },
    ]);
    expect((await list('status=ISSUED&limit=50&cursor=')).items).toHaveLength(2);
  });

  it('of another user do not exist for a shopper', async () => {
    const couponId = await aCoupon(server);
    const eve = shopper('eve');
    expect((await server.get('/api/v1/coupons/users/ann', { token: eve })).status).toBe(404);
    expect((await server.get(`/api/v1/coupons/${couponId}`, { token: eve })).status).toBe(404);
    expect((await server.get('/api/v1/coupons/users/ann', { token: operator })).json.items).toHaveLength(1);
    expect((await server.get(`/api/v1/coupons/${couponId}`, { token: service })).status).toBe(200);
  });

  it('are used, given back and taken back by a service', async () => {
    const couponId = await aCoupon(server);
    const change = (verb: string, body?: object) =>
      server.post(`/api/v3/coupons/${couponId}/${verb}`, { token: service, body });
    const order = { orderNumber: 'o-1', orderAmount: { amount: 9000, currency: 'KRW' } };
    expect(await change('use', order)).toMatchObject({
      status: 200,
      json: { couponId, status: 'USED', usedAt: '2026-01-01T00:00:00.000Z', orderNumber: 'o-1' },
    });
    expect(await change('use', order)).toMatchObject({
      status: 409,
      json: { code: 'COUPON_USED', usedAt: '2026-01-01T00:00:00.000Z' },
    });
    expect((await change('cancel', { reason: 'returned' })).json).toEqual({ couponId, status: 'ISSUED' });
    expect((await change('cancel', {})).json.code).toBe('COUPON_NOT_USED');
    expect((await change('revoke')).json).toEqual({ couponId, status: 'REVOKED' });
    expect((await change('use', order)).json).toMatchObject({
      code: 'COUPON_REVOKED',
      revokedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('are not used by their owners directly', async () => {
    const couponId = await aCoupon(server);
    for (const verb of ['use', 'cancel', 'revoke'])
      expect((await server.post(`/api/v3/coupons/${couponId}/${verb}`, { token: shopper(), body: {} })).status).toBe(
        403,
      );
  });

  it('expire by the clock of the store', async () => {
    const couponId = await aCoupon(server, 'ann', { validity: { until: '2026-01-01T05:00:00Z' } });
    server.adapters.clock.advance(5 * HOUR);
    expect((await server.get(`/api/v1/coupons/${couponId}`, { token: shopper() })).json.status).toBe('EXPIRED');
  });
});
