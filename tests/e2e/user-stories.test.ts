import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { writtenAsDescribed } from '../support/event-conformance.js';
import { Api, aService, operator } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

const LOCK_SECONDS = 3;
const GRACE_SECONDS = 1;
const password = 'correct horse battery';

let database: TestDatabase;
let service: ServiceProcess;
let api: Api;

const start = async () => {
  service = await startService({
    ...{ DATABASE_URL: database.url, LOG_LEVEL: 'info' },
    ...{ LOGIN_LOCK_SECONDS: String(LOCK_SECONDS), REFRESH_GRACE_SECONDS: String(GRACE_SECONDS) },
  });
  api = new Api(service.url);
};
beforeAll(async () => {
  database = await testDatabase();
  await start();
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.close();
});

const post = (path: string, body: object, token?: string) =>
  api.call('POST', `/api/v1/users/${path}`, {
    body,
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
  });
const get = (path: string, token: string) =>
  api.call('GET', `/api/v1/users/${path}`, { headers: { authorization: `Bearer ${token}` } });
const newEmail = () => `ann-${randomUUID()}@shop.example`;

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function aUser() {
  const email = newEmail();
  const made = await post('signup', { email, password, name: 'Ann Beispiel', phone: '010-9876-5432' });
  if (made.status !== 201) throw new Error(made.text);
  const logIn = async (more: object = {}) => post('login', { email, password, ...more });
  const session = async () => (await logIn()).body as unknown as Pair;
  return { email, userId: String(made.body.userId), logIn, session };
}
const refresh = (refreshToken: string) => post('refresh-token', { refreshToken });

describe('somebody who signs up', () => {
  it('logs in, and shops with the token that he gets', async () => {
    const { userId, session } = await aUser();
    const { accessToken } = await session();
    const policyId = await api.policy();
    const headers = { authorization: `Bearer ${accessToken}` };
    const issued = await api.call('POST', '/api/v1/coupons/issue', { headers, body: { policyId } });
    expect([issued.status, issued.body.userId]).toEqual([201, userId]);
    expect((await get('me', accessToken)).body).toMatchObject({ userId, name: 'Ann Beispiel', phone: '010-9876-5432' });
  });

  it('is the only one with his address, also when eight want it at once', async () => {
    const email = newEmail();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        post('signup', { email: n % 2 ? email : email.toUpperCase(), password, name: 'A' }),
      ),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect((await post('login', { email, password })).status).toBe(200);
  });

  it('is known after a restart, and stays logged in', async () => {
    const { session, logIn } = await aUser();
    const { accessToken, refreshToken } = await session();
    await service.end('SIGTERM');
    await start();
    expect((await get('me', accessToken)).status).toBe(200);
    expect([(await refresh(refreshToken)).status, (await logIn()).status]).toEqual([200, 200]);
  });
});

