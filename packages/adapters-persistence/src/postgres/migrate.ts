import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { ensurePartitions } from './partitions.js';

export interface MigrationStatus {
  readonly name: string;
  readonly applied: boolean;
}

/** Whoever comes second waits for the first on this lock, and then finds nothing left to do. */
async function alone<Result>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('set statement_timeout = 0');
    await runner.query(`select pg_advisory_lock(hashtextextended('promotions migrations', 0))`);
    return await work(runner);
  } finally {
    await runner.query(`select pg_advisory_unlock_all()`).catch(() => undefined);
    await runner.query('reset statement_timeout').catch(() => undefined);
    await runner.release();
  }
}

const executorOf = (dataSource: DataSource, runner: QueryRunner) => {
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'each';
  return executor;
};

/**
 * Brings the tables up to date, each migration in its own transaction, and makes the partitions of the next months.
 * Safe to call from many processes at a time.
 * @returns the names of the migrations that were run now
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const run = await alone(dataSource, runner => executorOf(dataSource, runner).executePendingMigrations());
  await ensurePartitions(dataSource);
  return run.map(({ name }) => name);
}

/**
 * Takes back the last migrations. Their tables are dropped with everything in them.
 * @param count how many; default 1
 */
export async function revert(dataSource: DataSource, count = 1): Promise<void> {
  await alone(dataSource, async runner => {
    const executor = executorOf(dataSource, runner);
    for (let i = 0; i < count; i++) await executor.undoLastMigration();
  });
}

/** All migrations of this package, and which of them the database has. */
export async function migrationStatus(dataSource: DataSource): Promise<MigrationStatus[]> {
  return alone(dataSource, async runner => {
    const pending = new Set((await executorOf(dataSource, runner).getPendingMigrations()).map(({ name }) => name));
    return dataSource.migrations.map(migration => {
      const name = migration.name ?? migration.constructor.name;
      return { name, applied: !pending.has(name) };
    });
  });
}
