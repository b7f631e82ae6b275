import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { type LocalRedis, startRedis } from '../support/redis-local.js';
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
function startHolder(name: string, redis: LocalRedis, env: NodeJS.ProcessEnv) {
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
  let redis: LocalRedis;
  beforeAll(async () => {
    redis = await startRedis();
    await database.dataSource.query('create table accounts_of_the_test as select 0 as balance');
  });
  afterAll(() => redis?.stop());

  const story = async (env: NodeJS.ProcessEnv) => {
    await database.dataSource.query('update accounts_of_the_test set balance = 0');
    const slow = startHolder('slow', redis, { TTL_MS: '1000', ...env });
    await slow.holds();
    slow.signal('SIGSTOP');
    const next = startHolder('next', redis, { TTL_MS: '20000', ...env });
    const second = await next.end();
    slow.signal('SIGCONT');
    const [{ balance }] = await (async () => {
      const first = await slow.end();
      expect(second).toBe('next wrote');
      const rows = await database.dataSource.query('select balance from accounts_of_the_test');
      return [{ ...rows[0], balance: [first, rows[0].balance] }];
    })();
    return balance;
  };

  it('is refused by his fence: what the next one wrote stands', async () => {
    expect(await story({})).toEqual(['slow was refused', 1]);
  }, 60_000);

  it('would overwrite it if the lock alone were trusted', async () => {
    expect(await story({ TRUSTING: '1' })).toEqual(['slow wrote', 1]);
  }, 60_000);
});