describe('rule 19: whoever guesses', () => {
  it('is locked out of accounts that are there and of those that are not, until the lock is over', async () => {
    const { email } = await aUser();
    for (const target of [email, newEmail()]) {
      const guess = () => post('login', { email: target, password: `guess-${randomUUID()}` });
      const all = await Promise.all(Array.from({ length: 12 }, guess));
      const count = (status: number) => all.filter(answer => answer.status === status).length;
      expect([count(401), count(429)]).toEqual([5, 7]);
      const locked = all.find(({ status }) => status === 429);
      expect(Number(locked?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(locked?.body.code).toBe('TOO_MANY_ATTEMPTS');
    }
    expect((await post('login', { email, password })).status).toBe(429);
    await sleep(LOCK_SECONDS * 1_000 + 100);
    expect((await post('login', { email, password })).status).toBe(200);
  });

  it('learns nothing from the time or the words of the answer', async () => {
    const { email } = await aUser();
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const words = new Set<string>();
    // Four guesses at a time, so that nobody is locked out; the two kinds take turns.
    for (let round = 0; round < 4; round++) {
      const known = round === 0 ? email : (await aUser()).email;
      for (let i = 0; i < 4; i++)
        for (const [kind, target] of [
          ['known', known],
          ['unknown', `${round}${known}`],
        ] as const) {
          const began = performance.now();
          const { status, body } = await post('login', { email: target, password: 'wrong password' });
          times[kind].push(performance.now() - began);
          words.add(JSON.stringify([status, { ...body, traceId: '' }]));
        }
    }
    const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
    expect(words.size).toBe(1);
    const ratio = median(times.known) / median(times.unknown);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });
});

describe('rule 20: a session', () => {
  it('refreshes in two tabs at the same moment, and both go on', async () => {
    const { session } = await aUser();
    const { refreshToken } = await session();
    const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    await sleep(GRACE_SECONDS * 1_000 + 100);
    const tabs = both.map(({ body }) => String(body.refreshToken));
    expect((await Promise.all(tabs.map(refresh))).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('ends in all its tabs when a token comes again after the grace', async () => {
    const { session } = await aUser();
    const { refreshToken, accessToken } = await session();
    const next = String((await refresh(refreshToken)).body.refreshToken);
    await sleep(GRACE_SECONDS * 1_000 + 100);
    expect((await refresh(refreshToken)).body.code).toBe('REFRESH_TOKEN_INVALID');
    expect((await refresh(next)).status).toBe(401);
    expect((await post('validate-token', { token: accessToken })).body.valid).toBe(false);
  });

  it('that changes the password goes on, the others end, and the old password is worth nothing', async () => {
    const { session, logIn } = await aUser();
    const [here, there] = [await session(), await session()];
    const change = { currentPassword: password, newPassword: 'an even better one' };
    expect((await post('me/password', change, here.accessToken)).status).toBe(204);
    const statuses = [await refresh(here.refreshToken), await refresh(there.refreshToken), await logIn()];
    expect(statuses.map(({ status }) => status)).toEqual([200, 401, 401]);
    expect((await logIn({ password: change.newPassword })).status).toBe(200);
  });

  it('is part of the history of its owner, and so are those who failed', async () => {
    const { session, logIn } = await aUser();
    await logIn({ password: 'wrong password' });
    const { accessToken } = await session();
    const { body } = await get('me/login-history', accessToken);
    expect(body.items).toMatchObject([
      { result: 'SUCCEEDED', address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/), userAgent: 'node' },
      { result: 'FAILED' },
    ]);
  });
});

describe('user A × user B', () => {
  it('each sees and changes himself alone', async () => {
    const [a, b] = [await aUser(), await aUser()];
    const [ofA, ofB] = [await a.session(), await b.session()];
    const headers = { authorization: `Bearer ${ofB.accessToken}` };
    await api.call('PUT', '/api/v1/users/me', { headers, body: { name: 'Bob' } });
    expect((await get('me', ofA.accessToken)).body).toMatchObject({ userId: a.userId, name: 'Ann Beispiel' });
    expect((await get('me', ofB.accessToken)).body).toMatchObject({ userId: b.userId, name: 'Bob' });
    expect((await get('me/login-history', ofB.accessToken)).body.items).toHaveLength(1);
  });
});

it('nothing personal or secret lies in the database or in the log', async () => {
  const { email, session } = await aUser();
  const { accessToken, refreshToken } = await session();
  await refresh(refreshToken);
  await get('me', accessToken);
  const headers = { authorization: `Bearer ${accessToken}`, 'idempotency-key': 'me' };
  const change = () =>
    api.call('PUT', '/api/v1/users/me', { headers, body: { name: 'Ann Exempel', phone: '010-9876-5432' } });
  const [first, again] = [await change(), await change()];
  expect([first.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([200, first.text, 'true']);
  const tables = await database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  );
  expect(tables.length).toBeGreaterThan(14);
  const secrets = [email, email.toUpperCase(), 'Beispiel', 'Exempel', '9876-5432', password, refreshToken, accessToken];
  for (const { name } of tables) {
    const rows = await database.query<{ text: string }>(`select t::text as text from ${name} t`);
    const found = secrets.filter(secret => rows.some(({ text }) => text.includes(secret)));
    expect([name, found]).toEqual([name, []]);
  }
  for (const secret of secrets) expect(service.output()).not.toContain(secret);
});

it('the clean-up keeps what is still in use', async () => {
  const { session } = await aUser();
  const { refreshToken } = await session();
  const ran = await api.call('POST', '/schedulers/account-cleanup/run', { as: aService });
  expect([ran.status, ran.body]).toEqual([
    200,
    { job: 'account-cleanup', sessions: 0, logins: 0, throttles: 0, tickets: 0 },
  ]);
  expect((await refresh(refreshToken)).status).toBe(200);
  expect((await api.call('GET', '/api/v1/users/me', { as: operator })).body.code).toBe('USER_NOT_FOUND');
});

it('every event that was written is as it is described', async () => {
  await writtenAsDescribed(database);
});
