import { setTimeout as sleep } from 'node:timers/promises';
import { CircuitBreaker, type GateTerms } from '@org/application';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { type OwnRedis, redisCli, startRedis } from '../../../../tests/support/redis-own.js';
import { describeOwnRedis } from '../../../../tests/support/redis-server.js';
import { type OwnRedises, startSentinels } from '../../../../tests/support/redis-several.js';
import { ProcessStopwatch } from '../node/process-stopwatch.js';
import { PostgresLockFences } from '../postgres/postgres-lock-fences.js';
import { PostgresUnitOfWork } from '../postgres/postgres-unit-of-work.js';
import { connected, type RedisClient, redisConnection } from './connection.js';
import { redisAdapters, redisAnswers } from './redis-adapters.js';

const LONG = 60_000;
const entry = (key: string) => ({ key, ttlMs: LONG });
const terms: GateTerms = { revision: 1, total: 10, perUser: 1, issued: 0, holders: new Map() };

let database: TestDatabase;
const clients: RedisClient[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await database.drop();
});

/** A process of its own, as far as Redis can tell. */
async function aProcess(url: string) {
  const client = redisConnection(url);
  clients.push(client);
  await connected(client, 10_000);
  const stores = { unitOfWork: new PostgresUnitOfWork(database.dataSource), fences: new PostgresLockFences() };
  const stopwatch = new ProcessStopwatch();
  const circuit = new CircuitBreaker({ name: 'redis', stopwatch, calls: 2, failureRate: 0.5, openMs: 250, probes: 1 });
  return { client, circuit, ...stores, ...redisAdapters(client, stores, { circuit }) };
}
type Process = Awaited<ReturnType<typeof aProcess>>;

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}
const isBack = ({ client, circuit, cache }: Process) =>
  until(async () => {
    await cache.get(entry('is it back'), async () => 'a probe');
    return circuit.status === 'CLOSED' && redisAnswers(client);
  });
const admit = async ({ quotaGate }: Process, requestId: string) =>
  (await quotaGate.admit('sale', 1, [{ requestId, userId: requestId }]))[0]?.kind;

