import { aPolicy, discountExamples } from '../document/examples/coupon-examples.js';
import { anActivePolicy, aServer, operator, service, shopper, type TestServer } from '../http.fixtures.js';

const base = '/api/v3/coupon-policies';
const least = { name: 'Least', currency: 'KRW', discount: { type: 'FIXED_AMOUNT', amount: 1 }, issuance: ['CODE'] };

describe('policies over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await aServer();
  });
  afterEach(() => server.close());
  const create = (body: unknown, path = base) => server.post(path, { token: operator, body });

  it('come back as they were sent, with id, version and status', async () => {
    const got = await create(aPolicy);
    expect({ status: got.status, body: got.json }).toEqual({
      status: 201,
      body: { id: expect.any(String), version: 1, status: 'DRAFT', ...aPolicy, createdAt: '2026-01-01T09:00:00+09:00' },
    });
    expect(got.headers.get('location')).toBe(`${base}/${got.json.id}`);
    expect(got.headers.get('etag')).toBe('"1"');
    expect((await server.get(`${base}/${got.json.id}`, { token: service })).text).toBe(got.text);
  });

  it('are told with every default filled in', async () => {
    const { json } = await create(least);
    expect(json).toMatchObject({
      timeZone: 'Asia/Seoul',
      code: null,
      limits: { total: null, perUser: null, perDay: null, budget: null },
      validity: { from: null, until: null, untilInclusive: false, daysAfterIssue: null },
      stacking: { mode: 'STACKABLE', group: null, priority: 0, percentBase: 'INITIAL' },
      restoreOnCancel: true,
      refund: 'NONE',
    });
  });

  it.each(discountExamples)('can have the discount of $name', async body => {
    const { status, json } = await create(body, '/api/v1/coupons/policies');
    expect(status).toBe(201);
    expect(json.discount).toMatchObject(body.discount);
  });

  it('write times with the offset of their own zone, whatever offset they were sent with', async () => {
    const issuePeriod = { from: '2026-06-01T04:00:00Z', until: '2026-12-01T00:00:00.5-05:00' };
    const { json } = await create({ ...least, timeZone: 'America/New_York', issuePeriod });
    expect(json.issuePeriod).toEqual({ from: '2026-06-01T00:00:00-04:00', until: '2026-12-01T00:00:00.500-05:00' });
  });

  it.each<[string, object, number, string[]]>([
    ['no name', { name: undefined }, 400, ['name']],
    ['a number for a name', { name: 5 }, 400, ['name']],
    ['a blank name', { name: ' ' }, 422, ['name']],
    ['an unknown field', { prize: 1 }, 400, ['prize']],
    ['a field of another discount', { discount: { type: 'FREE_SHIPPING', percent: '1' } }, 400, ['discount.percent']],
    ['an unknown discount', { discount: { type: 'MAGIC', amount: 1 } }, 400, ['discount.type']],
    ['a discount without a type', { discount: { amount: 1 } }, 400, ['discount.type']],
    ['a list for a discount', { discount: [] }, 400, ['discount']],
    ['a percent as a number', { discount: { type: 'PERCENTAGE', percent: 10 } }, 400, ['discount.percent']],
    ['a percent over 100', { discount: { type: 'PERCENTAGE', percent: '150' } }, 422, ['discount.percent']],
    ['half a won', { discount: { type: 'FIXED_AMOUNT', amount: 0.5 } }, 400, ['discount.amount']],
    ['a negative amount', { discount: { type: 'FIXED_AMOUNT', amount: -1 } }, 422, ['discount.amount']],
    ['an amount beyond all numbers', { limits: { budget: 2 ** 60 } }, 422, ['limits.budget']],
    ['a text for a limit', { limits: { total: 'many' } }, 400, ['limits.total']],
    ['an unknown currency', { currency: 'XYZ' }, 422, ['currency']],
    ['an unknown zone', { timeZone: 'Mars/Base' }, 422, ['timeZone']],
    ['an unknown way', { issuance: ['CODE', 'LUCK'] }, 400, ['issuance[1]']],
    ['a day that does not exist', { issuePeriod: { from: '2026-02-30T00:00:00Z' } }, 400, ['issuePeriod.from']],
    ['a time without offset', { validity: { until: '2026-02-20T00:00:00' } }, 400, ['validity.until']],
    ['a shared code of two characters', { code: 'A-B' }, 422, ['code']],
    ['two mistakes', { name: 1, limits: { total: true } }, 400, ['name', 'limits.total']],
  ])('refuse %s', async (_, fields, status, blamed) => {
    const got = await create({ ...least, ...fields });
    expect({ status: got.status, fields: got.json.errors.map(({ field }) => field).sort() }).toEqual({
      status,
      fields: [...blamed].sort(),
    });
    expect(await server.adapters.queries.policies({ status: null, limit: 1, cursor: null })).toMatchObject({
      items: [],
    });
  });

  it.each([
    ['issuePeriod', { issuePeriod: { from: '2026-11-21T10:00:00+09:00', until: '2026-11-21T10:00:00.00+09:00' } }],
    ['validity', { validity: { from: '2026-11-21T10:00:00+09:00', until: '2026-11-21t00:59:59z' } }],
  ])('refuse a %s that ends before it begins, and tell its end as it was sent', async (field, fields) => {
    const id = await anActivePolicy(server);
    const body = { ...least, ...fields };
    const until = Object.values(fields)[0]?.until;
    for (const got of [await create(body), await server.put(`${base}/${id}`, { token: operator, body })])
      expect(got).toMatchObject({ status: 422, json: { errors: [{ field: `${field}.until`, value: until }] } });
  });

  it('make their next version by an edit that saw the newest one', async () => {
    const id = await anActivePolicy(server);
    const path = `${base}/${id}`;
    const etag = (await server.get(path, { token: operator })).headers.get('etag') ?? '';
    const edit = (ifMatch: string) =>
      server.put(path, { token: operator, body: { ...least, name: 'Next' }, headers: { 'if-match': ifMatch } });
    expect(await edit(etag)).toMatchObject({ status: 200, json: { version: 2, name: 'Next', status: 'ACTIVE' } });
    expect(await edit(etag)).toMatchObject({ status: 412, json: { code: 'REVISION_CONFLICT' } });
    for (const other of ['W/"2"', '"x"', '"99"']) expect((await edit(other)).status).toBe(412);
    expect(await edit('W/x')).toMatchObject({ status: 400, json: { errors: [{ field: 'If-Match' }] } });
    expect(await edit('*')).toMatchObject({ status: 200, json: { version: 3 } });
  });

  it('move from draft to active, paused, active and ended, and no other way', async () => {
    const { json } = await create(least);
    const move = async (verb: string) => {
      const got = await server.post(`${base}/${json.id}/${verb}`, { token: operator });
      return [got.status, got.json.currentStatus ?? got.json.status];
    };
    expect(await move('pause')).toEqual([409, 'DRAFT']);
    expect(await move('activate')).toEqual([200, 'ACTIVE']);
    expect(await move('pause')).toEqual([200, 'PAUSED']);
    expect(await move('activate')).toEqual([200, 'ACTIVE']);
    expect(await move('end')).toEqual([200, 'ENDED']);
    expect(await move('activate')).toEqual([409, 'ENDED']);
  });

  it('are listed page by page, newest first, each once', async () => {
    for (const name of ['a', 'b', 'c']) await create({ ...least, name });
    const first = await server.get(`${base}?limit=2`, { token: operator });
    const second = await server.get(`${base}?limit=2&cursor=${first.json.nextCursor}`, { token: operator });
    expect([...first.json.items, ...second.json.items].map(({ name }) => name)).toEqual(['c', 'b', 'a']);
    expect(second.json.nextCursor).toBeNull();
    expect((await server.get(`${base}?status=ACTIVE`, { token: operator })).json.items).toEqual([]);
  });

  it.each([
    ['limit=0', 422],
    ['limit=201', 422],
    ['limit=x', 400],
    ['limit=1&limit=2', 400],
    ['status=GONE', 400],
    ['cursor=bm8.guess', 400],
    ['page=2', 400],
  ])('refuse the query %s', async (query, status) => {
    expect((await server.get(`${base}?${query}`, { token: operator })).status).toBe(status);
  });

  it('are not for shoppers, and what does not exist is 404', async () => {
    const id = await anActivePolicy(server);
    expect((await server.get(`${base}/${id}`, { token: shopper() })).status).toBe(403);
    expect((await server.post(base, { token: shopper(), body: least })).status).toBe(403);
    for (const nobody of ['01990000-0000-7000-8000-00000000ffff', 'x', '%00'])
      expect(await server.get(`${base}/${nobody}`, { token: operator })).toMatchObject({
        status: 404,
        json: { code: 'POLICY_NOT_FOUND' },
      });
  });

  it('tell how many of their coupons are where', async () => {
    const policyId = await anActivePolicy(server, { limits: { total: 5 } });
    await server.post('/api/v1/coupons/issue', { token: shopper(), body: { policyId } });
    const { json } = await server.get(`${base}/${policyId}/statistics`, { token: operator });
    expect(json).toMatchObject({ policyId, issued: 1, available: 1, remaining: 4, used: 0 });
  });
});
