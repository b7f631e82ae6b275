import { request as httpRequest } from 'node:http';
import {
  CircuitBreaker,
  CircuitOpenError,
  circuitSettings,
  OutcomeUnknownError,
  StoreUnavailableError,
} from '@org/application';
import { inMemoryAdapters } from '@org/application/memory';
import { anActivePolicy, aServer, bare, operator, service, shopper, type TestServer } from './http.fixtures.js';

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('the server', () => {
  let server: TestServer;
  const start = async (...args: Parameters<typeof aServer>) => {
    server = await aServer(...args);
    return server;
  };
  afterEach(() => server.close());

  it('tells where it stands', async () => {
    let ready = true;
    await start({}, { readiness: async () => ({ ready, checks: { database: ready ? 'UP' : 'DOWN' } }) });
    expect(await server.get('/health/live')).toMatchObject({ status: 200, json: { status: 'UP' } });
    for (const path of ['/health', '/health/ready'])
      expect(await server.get(path)).toMatchObject({ status: 200, json: { status: 'UP', checks: { database: 'UP' } } });
    ready = false;
    expect(await server.get('/health/ready')).toMatchObject({ status: 503, json: { checks: { database: 'DOWN' } } });
    expect((await server.get('/health/live')).status).toBe(200);
  });

  it('is not ready when nobody can tell', async () => {
    await start({}, { readiness: () => Promise.reject(new Error('no')) });
    expect((await server.get('/health/ready')).status).toBe(503);
  });

  it.each([
    ['GET', '/nowhere', 404, null],
    ['GET', '/api/v1/coupons/issue', 405, 'POST'],
    ['DELETE', '/api/v3/coupon-policies', 405, 'POST, GET, HEAD'],
    ['POST', '/health/live', 405, 'GET, HEAD'],
    ['OPTIONS', '/api/v1/coupons/quote', 405, 'POST'],
    ['GET', '/api/v1/coupons/%ff', 400, null],
    ['GET', '/API/V1/coupons/users/ann', 404, null],
  ])('answers %s %s with %i', async (method, path, status, allow) => {
    await start();
    const got = await server.call(method, path, { token: operator });
    expect({ status: got.status, allow: got.headers.get('allow') }).toEqual({ status, allow });
    expect(got.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('sends the headers that browsers need to be safe, and none that tells what it is made of', async () => {
    await start();
    for (const path of ['/nowhere', '/health/live']) {
      const { headers } = await server.get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('strict-transport-security')).toMatch(/max-age/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.has('x-powered-by') || headers.has('server')).toBe(false);
    }
  });

  it('answers HEAD like GET, without the body', async () => {
    await start();
    const got = await server.call('HEAD', '/health/live');
    expect([got.status, got.text, got.headers.get('content-length')]).toEqual([200, '', '15']);
  });

  it('keeps the caller’s request id and trace, and makes its own of nonsense', async () => {
    await start();
    const traceId = 'a'.repeat(32);
    const headers = { 'x-request-id': 'r-1', traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
    const got = await server.get('/nowhere', { headers });
    expect([got.headers.get('x-request-id'), got.json.traceId]).toEqual(['r-1', traceId]);
    const other = await server.get('/nowhere', { headers: { 'x-request-id': 'r 1\u00e9', traceparent: '00-0-0-0' } });
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f]{24}$/);
    expect(server.lines[0]).toMatchObject({
      requestId: 'r-1',
      traceId,
      route: 'unmatched',
      status: 404,
      code: 'ROUTE_NOT_FOUND',
    });
  });

  it('hands the trace and the caller on to the events', async () => {
    await start();
    const policyId = await anActivePolicy(server);
    const headers = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    const { json } = await server.post('/api/v1/coupons/issue', { token: shopper(), body: { policyId }, headers });
    const { unitOfWork, events } = server.adapters;
    const [event] = await unitOfWork.run(tx => events.stream(tx, String(json.couponId)));
    expect(event?.origin).toEqual({ actor: 'ann', traceparent: expect.stringMatching(/^00-a{32}-[0-9a-f]{16}-01$/) });
  });

  it('writes one line per request: who, what, how long, and nothing secret', async () => {
    await start();
    const policyId = await anActivePolicy(server);
    server.lines.length = 0;
    await server.post('/api/v1/coupons/issue', { token: shopper(), body: { policyId } });
    expect(server.lines).toEqual([
      expect.objectContaining({
        method: 'POST',
        route: '/api/v1/coupons/issue',
        status: 201,
        user: 'ann',
        ms: expect.any(Number),
      }),
    ]);
    expect(JSON.stringify(server.lines)).not.toContain(shopper());
    expect(JSON.stringify(server.lines)).not.toContain(policyId);
  });

  it.each([
    ['STORE_UNAVAILABLE', 503, '1', new StoreUnavailableError('no connection')],
    ['OUTCOME_UNKNOWN', 503, '1', new OutcomeUnknownError('cut')],
    ['INTERNAL_ERROR', 500, null, new Error('secret detail')],
  ])('answers the failure %s without its details, and logs them', async (code, status, retryAfter, error) => {
    await start({}, { jobs: { broken: () => Promise.reject(error) } });
    const got = await server.post('/schedulers/broken/run', { token: service });
    expect(got).toMatchObject({ status, json: { code } });
    expect(got.headers.get('retry-after')).toBe(retryAfter);
    expect(got.text).not.toContain(error.message);
    expect(server.lines.at(-1)).toMatchObject({
      level: 50,
      status,
      err: { message: error.message, stack: expect.any(String) },
    });
  });

  it('runs jobs by name', async () => {
    await start({}, { jobs: { sweep: async () => ({ written: 3 }) } });
    expect(await server.post('/schedulers/sweep/run', { token: service })).toMatchObject({
      status: 200,
      json: { job: 'sweep', written: 3 },
    });
    for (const job of ['other', 'toString', '__proto__'])
      expect(await server.post(`/schedulers/${job}/run`, { token: service })).toMatchObject({
        status: 404,
        json: { code: 'JOB_NOT_FOUND' },
      });
  });

  it('counts what it answers', async () => {
    await start({ metricsToken: 'scrape' });
    const policyId = await anActivePolicy(server, { limits: { total: 1 } });
    for (const user of ['ann', 'bob'])
      await server.post('/api/v1/coupons/issue', { token: shopper(user), body: { policyId } });
    expect((await server.get('/metrics')).status).toBe(401);
    const { text } = await server.get('/metrics', { token: 'scrape' });
    expect(text).toContain(
      'http_request_duration_seconds_count{method="POST",route="/api/v1/coupons/issue",status="201"} 1',
    );
    expect(text).toContain('coupons_issued_total{way="FIRST_COME"} 1');
    expect(text).toContain('coupon_refusals_total{code="COUPON_SOLD_OUT"} 1');
    expect(text).toContain('http_requests_in_flight 1');
  });

  it('shows the circuits of its dependencies as they are', async () => {
    const { stopwatch } = inMemoryAdapters();
    const breaker = new CircuitBreaker({ ...circuitSettings.careful, name: 'redis', stopwatch });
    await start({}, { breakers: [breaker] });
    const figures = async () => (await server.get('/metrics')).text.match(/^circuit_.*$/gm);
    breaker.enter()(false);
    expect(await figures()).toEqual([
      'circuit_state{dependency="redis",status="CLOSED"} 1',
      'circuit_state{dependency="redis",status="HALF_OPEN"} 0',
      'circuit_state{dependency="redis",status="OPEN"} 0',
      'circuit_calls_total{dependency="redis",result="succeeded"} 1',
      'circuit_calls_total{dependency="redis",result="failed"} 0',
      'circuit_calls_total{dependency="redis",result="rejected"} 0',
    ]);
    for (let i = 0; i < 9; i++) breaker.enter()(true);
    expect(() => breaker.enter()).toThrow(CircuitOpenError);
    expect(await figures()).toEqual(
      expect.arrayContaining([
        'circuit_state{dependency="redis",status="CLOSED"} 0',
        'circuit_state{dependency="redis",status="OPEN"} 1',
        'circuit_calls_total{dependency="redis",result="failed"} 9',
        'circuit_calls_total{dependency="redis",result="rejected"} 1',
      ]),
    );
  });
});

describe('clients that misbehave', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer({ headersTimeout: 200, requestTimeout: 400, maxHead: 4096 });
  });
  afterAll(() => server.close());
  const head = `POST /api/v1/coupons/issue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shopper()}\r\nContent-Type: application/json\r\n`;

  it.each<[string, (string | number)[], RegExp]>([
    ['send no HTTP', ['HELLO\r\n\r\n'], /^HTTP\/1\.1 400 .*"code":"MALFORMED_REQUEST"/s],
    [
      'send an endless head',
      [`GET / HTTP/1.1\r\nX: ${'x'.repeat(5000)}\r\n\r\n`],
      /^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE"/s,
    ],
    [
      'send their head drop by drop',
      ['GET / HTTP/1.1\r\nX: ', 150, 'x', 150, 'x', 150, 'x', 150, 'x'],
      /^HTTP\/1\.1 408 .*"code":"REQUEST_TIMEOUT"/s,
    ],
    [
      'send their body drop by drop',
      [`${head}Content-Length: 100\r\n\r\n`, 200, '{', 200, ' ', 200, ' ', 200, ' '],
      /^HTTP\/1\.1 408 /,
    ],
    ['send two lengths', [`${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`], /^HTTP\/1\.1 400 /],
    [
      'send a length and chunks',
      [`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
      /^HTTP\/1\.1 400 /,
    ],
    ['name no host', ['GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n'], /^HTTP\/1\.1 400 /],
  ])('and %s are told and left', async (_, pieces, answer) => {
    expect(await bare(server.port, ...pieces)).toMatch(answer);
    expect((await server.get('/health/live')).status).toBe(200);
  });

  it('go away in the middle of a body without leaving anything behind', async () => {
    const sent = httpRequest({
      port: server.port,
      method: 'POST',
      path: '/api/v1/coupons/issue',
      headers: { authorization: `Bearer ${shopper()}`, 'content-type': 'application/json', 'content-length': 100 },
    });
    sent.on('error', () => {});
    sent.write('{');
    await wait(50);
    sent.destroy();
    await wait(50);
    expect(server.lines.at(-1)).toMatchObject({ status: 499 });
    expect((await server.get('/metrics')).text).toContain('http_requests_in_flight 1');
  });
});
