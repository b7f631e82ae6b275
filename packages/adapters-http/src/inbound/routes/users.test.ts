import { createVerifier } from 'fast-jwt';
import { aServer, secret, shopper, type TestServer, tokenFor } from '../http.fixtures.js';
import { base, password, person } from './users.fixtures.js';

describe('users over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await aServer();
  });
  afterEach(() => server.close());
  const post = (path: string, body: object, token?: string) =>
    server.post(`${base}/${path}`, { body, ...(token && { token }) });
  const signUp = async () => String((await post('signup', person)).json.userId);
  const logIn = async (more: object = {}) => {
    const { json } = await post('login', { email: person.email, password, ...more });
    return { access: String(json.accessToken), refresh: String(json.refreshToken) };
  };
  const me = (token: string) => server.get(`${base}/me`, { token });

  it('rule 18: sign up, and see what was made', async () => {
    const made = await post('signup', person);
    expect({ status: made.status, body: made.json, location: made.headers.get('location') }).toEqual({
      status: 201,
      body: { userId: expect.any(String), email: person.email, name: 'Ann' },
      location: '/api/v1/users/me',
    });
    expect(await post('signup', person)).toMatchObject({ status: 409, json: { code: 'EMAIL_TAKEN' } });
  });

  it('rule 18: log in, refresh and log out with the fixed bodies', async () => {
    await signUp();
    const first = await post('login', { email: person.email, password });
    const pair = {
      ...{ accessToken: expect.any(String), refreshToken: expect.stringMatching(/^[\w-]{43}$/) },
      ...{ tokenType: 'Bearer', expiresIn: 900 },
    };
    expect([first.status, first.json]).toEqual([200, pair]);
    expect(first.headers.get('cache-control')).toBe('no-store');
    const { refreshToken } = first.json;
    const second = await post('refresh-token', { refreshToken });
    expect([second.status, second.json]).toEqual([200, pair]);
    const out = await post('logout', { refreshToken: second.json.refreshToken });
    expect([out.status, out.text, out.headers.get('content-type')]).toEqual([204, '', null]);
    expect(await post('refresh-token', { refreshToken: second.json.refreshToken })).toMatchObject({
      status: 401,
      json: { code: 'REFRESH_TOKEN_INVALID' },
    });
    expect((await post('logout', { refreshToken: 'of nobody' })).status).toBe(204);
  });

  it('rule 20: access tokens live 15 minutes, and say who, for whom and of which session', async () => {
    const userId = await signUp();
    const claims = createVerifier({ key: secret })((await logIn()).access);
    expect(claims).toMatchObject({ sub: userId, roles: ['shopper'], iss: 'shop', aud: 'promotions' });
    expect([claims.exp - claims.iat, claims.sid.length]).toEqual([900, 36]);
  });

  it('rule 18: validate a token', async () => {
    const userId = await signUp();
    const { access, refresh } = await logIn();
    expect((await post('validate-token', { token: access })).json).toEqual({
      ...{ valid: true, userId, roles: ['shopper'] },
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const invalid = { valid: false, userId: null, roles: [], expiresAt: null };
    for (const token of ['', ' ', 'nonsense', `${access.slice(0, -2)}xx`, tokenFor(userId, ['shopper'], { exp: 1 })])
      expect(await post('validate-token', { token })).toMatchObject({ status: 200, json: invalid });
    for (const token of [undefined, null, 5])
      expect(await post('validate-token', { token })).toMatchObject({
        status: 400,
        json: { errors: [{ field: 'token' }] },
      });
    await post('logout', { refreshToken: refresh });
    expect((await post('validate-token', { token: access })).json).toEqual(invalid);
    // A token that another provider has signed has no session here.
    expect((await post('validate-token', { token: shopper('bob') })).json).toMatchObject({
      valid: true,
      userId: 'bob',
    });
  });

  it('rule 19: the answer is the same for a wrong password and an unknown account', async () => {
    await signUp();
    const answers = [];
    for (const email of [person.email, 'nobody@shop.example']) {
      const { status, json } = await post('login', { email, password: 'wrong' });
      answers.push({ status, ...json, traceId: null });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' });
  });

  it('rule 19: locks out with 429 and Retry-After, whatever RATE_LIMIT_* says', async () => {
    for (const email of ['ann@shop.example', 'nobody@shop.example']) {
      const statuses = [];
      let last = await post('login', { email, password: 'wrong' });
      for (const _ of [2, 3, 4, 5, 6]) {
        statuses.push(last.status);
        last = await post('login', { email, password: 'wrong' });
      }
      expect([statuses, last.status, last.json.code]).toEqual([Array(5).fill(401), 429, 'TOO_MANY_ATTEMPTS']);
      expect(last.headers.get('retry-after')).toBe('900');
      expect(last.json.retryAt).toBe('2026-01-01T00:15:00.000Z');
    }
  });

  it('one’s own account is read and changed, for whoever saw its newest state', async () => {
    const userId = await signUp();
    const { access } = await logIn();
    const read = await me(access);
    expect([read.status, read.headers.get('etag'), read.json]).toEqual([
      200,
      '"1"',
      {
        ...{ userId, email: person.email, name: 'Ann', phone: person.phone },
        ...{ roles: ['shopper'], createdAt: '2026-01-01T00:00:00.000Z' },
      },
    ]);
    const put = (body: object, etag: string) =>
      server.put(`${base}/me`, { token: access, body, headers: { 'if-match': etag } });
    expect(await put({ name: 'Ann B.' }, '"1"')).toMatchObject({ status: 200, json: { name: 'Ann B.', phone: null } });
    expect(await put({ name: 'Ann C.' }, '"1"')).toMatchObject({ status: 412, json: { code: 'REVISION_CONFLICT' } });
    expect(await put({ name: 'Ann C.', phone: 'call me' }, '*')).toMatchObject({
      status: 422,
      json: { code: 'ACCOUNT_INVALID', errors: [{ field: 'phone' }] },
    });
    expect((await put({ name: 'Ann C.', email: 'eve@shop.example' }, '*')).status).toBe(400);
  });

  it('rule 20: "A token whose sub has no account may shop; /me is 404"', async () => {
    const token = shopper('of-another-provider');
    const asked = [
      await me(token),
      await server.put(`${base}/me`, { token, body: { name: 'A' } }),
      await post('me/password', { currentPassword: password, newPassword: 'another good one' }, token),
      await server.get(`${base}/me/login-history`, { token }),
    ];
    for (const got of asked) expect(got).toMatchObject({ status: 404, json: { code: 'USER_NOT_FOUND' } });
    expect((await server.get('/api/v1/coupons/users/of-another-provider', { token })).status).toBe(200);
  });

  it('rule 20: a password change keeps the calling session and ends the others, their access tokens at /me too', async () => {
    await signUp();
    const [here, there] = [await logIn(), await logIn()];
    const change = { currentPassword: password, newPassword: 'another good one' };
    expect(await post('me/password', { ...change, currentPassword: 'wrong' }, here.access)).toMatchObject({
      status: 403,
      json: { code: 'PASSWORD_WRONG' },
    });
    expect((await post('me/password', change, here.access)).status).toBe(204);
    expect([(await me(here.access)).status, (await me(there.access)).json.code]).toEqual([200, 'TOKEN_INVALID']);
    expect((await post('refresh-token', { refreshToken: there.refresh })).status).toBe(401);
    expect((await post('refresh-token', { refreshToken: here.refresh })).status).toBe(200);
    expect((await post('login', { email: person.email, password })).status).toBe(401);
  });

  it('rule 18: login history, newest first, page by page', async () => {
    await signUp();
    await post('login', { email: person.email, password: 'wrong' });
    server.adapters.clock.advance(1_000);
    const { access } = await logIn();
    const page = (query: string) => server.get(`${base}/me/login-history?${query}`, { token: access });
    const first = await page('limit=1');
    const login = { address: '127.0.0.1', userAgent: expect.any(String) };
    expect(first.json.items).toEqual([{ at: '2026-01-01T00:00:01.000Z', result: 'SUCCEEDED', ...login }]);
    const next = await page(`limit=1&cursor=${first.json.nextCursor}`);
    expect(next.json).toEqual({
      items: [{ at: '2026-01-01T00:00:00.000Z', result: 'FAILED', ...login }],
      nextCursor: null,
    });
    expect((await page('cursor=bent')).status).toBe(400);
  });

  it('shows nobody the account, the history or the password of somebody else', async () => {
    await signUp();
    await post('signup', { ...person, email: 'bob@shop.example', name: 'Bob' });
    await logIn();
    const bob = (await logIn({ email: 'bob@shop.example' })).access;
    expect((await me(bob)).json).toMatchObject({ email: 'bob@shop.example', name: 'Bob' });
    const { items } = (await server.get(`${base}/me/login-history`, { token: bob })).json;
    expect(items).toHaveLength(1);
  });

  it('a session of one user in the token of another opens nothing', async () => {
    await signUp();
    const { sid } = createVerifier({ key: secret })((await logIn()).access);
    const bob = String((await post('signup', { ...person, email: 'bob@shop.example' })).json.userId);
    expect((await me(tokenFor(bob, ['shopper'], { sid }))).status).toBe(401);
  });

  it.each<[string, object, string]>([
    ['a short password', { password: 'short' }, 'password'],
    ['a common password', { password: 'Password123' }, 'password'],
    ['the address as a password', { password: 'ann@shop.example' }, 'password'],
    ['no address', { email: 'nobody' }, 'email'],
    ['control characters in the name', { name: 'a\u0007' }, 'name'],
  ])('refuse %s and do not repeat a password', async (_, fields, field) => {
    const got = await post('signup', { ...person, ...fields });
    expect({ status: got.status, code: got.json.code, field: got.json.errors[0]?.field }).toEqual({
      ...{ status: 422, code: 'ACCOUNT_INVALID', field },
    });
    if ('password' in fields) expect(got.text).not.toContain(JSON.stringify(fields.password));
  });

  it('refuse a password of the wrong form without repeating it', async () => {
    for (const wrong of [['a secret'], { a: 'secret' }, `a secret ${'x'.repeat(1_025)}`]) {
      const got = await post('login', { email: person.email, password: wrong });
      expect([400, 422]).toContain(got.status);
      expect(got.json.errors).toEqual([{ field: 'password', message: expect.any(String) }]);
      expect(got.text).not.toContain('secret');
    }
  });

  it('write nothing secret and nothing personal into the log', async () => {
    await signUp();
    const { access, refresh } = await logIn();
    await post('login', { email: person.email, password: 'a wrong secret' });
    await post('refresh-token', { refreshToken: refresh });
    await me(access);
    const log = JSON.stringify(server.lines);
    expect(server.lines.length).toBeGreaterThan(4);
    for (const word of [password, 'a wrong secret', refresh, access, person.email, person.phone, '"Ann"'])
      expect(log).not.toContain(word);
  });

  it('keep no answer under an idempotency key: the next stranger with the same key gets his own', async () => {
    const send = (email: string) =>
      server.post(`${base}/signup`, { body: { ...person, email }, headers: { 'idempotency-key': 'k' } });
    expect([(await send('a@shop.example')).json.email, (await send('b@shop.example')).json.email]).toEqual([
      'a@shop.example',
      'b@shop.example',
    ]);
  });
});
