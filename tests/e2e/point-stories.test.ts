import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { writtenAsDescribed } from '../support/event-conformance.js';
import { Api, aService, aShopper, type Caller } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let services: ServiceProcess[];
let api: Api;

beforeAll(async () => {
  database = await testDatabase();
  const start = () => startService({ DATABASE_URL: database.url, EXPIRY_INTERVAL_SECONDS: '0' });
  services = await Promise.all([start(), start()]);
  api = new Api(services[0]?.url as string);
});
afterAll(async () => {
  await Promise.all(services.map(service => service.end('SIGTERM')));
  await killAll();
  await database?.close();
});

const post = (what: string, body: object, on = api) =>
  on.call('POST', `/api/v2/points/${what}`, { as: aService, body });
const earn = (userId: string, points: number, more: object = {}) =>
  post('earn', { userId, points, key: randomUUID(), ...more });
const use = (userId: string, points: number, more: object = {}, on = api) =>
  post('use', { userId, points, orderNumber: 'order-1', key: randomUUID(), ...more }, on);
const look = async (as: Caller, what: string) =>
  (await api.call('GET', `/api/v2/points/users/${as.sub}/${what}`, { as })).body;
const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

/** The books of a user, recomputed from the transfers alone, beside what is stored. */
async function books(userId: string) {
  const [stored] = await database.query<Record<string, string>>('select * from point_accounts where user_id = $1', [
    userId,
  ]);
  const moved = await database.query<{ account: string; points: string }>(
    `select account, sum(points)::text as points from (
       select lower(to_account) as account, points from point_transfers where user_id = $1
       union all select lower(from_account), -points from point_transfers where user_id = $1) t group by account`,
    [userId],
  );
  const names = ['issued', 'pending', 'available', 'held', 'spent', 'expired', 'debt'];
  const sums = Object.fromEntries(moved.map(({ account, points }) => [account, Number(points)]));
  const outside = new Set(['issued', 'debt']);
  const recomputed = names.map(name => (outside.has(name) ? -1 : 1) * (sums[name] ?? 0) + 0);
  return { stored: names.map(name => Number(stored?.[name])), recomputed };
}

describe('points', () => {
  it('of 200 uses at once, through two processes, of a balance that covers 50: exactly 50', async () => {
    const { sub } = aShopper();
    await earn(sub, 5_000);
    const apis = services.map(({ url }) => new Api(url));
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => use(sub, 100, {}, apis[i % 2] as Api)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['409 INSUFFICIENT_POINTS']),
    );
    const balances = answers.flatMap(({ status, body }) => (status === 201 ? [body.balance as number] : []));
    expect(new Set(balances).size).toBe(50);
    const { stored, recomputed } = await books(sub);
    expect(stored).toEqual([5_000, 0, 0, 0, 5_000, 0, 0]);
    expect(recomputed).toEqual(stored);
  });

  it('rule 15: fifty times the same key at once is one use', async () => {
    const { sub } = aShopper();
    await earn(sub, 1_000);
    const key = randomUUID();
    const apis = services.map(({ url }) => new Api(url));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => use(sub, 10, { key }, apis[i % 2] as Api)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(49).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.pointId)).size).toBe(1);
    expect((await look({ sub, roles: ['shopper'] }, 'balance')).available).toBe(990);
  });

  it('rule 16: mature and expire by database time, swept or not', async () => {
    const ann = aShopper();
    await earn(ann.sub, 10, { availableAt: soon(900) });
    await earn(ann.sub, 20, { expiresAt: soon(900) });
    expect(await look(ann, 'balance')).toMatchObject({ available: 20, pending: 10 });
    await sleep(1_000);
    expect(await look(ann, 'balance')).toMatchObject({ available: 10, pending: 0 });
    expect((await use(ann.sub, 11)).body.code).toBe('INSUFFICIENT_POINTS');
    expect((await books(ann.sub)).stored).toEqual([30, 10, 20, 0, 0, 0, 0]);
    const swept = await api.call('POST', '/schedulers/points-expiry/run', { as: aService });
    expect([swept.status, swept.body.settled]).toEqual([200, 1]);
    const { stored, recomputed } = await books(ann.sub);
    expect(stored).toEqual([30, 0, 10, 0, 0, 20, 0]);
    expect(recomputed).toEqual(stored);
    expect(await look(ann, 'balance')).toMatchObject({ available: 10, pending: 0 });
  });

  it('rule 12: a cancelled use restores the lots with their old expiry, and a lot that expired meanwhile is gone', async () => {
    const ann = aShopper();
    const [late, gone] = [soon(86_400_000), soon(1_500)];
    await earn(ann.sub, 50, { expiresAt: late });
    await earn(ann.sub, 30, { expiresAt: gone });
    const first = (await use(ann.sub, 60)).body;
    const cancel = (pointId: unknown) => post(`${pointId}/cancel`, { reason: 'returned' });
    expect((await cancel(first.pointId)).body).toEqual({ pointId: first.pointId, status: 'CANCELLED', balance: 80 });
    expect((await look(ann, 'lots')).items).toMatchObject([
      { points: 30, remaining: 30, expiresAt: gone },
      { points: 50, remaining: 50, expiresAt: late },
    ]);
    const second = (await use(ann.sub, 60)).body;
    await sleep(1_600);
    expect((await cancel(second.pointId)).body.balance).toBe(50);
    expect((await look(ann, 'lots')).items).toMatchObject([{ points: 50, remaining: 50, expiresAt: late }]);
  });

  it('rule 17: the debt of a cancelled earning is paid by the next', async () => {
    const ann = aShopper();
    const { pointId } = (await earn(ann.sub, 100)).body;
    await use(ann.sub, 70);
    expect((await post(`${pointId}/cancel`, {})).body.balance).toBe(0);
    expect(await look(ann, 'balance')).toMatchObject({ available: 0, debt: 70 });
    expect((await earn(ann.sub, 100)).body.balance).toBe(30);
    const { stored, recomputed } = await books(ann.sub);
    expect(recomputed).toEqual(stored);
  });
});

it('every event that was written is as it is described', async () => {
  await writtenAsDescribed(database);
});
