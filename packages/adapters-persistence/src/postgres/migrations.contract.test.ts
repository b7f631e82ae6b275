import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Aside } from '@org/application';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresDataSource } from './data-source.js';
import { migrate, migrationStatus, revert } from './migrate.js';
import { ParkedByKey1767225600017 } from './migrations/17-parked-by-key.js';
import { PaymentEvents1767225600018 } from './migrations/18-payment-events.js';
import { migrations } from './migrations/migrations.js';
import { dropPartitionsBefore, ensurePartitions, followingMonth } from './partitions.js';
import { postgresAdapters } from './postgres-adapters.js';
import { anEvent } from './store.fixtures.js';

const tablesOf = async ({ dataSource }: TestDatabase): Promise<string[]> => {
  const rows = await dataSource.query(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S')
     and not relispartition and relname not like 'promotions_migrations%' order by 1`,
  );
  return rows.map(({ name }: { name: string }) => name);
};

const aDeadLetter = (streamId: string, key: string): Aside => ({
  event: { ...anEvent(streamId), id: streamId, streamId, key, streamVersion: 0, position: 0, recordedAt: 1 },
  ...{ slice: 0, status: 'DEAD', attempts: 1, dueInMs: null, cause: { name: 'Error', message: 'no', stack: '' } },
});

describe('migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  it('go up, down and up again, and leave nothing behind', async () => {
    expect(await migrate(database.dataSource)).toHaveLength(migrations.length);
    const tables = await tablesOf(database);
    expect(tables).toContain('coupons');
    await revert(database.dataSource, migrations.length);
    expect(await tablesOf(database)).toEqual([]);
    const functions = await database.dataSource.query(
      `select 1 from pg_proc where pronamespace = 'public'::regnamespace`,
    );
    expect(functions).toEqual([]);
    await migrate(database.dataSource);
    expect(await tablesOf(database)).toEqual(tables);
  });

  it('are taken back one at a time', async () => {
    await migrate(database.dataSource);
    await revert(database.dataSource);
    const applied = (await migrationStatus(database.dataSource)).map(({ applied }) => applied);
    expect(applied).toEqual([...migrations.slice(1).map(() => true), false]);
  });

  it('are taken back also where dead letters of one name are of two keys: the first of them stays', async () => {
    const { dataSource } = database;
    await migrate(dataSource);
    const { groupProgress } = postgresAdapters(dataSource);
    await groupProgress.open('group', [], null);
    await groupProgress.bury('group', [aDeadLetter('evt-1', 'ann'), aDeadLetter('evt-1', 'bob')]);
    await groupProgress.bury('group', [aDeadLetter('evt-2', 'bob')]);
    await revert(dataSource, migrations.length - migrations.indexOf(ParkedByKey1767225600017));
    const left = await dataSource.query('select stream_id, key from parked_events order by stream_id');
    expect(left).toEqual([
      { stream_id: 'evt-1', key: 'ann' },
      { stream_id: 'evt-2', key: 'bob' },
    ]);
  });

  it('know the payment events of orders that were there before: of two orders the one that was placed first', async () => {
    const { dataSource } = database;
    await migrate(dataSource);
    await revert(dataSource, migrations.length - migrations.indexOf(PaymentEvents1767225600018));
    const [later, earlier] = ['01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002'];
    const orders: readonly (readonly [id: string, day: number, events: readonly string[]])[] = [
      [later, 3, ['evt-1', 'evt-3']],
      [earlier, 2, ['evt-1', 'evt-2']],
    ];
    for (const [id, day, events] of orders)
      await dataSource.query(
        `insert into orders (placed_at, total, points_used, version, id, user_id, status, progress, facts)
         values ($2, 0, 0, 1, $1, 'ann', 'PENDING', $3, '{}')`,
        [id, `2026-11-0${day}`, { payments: events.map(eventId => ({ eventId })) }],
      );
    await migrate(dataSource);
    expect(await dataSource.query('select event_id, order_id from payment_events order by event_id')).toEqual([
      { event_id: 'evt-1', order_id: earlier },
      { event_id: 'evt-2', order_id: earlier },
      { event_id: 'evt-3', order_id: later },
    ]);
  });

  it('run once when five processes start at the same time', async () => {
    const others = await Promise.all(
      Array.from({ length: 5 }, () => postgresDataSource({ url: database.url, poolSize: 2 }).initialize()),
    );
    const runs = await Promise.all(others.map(migrate));
    expect(runs.flat()).toHaveLength(migrations.length);
    await Promise.all(others.map(other => other.destroy()));
  });
});

describe('tables and the metadata of TypeORM', () => {
  // Ids of transactions are no business of TypeORM, which has no such type.
  it('have the same columns, of the same types, with the same gaps and keys', async () => {
    const { dataSource, drop } = await createTestDatabase();
    const short: Record<string, string> = { text: 'text', uuid: 'uuid', int4: 'int4', int8: 'int8' };
    for (const { tableName, columns } of dataSource.entityMetadatas) {
      const rows: { name: string; type: string; gap: boolean; key: boolean }[] = await dataSource.query(
        `select a.attname as name, t.typname as type, not a.attnotnull as gap, coalesce(a.attnum = any(i.indkey), false) as key
         from pg_attribute a join pg_type t on t.oid = a.atttypid
         left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
         where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and t.typname <> 'xid8' order by 1`,
        [tableName],
      );
      const mapped = columns.map(({ databaseName, type, isNullable, isPrimary }) => ({
        name: databaseName,
        type: short[String(type)] ?? String(type),
        gap: isNullable,
        key: isPrimary,
      }));
      expect({ tableName, columns: mapped.sort((a, b) => (a.name < b.name ? -1 : 1)) }).toEqual({
        tableName,
        columns: rows,
      });
    }
    expect(dataSource.entityMetadatas).toHaveLength(33);
    await drop();
  });
});

describe('partitions of the events', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const partitions = async () => {
    const rows = await database.dataSource.query(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1`,
    );
    return rows.map(({ name }: { name: string }) => name);
  };
  const monthNow = async () => {
    const [{ month }] = await database.dataSource.query(`select to_char(now() at time zone 'utc', 'YYYY-MM') as month`);
    return month as string;
  };

  it('are there for this month and three more, and a default one', async () => {
    const first = await monthNow();
    const months = [first];
    for (let i = 0; i < 3; i++) months.push(followingMonth(months.at(-1) ?? ''));
    expect(await partitions()).toEqual([...months.map(month => `events_${month.replace('-', '_')}`), 'events_default']);
    expect(await ensurePartitions(database.dataSource)).toEqual([]);
  });

  it('take over what had no home in time, and it stays written once', async () => {
    const { unitOfWork, events } = postgresAdapters(database.dataSource);
    const month = await monthNow();
    await dropPartitionsBefore(database.dataSource, followingMonth(month));
    await unitOfWork.run(tx => events.append(tx, [anEvent('homeless')]));
    expect(await ensurePartitions(database.dataSource)).toEqual([`events_${month.replace('-', '_')}`]);
    const where = await database.dataSource.query(`select tableoid::regclass::text as name from events`);
    expect(where).toEqual([{ name: `events_${month.replace('-', '_')}` }]);
    await expect(database.dataSource.query('delete from events')).rejects.toMatchObject({ code: '23001' });
    await expect(database.dataSource.query('truncate events_default')).rejects.toMatchObject({ code: '23001' });
  });

  it('are dropped with everything in them when the retention ends', async () => {
    const month = await monthNow();
    expect(await dropPartitionsBefore(database.dataSource, month)).toEqual([]);
    expect(await dropPartitionsBefore(database.dataSource, followingMonth(month))).toHaveLength(1);
    expect(await database.dataSource.query('select 1 from events')).toEqual([]);
    await expect(dropPartitionsBefore(database.dataSource, `2026-13'; --`)).rejects.toThrow(RangeError);
  });
});

