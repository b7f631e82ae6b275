import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Api } from '../e2e/support/api.js';
import { countsOf } from '../e2e/support/database.js';
import { rush, usersOf } from '../e2e/support/rush.js';
import { killAll, type ServiceProcess, startService } from '../e2e/support/service-process.js';

const rounds = Number(process.env.CHAOS_ROUNDS ?? 1);
const coupons = 1_500;

let dataDir: string;
let service: ServiceProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'promotions-chaos-'));
  service = await startService({ DATA_DIR: dataDir });
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await rm(dataDir, { recursive: true, force: true });
});

const pidFile = async () => (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n').map(Number);

/** Asks the embedded database itself. */
async function ask<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const [, , , port] = await pidFile();
  const password = (await readFile(join(dataDir, 'postgres.password'), 'utf8')).trim();
  const client = new pg.Client({
    host: '127.0.0.1',
    port: port as number,
    user: 'promotions',
    password,
    database: 'promotions',
  });
  await client.connect();
  try {
    return (await client.query(sql, [...parameters])).rows as Row[];
  } finally {
    await client.end();
  }
}

const isReady = async () => (await new Api(service.url).call('GET', '/health/ready')).status === 200;

describe('kill -9 of Postgres in the middle of a rush', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round + 1))(
    'round %i: the service stays, what a client was told is there, never too many, and the rest can still be had',
    async round => {
      const policyId = await new Api(service.url).policy({ limits: { total: coupons, perUser: 1 } });
      const killAfter = 100 + ((round * 211) % 1_000);
      let winners = 0;
      const sale = rush({
        port: service.port,
        policyId,
        users: usersOf(`crash-${round}`, 1_400),
        onAnswer: (_, status) => {
          if (status === 201) winners++;
        },
      });
      while (winners < killAfter) await sleep(1);
      const [pid] = await pidFile();
      process.kill(pid as number, 'SIGKILL');
      const { told, statuses } = await sale;
      expect([...statuses.keys()].filter(status => ![201, 409, 500, 503].includes(status))).toEqual([]);
      while (!(await isReady())) await sleep(50);

      const ids = [...told.keys()];
      expect(await ask('select id from coupons where id = any($1::uuid[])', [ids])).toHaveLength(ids.length);
      await rush({ port: service.port, policyId, users: usersOf(`rest-${round}`, 2_000) });
      const all = { issued: coupons, users: coupons, last: coupons, numbers: coupons, events: coupons };
      expect(await countsOf({ query: ask }, policyId)).toEqual(all);
    },
  );
});
