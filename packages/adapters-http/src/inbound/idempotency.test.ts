import { anActivePolicy, aServer, operator, type Sent, service, shopper, type TestServer } from './http.fixtures.js';
import { idempotencyKeyOf } from './idempotency.js';
import { base, password, person } from './routes/users.fixtures.js';

const path = '/api/v1/coupons/issue';

describe('the same key gets the same answer', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await aServer();
  });
  afterEach(() => server.close());
  const issue = (key: string, body: object, user = 'ann', url = path) =>
    server.post(url, { token: shopper(user), body, headers: { 'idempotency-key': key } });
  const issued = async (policyId: string) => server.adapters.queries.issued(policyId);

  it('repeats a success byte for byte, and does it once', async () => {
    const policyId = await anActivePolicy(server);
    const first = await issue('k1', { policyId });
    const again = await issue('k1', { policyId });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(await issued(policyId)).toBe(1);
    expect((await server.get('/metrics')).text).toContain('coupons_issued_total{way="FIRST_COME"} 1');
  });

  it('repeats a refusal of the business byte for byte, even when it would succeed by now', async () => {
    const policyId = await anActivePolicy(server, { limits: { total: 1 } });
    await issue('k0', { policyId }, 'bob');
    const first = await issue('k1', { policyId });
    const body = {
      name: 'x',
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 1000 },
      issuance: ['FIRST_COME'],
    };
    expect((await server.put(`/api/v3/coupon-policies/${policyId}`, { token: operator, body })).status).toBe(200);
    const again = await issue('k1', { policyId });
    expect(first).toMatchObject({ status: 409, json: { code: 'COUPON_SOLD_OUT' } });
    expect(again).toMatchObject({ status: 409, text: first.text });
    expect(again.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await issue('k2', { policyId })).status).toBe(201);
  });

  it('does not keep what is the fault of the request', async () => {
    const policyId = await anActivePolicy(server);
    expect((await issue('k1', { policyId: 'x' })).status).toBe(400);
    expect((await issue('k1', { policyId: '01990000-0000-7000-8000-00000000ffff' })).status).toBe(404);
    expect((await issue('k1', { policyId })).status).toBe(201);
  });

  it('refuses the key for another body or another path, but not for another user', async () => {
    const policyId = await anActivePolicy(server);
    await issue('k1', { policyId });
    expect(await issue('k1', { policyId, userId: 'ann' })).toMatchObject({
      status: 422,
      json: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect((await issue('k1', { policyId }, 'ann', '/api/v1/coupons/download')).status).toBe(422);
    expect((await issue('k1', { policyId }, 'bob')).json.sequence).toBe(2);
  });

  it('lets one of two at the same time do it', async () => {
    const policyId = await anActivePolicy(server);
    const both = await Promise.all([issue('k1', { policyId }), issue('k1', { policyId })]);
    const winner = both.find(({ status }) => status === 201);
    for (const got of both)
      expect(got === winner || got.text === winner?.text || got.json.code === 'IDEMPOTENCY_KEY_IN_FLIGHT').toBe(true);
    expect(await issued(policyId)).toBe(1);
  });

  it('keeps ETag and Location of a policy too', async () => {
    const body = { name: 'x', currency: 'KRW', discount: { type: 'FREE_SHIPPING' }, issuance: ['EVENT'] };
    const sent = { token: operator, body, headers: { 'idempotency-key': '"p-1"' } };
    const first = await server.post('/api/v3/coupon-policies', sent);
    const again = await server.post('/api/v3/coupon-policies', { ...sent, headers: { 'idempotency-key': 'p-1' } });
    for (const name of ['etag', 'location']) expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect(again.text).toBe(first.text);
  });

  it('refuses a bad key before anything happens', async () => {
    const policyId = await anActivePolicy(server);
    for (const key of ['', ' ', 'a b', 'k'.repeat(256)])
      expect(await issue(key, { policyId })).toMatchObject({
        status: 400,
        json: { errors: [{ field: 'Idempotency-Key' }] },
      });
    expect(await issued(policyId)).toBe(0);
  });
});

describe('the same key gets the same answer from', () => {
  let server: TestServer;
  let runs = 0;
  beforeEach(async () => {
    runs = 0;
    server = await aServer({}, { jobs: { sweep: async () => ({ swept: ++runs }), other: async () => ({ swept: 0 }) } });
  });
  afterEach(() => server.close());
  const keyed = (method: string, url: string, sent: Sent, key = 'k') =>
    server.call(method, url, { ...sent, headers: { 'idempotency-key': key } });
  const reused = { status: 422, json: { code: 'IDEMPOTENCY_KEY_REUSED' } };

  it('a job, which runs once', async () => {
    const run = (job: string, key?: string) => keyed('POST', `/schedulers/${job}/run`, { token: service }, key);
    const [first, again] = [await run('sweep'), await run('sweep')];
    expect(first).toMatchObject({ status: 200, json: { job: 'sweep', swept: 1 } });
    expect(again).toMatchObject({ status: 200, text: first.text });
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await run('other')).toMatchObject(reused);
    expect((await run('sweep', 'k2')).json.swept).toBe(2);
    expect((await server.post('/schedulers/sweep/run', { token: service })).json.swept).toBe(3);
  });

  it('a job that failed the first time, which runs again', async () => {
    await server.close();
    const sweep = async () => {
      if (++runs === 1) throw new Error('no');
      return { swept: runs };
    };
    server = await aServer({}, { jobs: { sweep } });
    const run = () => keyed('POST', '/schedulers/sweep/run', { token: operator });
    expect([(await run()).status, (await run()).json.swept, (await run()).json.swept]).toEqual([500, 2, 2]);
  });

  it('one’s own account, which changes once', async () => {
    await server.post(`${base}/signup`, { body: person });
    const { json } = await server.post(`${base}/login`, { body: { email: person.email, password } });
    const token = String(json.accessToken);
    const put = (name: string) => keyed('PUT', `${base}/me`, { token, body: { name } });
    const [first, again] = [await put('Ann B.'), await put('Ann B.')];
    expect(first).toMatchObject({ status: 200, json: { name: 'Ann B.' } });
    expect(again).toMatchObject({ status: 200, text: first.text });
    expect([again.headers.get('idempotency-replayed'), again.headers.get('etag')]).toEqual(['true', '"2"']);
    expect(await put('Ann C.')).toMatchObject(reused);
    expect((await server.get(`${base}/me`, { token })).text).toBe(first.text);
  });
});

describe('an Idempotency-Key', () => {
  it.each([
    ['k', 'k'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"quoted key"', 'quoted key'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('%j is %j', (header, key) => expect(idempotencyKeyOf(header)).toBe(key));

  it('may be absent', () => expect(idempotencyKeyOf(undefined)).toBeNull());

  it.each(['', '""', '"open', 'two words', 'ключ', 'a\tb', 'x'.repeat(256), ['a', 'b']])('%j is none', header =>
    expect(idempotencyKeyOf(header)).toMatchObject({ status: 400 }),
  );
});
