import { ConflictError, OutcomeUnknownError, StoreUnavailableError, type Transaction } from '@org/application';
import { CuttableLine } from '../../../../tests/support/cuttable-line.js';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresDataSource } from './data-source.js';
import { postgresAdapters } from './postgres-adapters.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';
import { anEvent } from './store.fixtures.js';
import { clientOf } from './transaction.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.dataSource.query('create table counters (id int primary key, value int not null)');
});
afterAll(() => database.drop());

const stores = () => postgresAdapters(database.dataSource);
const eventsOf = (stream: string) => stores().unitOfWork.run(tx => stores().events.stream(tx, stream));
const raising = (code: string) => `do $$ begin raise exception 'planned' using errcode = '${code}'; end $$`;

describe('what is run again', () => {
  it.each([
    ['a serialization failure', '40001'],
    ['a deadlock', '40P01'],
  ])('runs work again after %s, and writes it once', async (_, code) => {
    const { unitOfWork, events } = stores();
    let attempts = 0;
    await unitOfWork.run(async tx => {
      attempts++;
      await events.append(tx, [anEvent(`again-${code}`)]);
      if (attempts < 3) await clientOf(tx).query(raising(code));
    });
    expect(attempts).toBe(3);
    expect(await eventsOf(`again-${code}`)).toHaveLength(1);
  });

  it('gives up after five attempts, with nothing written', async () => {
    const { unitOfWork, events } = stores();
    let attempts = 0;
    const run = unitOfWork.run(async tx => {
      attempts++;
      await events.append(tx, [anEvent('gives-up')]);
      await clientOf(tx).query(raising('40P01'));
    });
    await expect(run).rejects.toThrow(ConflictError);
    expect(attempts).toBe(5);
    expect(await eventsOf('gives-up')).toEqual([]);
  });

  it('lets both of two transactions through that really deadlock', async () => {
    await database.dataSource.query('insert into counters values (1, 0), (2, 0)');
    const { unitOfWork } = stores();
    const add = (first: number, second: number) =>
      unitOfWork.run(async tx => {
        await clientOf(tx).query('update counters set value = value + 1 where id = $1', [first]);
        await clientOf(tx).query('select pg_sleep(0.1)');
        await clientOf(tx).query('update counters set value = value + 1 where id = $1', [second]);
      });
    await Promise.all([add(1, 2), add(2, 1)]);
    expect(await database.dataSource.query('select value from counters order by id')).toEqual([
      { value: 2 },
      { value: 2 },
    ]);
  });

  it('does not run any other error again', async () => {
    let attempts = 0;
    const run = stores().unitOfWork.run(async tx => {
      attempts++;
      await clientOf(tx).query(raising('23505'));
    });
    await expect(run).rejects.toMatchObject({ code: '23505' });
    expect(attempts).toBe(1);
  });
});

describe('errors that are not passed on', () => {
  it('never reports a commit that Postgres answered with a rollback', async () => {
    const { unitOfWork, events } = stores();
    const run = unitOfWork.run(async tx => {
      await events.append(tx, [anEvent('swallowed')]);
      await clientOf(tx)
        .query(raising('23505'))
        .catch(() => undefined);
    });
    await expect(run).rejects.toThrow(/was not passed on/);
    expect(await eventsOf('swallowed')).toEqual([]);
  });
});

