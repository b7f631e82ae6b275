import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresAdapters } from '@org/adapters-persistence';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const KEYS = 40;

let database: TestDatabase;
const members: ChildProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const member of members) member.kill('SIGKILL');
  await database?.drop();
});

/** A process that shares the group: writes down each event it handles, in the order of its handling. */
function startMember(name: string): ChildProcess {
  const member = spawn(process.execPath, [`${import.meta.dirname}/support/bus-member.mjs`], {
    env: { ...process.env, DATABASE_URL: database.url, MEMBER: name },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  members.push(member);
  return member;
}

const query = (sql: string, values: unknown[] = []) => database.dataSource.query(sql, values);

const handledBy = async (name: string): Promise<number> =>
  (await query('select count(*)::int as count from seen where member = $1', [name]))[0].count;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1_200; turn++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error('it never came');
}

it('a killed and a stopped member of a group lose nothing, take no effect twice, and turn no key round', async () => {
  await query('create table seen (id text primary key, key text, version int, member text, at bigserial)');
  const { eventPublisher } = postgresAdapters(database.dataSource);
  const [killed, stopped] = [startMember('killed'), startMember('stopped')];
  let versions = 0;
  let isEnough = false;
  const publishing = (async () => {
    while (!isEnough) {
      const version = ++versions;
      await eventPublisher.publish(
        Array.from({ length: KEYS }, (_, i) => ({
          ...{ streamId: `s-${i}`, streamVersion: version, type: 'chaos.happened.v1', data: {}, key: `key-${i}` },
          origin: { actor: 'chaos', traceparent: null },
        })),
      );
      await sleep(100);
    }
  })();
  try {
    await until(async () => (await handledBy('killed')) > 50 && (await handledBy('stopped')) > 50);
    killed.kill('SIGKILL');
    stopped.kill('SIGSTOP');
    startMember('heir');
    await until(async () => (await handledBy('heir')) > 200);
    stopped.kill('SIGCONT');
  } finally {
    isEnough = true;
    await publishing;
  }
  const all = async () => (await query('select count(*)::int as count from seen'))[0].count;
  await until(async () => (await all()) === KEYS * versions);
  const turned = await query(
    `select key from (select key, version, lag(version) over (partition by key order by at) as before from seen) s
     where version <> coalesce(before, 0) + 1`,
  );
  expect(turned).toEqual([]);
  expect(await query('select 1 from parked_events')).toEqual([]);
}, 120_000);