it('the months of a year follow each other', () =>
  expect(['2026-01', '2026-09', '2026-12'].map(followingMonth)).toEqual(['2026-02', '2026-10', '2027-01']));

describe('promotions-migrate', () => {
  const command = async (args: readonly string[], url?: string) => {
    const env = { PATH: process.env.PATH ?? '', ...(url && { DATABASE_URL: url }) };
    const file = `${import.meta.dirname}/../../dist/bin/migrate.js`;
    return promisify(execFile)(process.execPath, [file, ...args], { env }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stdout: stderr }),
    );
  };

  it('brings a database up, tells its state and takes it down', async () => {
    const { url, drop } = await createEmptyDatabase();
    expect((await command(['status'], url)).stdout.match(/^down/gm)).toHaveLength(migrations.length);
    expect((await command(['up'], url)).stdout.match(/^applied/gm)).toHaveLength(migrations.length);
    expect((await command(['down'], url)).stdout.match(/^down/gm)).toHaveLength(1);
    expect((await command(['down', 'all'], url)).stdout.match(/^down/gm)).toHaveLength(migrations.length);
    await drop();
  });

  it.each([
    [['sideways'], 'postgres://nowhere'],
    [['up'], undefined],
    [['down', 'some'], 'postgres://nowhere'],
  ])('tells how it is used: %j with %s', async (args, url) =>
    expect(await command(args, url)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('promotions-migrate up'),
    }),
  );

  it('ends with 1 when there is no database', async () =>
    expect(await command(['up'], 'postgres://postgres@127.0.0.1:1/none')).toMatchObject({ code: 1 }));
});
