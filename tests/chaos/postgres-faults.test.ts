import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { Api } from '../e2e/support/api.js';
import { killAll, type ServiceProcess, startService } from '../e2e/support/service-process.js';
import { type OwnPostgres, startOwnPostgres } from './support/own-postgres.js';
import { often, POOL_SIZE, saleInTrouble, type Trouble } from './support/sale-in-trouble.js';

const CONNECTIONS = 40;

let postgres: OwnPostgres;
let service: ServiceProcess;
beforeAll(async () => {
  postgres = await startOwnPostgres('postgres-faults', CONNECTIONS);
  service = await startService({
    ...{ DATABASE_URL: postgres.url, DATABASE_POOL_SIZE: String(POOL_SIZE), BUS_LEASE_SECONDS: '1' },
  });
});
afterAll(async () => {
  await killAll();
  await postgres?.stop();
});

const sale = (name: string, fault: Trouble['fault']) =>
  saleInTrouble({ database: postgres, apis: [new Api(service.url)], name, fault });

/** Answers how many there were. */
async function endConnections(): Promise<number> {
  const ended = await postgres.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'promotions service'`,
  );
  return ended.length;
}

/** While the fault lasts, this runs along with every coupon that is written. */
async function alongWithCoupons(body: string, whenever: string, isEnough: () => Promise<boolean>) {
  const kind = whenever.includes('deferred') ? 'constraint trigger' : 'trigger';
  await postgres.query(`create or replace function trouble() returns trigger language plpgsql as $$ ${body} $$`);
  await postgres.query(`create ${kind} trouble ${whenever} execute function trouble()`);
  let isSeen = false;
  await often(
    100,
    async () => {
      isSeen = await isEnough();
    },
    () => isSeen,
  );
  await postgres.query('drop trigger trouble on coupons');
}

const ONCE = 'after insert on coupons for each statement';
const AT_COMMIT = 'after insert on coupons deferrable initially deferred for each row';

/** Its file is the device that has no space for anybody, however much there is on the disk. */
async function tableWithoutSpace(name: string) {
  const maker = await postgres.client();
  await maker.query(`create table ${name} (n int)`);
  const { rows } = await maker.query<{ path: string }>(`select pg_relation_filepath('${name}') as path`);
  // Nothing of it waits for being written any more, and nobody has it open.
  await maker.query('checkpoint');
  await maker.end();
  const file = join(postgres.folder, rows[0]?.path as string);
  await rm(file);
  await symlink('/dev/full', file);
}

describe('in the middle of a sale', () => {
  it('all connections of the service are ended every 50 ms: what was told is there, and the sale goes on by itself', async () => {
    let ended = 0;
    await sale('terminated', seen =>
      often(
        50,
        async () => {
          ended += await endConnections();
        },
        () => ended > 20 && seen.times('STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN') > 0,
      ),
    );
  }, 120_000);

  it('Postgres finds no space left for what it writes with every coupon, in a file that is /dev/full: nothing is half written', async () => {
    await tableWithoutSpace('without_space');
    await sale('disk-full', seen =>
      alongWithCoupons(
        'begin insert into without_space values (1); return null; end',
        ONCE,
        async () => seen.times('STORE_UNAVAILABLE') > 0,
      ),
    );
    await expect(postgres.query('insert into without_space values (1)')).rejects.toMatchObject({ code: '53100' });
  }, 120_000);

  it('other clients take every connection that Postgres has: who asks meanwhile is told to come back', async () => {
    const others: pg.Client[] = [];
    const take = async () => {
      try {
        for (;;) others.push(await postgres.client());
      } catch (error) {
        expect(error).toMatchObject({ code: '53300' });
      }
    };
    await sale('no-connections', async seen => {
      // All but the one that this test asks by. Whoever is quicker has what the service has lost: once more, then.
      for (await take(); others.length < CONNECTIONS - 1; await Promise.all([take(), take(), take()]))
        await endConnections();
      await often(
        100,
        () => undefined,
        () => seen.times('STORE_UNAVAILABLE') > 0,
      );
      await Promise.all(others.map(other => other.end()));
    });
  }, 120_000);

  it.each([
    ['what they write', 'writes', ONCE],
    ['their commit', 'commits', AT_COMMIT],
  ])(
    'more than half of all transactions fail at %s by 40001 or 40P01: they are done again, and once',
    async (_, what, whenever) => {
      const failures = `failed_${what}`;
      await postgres.query(`create sequence ${failures}`);
      await sale(failures, () =>
        alongWithCoupons(
          `begin
             if abs(hashint8(txid_current())) % 10 < 6 then
               perform nextval('${failures}');
               raise exception 'planned' using errcode = case when random() < 0.5 then '40001' else '40P01' end;
             end if;
             return null;
           end`,
          whenever,
          async () => {
            const [row] = await postgres.query<{ enough: boolean }>(
              `select last_value > 20 as enough from ${failures}`,
            );
            return row?.enough ?? false;
          },
        ),
      );
    },
    120_000,
  );
});
