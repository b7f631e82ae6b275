import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { type OwnRedis, startRedis } from '../support/redis-own.js';
import { describeOwnRedis } from '../support/redis-server.js';

let database: TestDatabase;
const holders: ChildProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const holder of holders) holder.kill('SIGKILL');
  await database?.drop();
});

/** A process that takes the lock, reads, dawdles and writes what it has read, plus one. */
function startHolder(name: string, redis: OwnRedis, env: NodeJS.ProcessEnv) {
  const holder = spawn(process.execPath, [`${import.meta.dirname}/support/lock-holder.mjs`], {
    env: { ...process.env, DATABASE_URL: database.url, REDIS_URL: redis.url, NAME: name, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(holder);
  let printed = '';
  holder.stdout?.on('data', chunk => {
    printed += chunk;
    holder.emit('printed');
  });
  const ended = once(holder, 'close');
  return {
    async holds() {
      while (!printed.includes('holds')) await once(holder, 'printed');
    },
    async end() {
      await ended;
      return printed.trim().split('\n').at(-1);
    },
    signal: (signal: 'SIGSTOP' | 'SIGCONT') => holder.kill(signal),
  };
}

await describeOwnRedis('a holder who is stopped beyond his time and goes on', () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await startRedis();
    await database.dataSource.query('create table accounts_of_the_test as select 0 as balance, 0 as writes');
  });
  afterAll(() => redis?.stop());

  const story = async (env: NodeJS.ProcessEnv) => {
    await database.dataSource.query('update accounts_of_the_test set balance = 0, writes = 0');
    const slow = startHolder('slow', redis, { TTL_MS: '3000', ...env });
    await slow.holds();
    slow.signal('SIGSTOP');
    const next = startHolder('next', redis, { TTL_MS: '20000', ...env });
    expect(await next.end()).toBe('next wrote');
    slow.signal('SIGCONT');
    const first = await slow.end();
    const [{ balance, writes }] = await database.dataSource.query('select * from accounts_of_the_test');
    return { first, balance, writes };
  };

  it('is refused by his fence: what the next one wrote stands', async () => {
    expect(await story({})).toEqual({ first: 'slow was refused', balance: 1, writes: 1 });
  }, 60_000);

  it('would write over it if the lock alone were trusted: two writes, and one is lost', async () => {
    expect(await story({ TRUSTING: '1' })).toEqual({ first: 'slow wrote', balance: 1, writes: 2 });
  }, 60_000);
});
