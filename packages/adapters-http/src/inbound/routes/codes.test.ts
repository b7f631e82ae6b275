import { anActivePolicy, aServer, bare, operator, shopper, type TestServer } from '../http.fixtures.js';

describe('unique codes over HTTP', () => {
  let server: TestServer;
  let started: string[];
  beforeEach(async () => {
    started = [];
    server = await aServer({}, { codeJobStarted: jobId => started.push(jobId) });
  });
  afterEach(() => server.close());
  const codesOf = (policyId: string) => `/api/v3/coupon-policies/${policyId}/codes`;
  const make = (policyId: string, body: object) => server.post(codesOf(policyId), { token: operator, body });
  const somePolicyWithCodes = async (count: number) => {
    const policyId = await anActivePolicy(server);
    await make(policyId, { count, length: 8, prefix: 'X-' });
    await server.promotions.advanceCodeJob(started[0] ?? '');
    return policyId;
  };

  it('are made by a job that tells how far it is', async () => {
    const policyId = await anActivePolicy(server);
    const got = await make(policyId, { count: 5, pattern: '##-##', charset: '0123456789', checkDigit: false });
    const { jobId } = got.json;
    expect(got).toMatchObject({ status: 202, json: { jobId, count: 5 } });
    expect(started).toEqual([jobId]);
    const location = got.headers.get('location') ?? '';
    const progress = async () => (await server.get(location, { token: operator })).json;
    expect(await progress()).toEqual({ jobId, status: 'RUNNING', created: 0, count: 5 });
    await server.promotions.advanceCodeJob(String(jobId), 3);
    expect(await progress()).toEqual({ jobId, status: 'RUNNING', created: 3, count: 5 });
    await server.promotions.advanceCodeJob(String(jobId));
    expect(await progress()).toEqual({ jobId, status: 'DONE', created: 5, count: 5 });
    const elsewhere = location.replace(policyId, await anActivePolicy(server));
    expect((await server.get(elsewhere, { token: operator })).json.code).toBe('CODE_JOB_NOT_FOUND');
  });

  it('are listed page by page, and become coupons once', async () => {
    const policyId = await somePolicyWithCodes(3);
    const page = async (query: string) => (await server.get(`${codesOf(policyId)}?${query}`, { token: operator })).json;
    const first = await page('limit=2');
    const second = await page(`limit=2&cursor=${first.nextCursor}`);
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    const { code } = first.items[0] ?? {};
    const redeem = () => server.post('/api/v1/coupons/redeem', { token: shopper(), body: { code } });
    expect((await redeem()).status).toBe(201);
    expect((await redeem()).json.code).toBe('CODE_ALREADY_REDEEMED');
    expect((await page('limit=1')).items).toEqual([{ code, status: 'REDEEMED' }]);
    const mistyped = String(code).replace(/.$/, last => (last === '2' ? '3' : '2'));
    expect(await server.post('/api/v1/coupons/redeem', { token: shopper(), body: { code: mistyped } })).toMatchObject({
      status: 422,
      json: { code: 'CODE_MISTYPED' },
    });
  });

  it('are exported as CSV, all of them, streamed over many pages', async () => {
    const policyId = await somePolicyWithCodes(7_000);
    const got = await server.get(`${codesOf(policyId)}.csv`, { token: operator });
    expect(got.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(got.headers.get('content-disposition')).toBe(`attachment; filename="codes-${policyId}.csv"`);
    const [head, ...lines] = got.text.trimEnd().split('\r\n');
    expect(head).toBe('code,status');
    expect(new Set(lines).size).toBe(7_000);
    expect(lines.every(line => /^X-[0-9A-Z]{8},AVAILABLE$/.test(line))).toBe(true);
  });

  it('are cut off visibly when the store fails in the middle of an export', async () => {
    const policyId = await somePolicyWithCodes(7_000);
    const { queries } = server.adapters;
    const codes = queries.codes.bind(queries);
    queries.codes = async page => {
      if (page.cursor !== null) throw new Error('gone');
      return codes(page);
    };
    await expect(server.get(`${codesOf(policyId)}.csv`, { token: operator })).rejects.toThrow();
    expect(server.lines.at(-1)).toMatchObject({ route: expect.stringMatching(/csv$/), status: 500 });
  });

  it('are no longer read when the client hangs up', async () => {
    const policyId = await somePolicyWithCodes(20_000);
    const { queries } = server.adapters;
    const codes = queries.codes.bind(queries);
    let pages = 0;
    let goOn: () => void = () => undefined;
    const hungUp = new Promise<void>(resolve => {
      goOn = resolve;
    });
    queries.codes = async page => {
      pages += 1;
      await hungUp;
      return codes(page);
    };
    const head = `GET ${codesOf(policyId)}.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${operator}\r\nConnection: close\r\n\r\n`;
    const whole = bare(server.port, head);
    const turn = () => new Promise(resolve => setImmediate(resolve));
    while (pages === 0) await turn();
    server.server.closeAllConnections();
    await whole;
    const seen = pages;
    goOn();
    // The request is logged when nothing of it goes on any more.
    while (!String(server.lines.at(-1)?.route).endsWith('codes.csv')) await turn();
    expect(pages - seen).toBeLessThanOrEqual(1);
  });

  it.each<[string, object, number, object]>([
    [
      'a space that is too small',
      { count: 101, pattern: '##', charset: '0123456789', checkDigit: false },
      422,
      { code: 'CODE_SPACE_TOO_SMALL', capacity: 100 },
    ],
    ['no codes at all', { count: 0, length: 8 }, 422, { errors: [{ field: 'count' }] }],
    ['half a code', { count: 1.5, length: 8 }, 400, { errors: [{ field: 'count' }] }],
    ['neither length nor pattern', { count: 1 }, 422, { code: 'CODE_SPACE_INVALID', errors: [{ field: 'length' }] }],
    ['a pattern of punctuation', { count: 1, pattern: '=##!' }, 422, { errors: [{ field: 'pattern' }] }],
  ])('refuse %s', async (_, body, status, json) => {
    expect(await make(await anActivePolicy(server), body)).toMatchObject({ status, json });
    expect(started).toEqual([]);
  });

  it('need a policy that has codes', async () => {
    const without = await anActivePolicy(server, { issuance: ['EVENT'] });
    expect((await make(without, { count: 1, length: 8 })).json.code).toBe('POLICY_WITHOUT_CODES');
    const nobody = '01990000-0000-7000-8000-00000000ffff';
    expect((await make(nobody, { count: 1, length: 8 })).json.code).toBe('POLICY_NOT_FOUND');
    expect((await server.get(codesOf(nobody), { token: operator })).json.code).toBe('POLICY_NOT_FOUND');
    expect((await server.get(`${codesOf(nobody)}.csv`, { token: operator })).status).toBe(404);
  });
});