describe('a store that is not there', () => {
  const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE' });

  it('tells of a connection that was ended in mid transaction, and works on with a new one', async () => {
    const { unitOfWork, events } = stores();
    const run = unitOfWork.run(async tx => {
      await events.append(tx, [anEvent('terminated')]);
      const { rows } = await clientOf(tx).query('select pg_backend_pid() as pid');
      await database.dataSource.query('select pg_terminate_backend($1)', [(rows[0] as { pid: number }).pid]);
      await clientOf(tx).query('select 1');
    });
    await expect(run).rejects.toEqual(unavailable);
    expect(await eventsOf('terminated')).toEqual([]);
  });

  it('survives that the server drops all idle connections', async () => {
    const seen: Error[] = [];
    const dataSource = await postgresDataSource({
      url: database.url,
      onIdleError: error => seen.push(error),
    }).initialize();
    const unitOfWork = new PostgresUnitOfWork(dataSource);
    const ask = (tx: Parameters<typeof clientOf>[0]) => clientOf(tx).query('select 1');
    await Promise.all(Array.from({ length: 3 }, () => unitOfWork.run(ask)));
    await database.dataSource.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await expect(unitOfWork.run(ask)).resolves.toBeDefined();
    await expect(postgresAdapters(dataSource).queries.now()).resolves.toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(0);
    await dataSource.destroy();
  });

  it('tells that every connection is taken, after the time to wait for one', async () => {
    const dataSource = await postgresDataSource({
      url: database.url,
      poolSize: 1,
      acquireTimeoutMs: 1_000,
    }).initialize();
    const unitOfWork = new PostgresUnitOfWork(dataSource);
    await unitOfWork.run(async () => {
      await expect(unitOfWork.run(async () => undefined)).rejects.toEqual(unavailable);
    });
    await dataSource.destroy();
  });

  it('tells of a statement that took too long, with nothing written', async () => {
    const dataSource = await postgresDataSource({ url: database.url, statementTimeoutMs: 50 }).initialize();
    const { unitOfWork, events } = postgresAdapters(dataSource);
    const run = unitOfWork.run(async tx => {
      await events.append(tx, [anEvent('too-long')]);
      await clientOf(tx).query('select pg_sleep(5)');
    });
    await expect(run).rejects.toEqual(unavailable);
    expect(await eventsOf('too-long')).toEqual([]);
    await dataSource.destroy();
  });

  it.each(['57P01', '57P02', '57P03', '08006', '53300', '53100', '25006', '55P03'])('translates %s', async code => {
    const run = stores().unitOfWork.run(tx => clientOf(tx).query(raising(code)));
    await expect(run).rejects.toBeInstanceOf(StoreUnavailableError);
  });
});

describe('a statement that nobody waits for', () => {
  it.each([
    ['the commit', async () => undefined],
    ['the next statement', (tx: Transaction) => stores().events.stream(tx, 'twice')],
  ] as const)('fails the transaction with what it met itself, found out by %s', async (by, next) => {
    const stream = `twice by ${by}`;
    const { unitOfWork, events } = stores();
    await unitOfWork.run(tx => events.append(tx, [anEvent(stream)]));
    const run = unitOfWork.run(async tx => {
      await events.append(tx, [anEvent(stream)]);
      await next(tx);
    });
    await expect(run).rejects.toMatchObject({ code: '23505' });
    expect(await eventsOf(stream)).toHaveLength(1);
  });
});

describe('statements that are sent together', () => {
  it('fail with what the first of them met, also when those behind it are heard first', async () => {
    let attempts = 0;
    await stores().unitOfWork.run(async tx => {
      attempts++;
      if (attempts === 3) return;
      // Whoever is handed on from hand to hand learns of his failure later.
      const failing = async () => (async () => (async () => clientOf(tx).query(raising('40001')))())();
      await Promise.all([failing(), clientOf(tx).query('select 1')]);
    });
    expect(attempts).toBe(3);
  });
});

describe('a line that is cut around the commit', () => {
  async function through(work: (line: CuttableLine, adapters: ReturnType<typeof postgresAdapters>) => Promise<void>) {
    const line = new CuttableLine(new URL(database.url));
    const dataSource = await postgresDataSource({ url: await line.listen(), poolSize: 2 }).initialize();
    try {
      await work(line, postgresAdapters(dataSource));
    } finally {
      await dataSource.destroy();
      await line.close();
    }
  }

  it.each([
    ['the reply is lost: the outcome is unknown, and it is written', 'cutReplyTo', 1],
    ['the request is lost: the outcome is unknown, and it is not written', 'cutRequest', 0],
  ] as const)('%s', async (_, cut, written) => {
    const stream = `cut-${cut}`;
    await through(async (line, { unitOfWork, events }) => {
      let attempts = 0;
      const run = unitOfWork.run(async tx => {
        attempts++;
        await events.append(tx, [anEvent(stream)]);
        // What was sent so far has its answer now.
        await events.stream(tx, stream);
        line[cut] = 'commit';
      });
      await expect(run).rejects.toBeInstanceOf(OutcomeUnknownError);
      expect(attempts).toBe(1);
    });
    expect(await eventsOf(stream)).toHaveLength(written);
  });

  it('before the commit, nothing is unknown: nothing was written', async () => {
    await through(async (line, { unitOfWork, events }) => {
      const run = unitOfWork.run(async tx => {
        line.cutReplyTo = 'cut-early';
        await events.append(tx, [anEvent('cut-early')]);
      });
      await expect(run).rejects.toBeInstanceOf(StoreUnavailableError);
    });
    expect(await eventsOf('cut-early')).toEqual([]);
  });
});
