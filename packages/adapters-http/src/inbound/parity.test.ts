import { anActivePolicy, aServer, type Sent, service, shopper, type TestServer, tokenFor } from './http.fixtures.js';

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

async function conversation(fastIssue: boolean) {
  const server: TestServer = await aServer({ fastIssue, rateLimitPerUser: 100, rateLimitPerAddress: 1000 });
  const policyId = await anActivePolicy(server, { limits: { total: 6, perUser: 1 } });
  const answers = [];
  for (const [what, { raw, ...sent }] of requests) {
    const body = typeof raw === 'string' ? { raw: raw.replace(POLICY, policyId) } : raw === undefined ? {} : { raw };
    const { status, headers, json, text } = await server.post(path, { ...sent, ...body });
    const { traceId, ...rest } = json;
    const told = [...headers].filter(([name]) => !varying.has(name));
    answers.push({
      what,
      status,
      told,
      length: text.length,
      body: { ...rest, traced: typeof traceId },
      id: headers.get('x-request-id')?.length,
    });
  }
  const lines = server.lines.map(({ time: _, ms: _ms, traceId: _t, requestId: _r, pid: _p, ...line }) => line);
  const events = server.adapters.events;
  const text = (await server.get('/metrics')).text
    .split('\n')
    .filter(line => /^(coupon|http_request_duration_seconds_count)/.test(line));
  await server.close();
  return { answers, lines, text, events: events !== undefined };
}

it('the hot endpoint answers, logs and counts the same with and without Express', async () => {
  const [fast, slow] = [await conversation(true), await conversation(false)];
  expect(fast).toEqual(slow);
  expect(new Set(fast.answers.map(({ status }) => status))).toEqual(
    new Set([201, 400, 401, 403, 404, 409, 413, 415, 422]),
  );
});