await describeOwnRedis('two processes on one Redis', () => {
  let redis: OwnRedis;
  let here: Process;
  let there: Process;
  beforeEach(async () => {
    redis = await startRedis();
    [here, there] = [await aProcess(redis.url), await aProcess(redis.url)];
  });
  afterEach(() => redis.stop());

  it('share what is cached, and what is forgotten', async () => {
    await here.cache.get(entry('x/a'), async () => 'old');
    expect(await there.cache.get(entry('x/a'), async () => 'not asked')).toBe('old');
    await here.cache.forget({ prefixes: ['x/'] });
    expect(await there.cache.get(entry('x/a'), async () => 'new')).toBe('new');
    expect(await here.cache.get(entry('x/a'), async () => 'not asked')).toBe('new');
  });

  it('never keep a load of one that the other forgot meanwhile, also when Redis was emptied', async () => {
    for (const event of [() => there.cache.forget({ keys: ['a'] }), () => redisCli(redis.port, 'flushall')]) {
      let answer: (value: string) => void = () => undefined;
      const load = () =>
        new Promise<string>(resolve => {
          answer = resolve;
        });
      const slow = here.cache.get(entry('a'), load);
      await sleep(50);
      await event();
      answer('old');
      expect(await slow).toBe('old');
      expect(await there.cache.get(entry('a'), async () => 'new')).toBe('new');
      expect(await here.cache.get(entry('a'), async () => 'not asked')).toBe('new');
      await there.cache.forget({ keys: ['a'] });
    }
  });

  it('share one gate and one lock', async () => {
    await here.quotaGate.open('sale', { ...terms, total: 1 });
    expect([await admit(here, 'r1'), await admit(there, 'r2')]).toEqual(['ADMITTED', 'UNDECIDED']);
    const order: string[] = [];
    await Promise.all(
      [here, there].map(({ lock }, i) =>
        lock.withLock(['a'], LONG, async () => {
          order.push(`${i} begins`);
          await sleep(30);
          order.push(`${i} ends`);
        }),
      ),
    );
    expect(order.map(text => text.slice(2))).toEqual(['begins', 'ends', 'begins', 'ends']);
  });

  it('keep a stream of admissions', async () => {
    await here.quotaGate.open('sale', terms);
    await admit(here, 'r1');
    const [key = ''] = await here.client.keys('*admissions');
    const [record] = await here.client.xrange(key, '-', '+');
    expect(record?.[1]).toEqual(['request', 'r1', 'user', 'r1', 'place', '1']);
  });

  it.each([
    ['is killed', (server: OwnRedis) => server.signal('SIGKILL'), (server: OwnRedis) => server.restart()],
    ['hangs', (server: OwnRedis) => server.signal('SIGSTOP'), (server: OwnRedis) => server.signal('SIGCONT')],
  ] as const)('go on without it when Redis %s, and with it when it is back', async (_, fail, heal) => {
    await here.cache.get(entry('a'), async () => 'old');
    await here.quotaGate.open('sale', terms);
    await fail(redis);
    expect(await redisAnswers(here.client)).toBe(false);
    expect(await here.cache.get(entry('a'), async () => 'loaded')).toBe('loaded');
    await expect(admit(here, 'r1')).rejects.toMatchObject({ code: 'GATE_UNAVAILABLE' });
    await expect(here.quotaGate.state('sale', 0)).rejects.toMatchObject({ code: 'GATE_UNAVAILABLE' });
    const begun: string[] = [];
    const locking = here.lock.withLock(['a'], LONG, async () => void begun.push('work'));
    await expect(locking).rejects.toMatchObject({ code: 'LOCK_UNAVAILABLE' });
    expect(begun).toEqual([]);
    // What changed meanwhile is known to both as soon as Redis is.
    await here.cache.forget({ keys: ['a'] });
    await heal(redis);
    await isBack(here);
    await isBack(there);
    expect(await here.cache.get(entry('a'), async () => 'new')).toBe('new');
    await until(async () => (await there.cache.get(entry('a'), async () => 'new')) === 'new');
    await until(async () => (await here.quotaGate.open('sale', terms).catch(() => false)) === true);
    expect(await admit(here, 'r2')).toBe('ADMITTED');
    expect(await here.lock.withLock(['b'], LONG, async () => 'locked')).toBe('locked');
  });

  it('are told that Redis has no room, and go on without it', async () => {
    await here.quotaGate.open('sale', terms);
    await redisCli(redis.port, 'config', 'set', 'maxmemory', '1');
    expect(await here.cache.get(entry('a'), async () => 'loaded')).toBe('loaded');
    await expect(admit(here, 'r1')).rejects.toMatchObject({ code: 'GATE_UNAVAILABLE' });
    await redisCli(redis.port, 'config', 'set', 'maxmemory', '0');
    await until(async () => (await admit(here, 'r1').catch(() => null)) === 'ADMITTED');
  });

  it('send their scripts again when Redis has forgotten them', async () => {
    await here.quotaGate.open('sale', terms);
    await admit(here, 'r1');
    await redisCli(redis.port, 'script', 'flush');
    expect(await admit(here, 'r2')).toBe('ADMITTED');
    await here.lock.withLock(['a'], LONG, () => redisCli(redis.port, 'script', 'flush'));
    expect(await here.lock.withLock(['a'], LONG, async () => 'free', { waitMs: 500 })).toBe('free');
  });

  it('know nothing of a gate that was emptied', async () => {
    await here.quotaGate.open('sale', terms);
    await admit(here, 'r1');
    await redisCli(redis.port, 'flushall');
    expect(await admit(here, 'r2')).toBe('UNKNOWN');
    expect(await here.quotaGate.state('sale', 0)).toBeNull();
  });
});

await describeOwnRedis('a primary with a replica and three sentinels', () => {
  let sentinels: OwnRedises;
  beforeAll(async () => {
    sentinels = await startSentinels();
  });
  afterAll(() => sentinels?.stop());

  it('is followed to the new primary by itself', async () => {
    const here = await aProcess(sentinels.url);
    await here.quotaGate.open('sale', terms);
    expect(await admit(here, 'r1')).toBe('ADMITTED');
    const before = await sentinels.primaryOf('any key');
    await before.signal('SIGKILL');
    await until(async () => (await sentinels.primaryOf('any key')).port !== before.port);
    await isBack(here);
    await until(async () => (await here.quotaGate.open('sale', terms).catch(() => false)) === true);
    expect(await admit(here, 'r2')).toBe('ADMITTED');
    expect(await here.lock.withLock(['a'], LONG, async () => 'locked')).toBe('locked');
    expect(await here.cache.get(entry('a'), async () => 'loaded')).toBe('loaded');
  });
});
