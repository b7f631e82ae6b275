import {
  aCoupon,
  anActivePolicy,
  aServer,
  type Sent,
  service,
  shopper,
  type TestServer,
  tokenFor,
} from './http.fixtures.js';

const path = '/api/v1/coupons/issue';
const POLICY = '$policy';

/** What is sent to the hot endpoint; `$policy` stands for a policy that is on sale. */
const requests: readonly [string, Sent][] = [
  ['a good one', { token: shopper(), raw: `{"policyId":"${POLICY}"}` }],
  ['the same once more', { token: shopper(), raw: `{"policyId":"${POLICY}"}` }],
  ['one with blanks', { token: shopper('bob'), raw: ` { "policyId" : "${POLICY}" } ` }],
  ['one for somebody', { token: service, raw: `{"policyId":"${POLICY}","userId":"cy"}` }],
  ['one with null for nobody', { token: shopper('dan'), raw: `{"policyId":"${POLICY}","userId":null}` }],
  ['one for somebody else', { token: shopper(), raw: `{"policyId":"${POLICY}","userId":"cy"}` }],
  ['one with a key', { token: shopper('eve'), raw: `{"policyId":"${POLICY}"}`, headers: { 'idempotency-key': 'k' } }],
  ['its repetition', { token: shopper('eve'), raw: `{"policyId":"${POLICY}"}`, headers: { 'idempotency-key': 'k' } }],
  [
    'its key for another body',
    { token: shopper('eve'), raw: `{"policyId":"${POLICY}" }`, headers: { 'idempotency-key': 'k' } },
  ],
  ['a bad key', { token: shopper('eve'), raw: `{"policyId":"${POLICY}"}`, headers: { 'idempotency-key': 'a b' } }],
  ['no policy', { token: shopper(), raw: '{}' }],
  ['an unknown policy', { token: shopper(), raw: '{"policyId":"01990000-0000-7000-8000-00000000ffff"}' }],
  ['a bad policy', { token: shopper(), raw: '{"policyId":"x"}' }],
  ['a number for a policy', { token: shopper(), raw: '{"policyId":7}' }],
  ['an unknown field', { token: shopper(), raw: `{"policyId":"${POLICY}","x":1}` }],
  ['__proto__', { token: shopper(), raw: `{"policyId":"${POLICY}","__proto__":{}}` }],
  ['a list', { token: shopper(), raw: '[]' }],
  ['no JSON', { token: shopper(), raw: '{' }],
  ['nothing', { token: shopper() }],
  ['an empty body', { token: shopper(), raw: '', headers: { 'content-type': 'application/json' } }],
  ['bad UTF-8', { token: shopper(), raw: new Uint8Array([0xff]) }],
  ['another type', { token: shopper(), raw: '{}', headers: { 'content-type': 'text/plain' } }],
  ['too much', { token: shopper(), raw: `{"policyId":"${'x'.repeat(70_000)}"}` }],
  ['no token', { raw: `{"policyId":"${POLICY}"}` }],
  ['a bad token', { token: 'x', raw: `{"policyId":"${POLICY}"}` }],
  ['an expired token', { token: tokenFor('ann', ['shopper'], { exp: 1 }), raw: `{"policyId":"${POLICY}"}` }],
  ['the wrong role', { token: tokenFor('ann', ['admin']), raw: `{"policyId":"${POLICY}"}` }],
  [
    'a trace',
    {
      token: shopper('fay'),
      raw: `{"policyId":"${POLICY}"}`,
      headers: { 'x-request-id': 'r-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    },
  ],
  ['the last one', { token: shopper('gus'), raw: `{"policyId":"${POLICY}"}` }],
  ['one too many', { token: shopper('hal'), raw: `{"policyId":"${POLICY}"}` }],
];

/** What differs from request to request whoever answers. */
const varying = new Set(['date', 'x-request-id', 'ratelimit-reset', 'connection', 'keep-alive']);

const orderAmount = { amount: 9000, currency: 'KRW' };
const reserve = { reservationId: 'r.1:a', orderNumber: 'o-1', orderAmount };
const reservations = '/api/v1/coupons/reservations';

type Visit = readonly [method: string, path: string, sent?: Sent];

/** What is sent to the other hot endpoints, and past them; `$coupon` stands for a coupon of ann. */
const visits: readonly Visit[] = [
  ['POST', '/api/v1/coupons/download', { token: shopper('bob'), raw: `{"policyId":"${POLICY}"}` }],
  ['POST', '/api/v1/coupons/reserve', { token: shopper(), raw: JSON.stringify({ ...reserve, couponId: '$coupon' }) }],
  ['POST', '/api/v1/coupons/reserve', { token: shopper(), raw: JSON.stringify({ ...reserve, couponId: 'x' }) }],
  ['POST', `${reservations}/r.1:a/confirm`, { token: shopper() }],
  ['POST', `${reservations}/r-2/confirm`, { token: service }],
  ['POST', `${reservations}/r%2E1%3aa/confirm`, { token: service, headers: { 'idempotency-key': 'k' } }],
  ['POST', `${reservations}/r.1:a/confirm`, { token: service, headers: { 'idempotency-key': 'k' } }],
  ['POST', `${reservations}/r.1:a/confirm`, { token: service, raw: '{}' }],
  ['POST', `${reservations}/r.1:a/confirm`, { token: service, raw: '{"x":1}' }],
  ['POST', `${reservations}/r.1:a/confirm?x=1`, { token: service }],
  ['POST', `${reservations}/r.1:a/confirm/`, { token: service }],
  ['POST', `${reservations}/r.1:a/CONFIRM`, { token: service }],
  ['POST', `${reservations}/r.1:a/release`, { token: shopper() }],
  ['POST', `${reservations}/%ff/release`, { token: shopper() }],
  ['POST', `${reservations}/${'r'.repeat(65)}/release`, { token: shopper() }],
  ['POST', `${reservations}/a;b/release`, { token: shopper() }],
  ['POST', `${reservations}//release`, { token: shopper() }],
  ['GET', `${reservations}/r.1:a/release`, { token: shopper() }],
  ['HEAD', '/api/v1/coupons/issue', { token: shopper() }],
  ['GET', '/api/v1/coupons/issue', { token: shopper() }],
  ['GET', '/api/v1/coupons/reserve', { token: shopper() }],
];

/** The same conversation, whoever finds the endpoints. */
async function conversation(hotRoutes: boolean) {
  const server: TestServer = await aServer({ hotRoutes, rateLimitPerUser: 100, rateLimitPerAddress: 1000 });
  const policyId = await anActivePolicy(server, { limits: { total: 6, perUser: 1 } });
  const couponId = await aCoupon(server);
  const answers: object[] = [];
  for (const [what, sent] of requests) answers.push({ what, ...(await toldOf(['POST', path, sent])) });
  const ample = await anActivePolicy(server);
  for (const visit of visits) answers.push({ what: visit.slice(0, 2), ...(await toldOf(visit, ample)) });

  async function toldOf([method, to, { raw, ...sent } = {}]: Visit, policy = policyId) {
    const text = typeof raw === 'string' ? raw.replace(POLICY, policy).replace('$coupon', couponId) : raw;
    const got = await server.call(method, to, { ...sent, ...(text !== undefined && { raw: text }) });
    const { traceId, ...rest } = got.json;
    return {
      status: got.status,
      told: [...got.headers].filter(([name]) => !varying.has(name)),
      length: got.text.length,
      body: { ...rest, traced: typeof traceId },
      id: got.headers.get('x-request-id')?.length,
    };
  }

  const lines = server.lines.map(({ time: _, ms: _ms, traceId: _t, requestId: _r, pid: _p, ...line }) => line);
  const text = (await server.get('/metrics')).text
    .split('\n')
    .filter(line => /^(coupon|http_request_duration_seconds_count)/.test(line));
  await server.close();
  return { answers, lines, text };
}

it('the hot endpoints answer, log and count the same with and without Express', async () => {
  const [fast, slow] = [await conversation(true), await conversation(false)];
  expect(fast).toEqual(slow);
  const statuses = fast.answers.map(answer => (answer as { status: number }).status);
  expect(new Set(statuses)).toEqual(new Set([200, 201, 400, 401, 403, 404, 405, 409, 413, 415, 422]));
});
