import { randomBytes } from 'node:crypto';
import { migrate, type PostgresOptions, postgresDataSource } from '@org/adapters-persistence';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { testPostgres } from './postgres-server.js';
import { oncePerRun } from './run.js';

export interface TestDatabase {
  readonly url: string;
  /** Initialised, on the database. */
  readonly dataSource: DataSource;
  /** Closes the data source and removes the database. */
  drop(): Promise<void>;
}

const urlOf = (adminUrl: string, name: string) => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
};

/** Only one database can be copied from a template at a time: those who meet try again. */
const BUSY = '55006';

async function administer(adminUrl: string, sql: string, attempts = 50): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(sql);
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== BUSY || attempt === attempts) throw error;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  } finally {
    await client.end();
  }
}

/** A database without any table. */
export async function createEmptyDatabase(options: Partial<PostgresOptions> = {}, template = 'template0') {
  const { adminUrl, databases } = await testPostgres();
  const name = `${databases}_${randomBytes(6).toString('hex')}`;
  await administer(adminUrl, `create database "${name}" template "${template}"`);
  const url = urlOf(adminUrl, name);
  const dataSource = await postgresDataSource({ url, ...options }).initialize();
  const drop = async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await administer(adminUrl, `drop database if exists "${name}" with (force)`);
  };
  return { url, dataSource, drop } satisfies TestDatabase;
}

/** Migrated once per run; every test file gets a copy. */
async function migratedTemplate(): Promise<string> {
  const { adminUrl, databases } = await testPostgres();
  const name = `${databases}_template`;
  await administer(adminUrl, `create database "${name}"`);
  const dataSource = await postgresDataSource({ url: urlOf(adminUrl, name) }).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  return name;
}

/**
 * A migrated database of the caller's own.
 * @param options of its data source, when they matter to the test
 */
export async function createTestDatabase(options: Partial<PostgresOptions> = {}): Promise<TestDatabase> {
  return createEmptyDatabase(options, await oncePerRun('template', migratedTemplate));
}

/** Empties all tables, also those whose rows are written once; false when somebody still holds a lock there. */
export async function emptyTables({ dataSource }: TestDatabase): Promise<boolean> {
  const tables = [...dataSource.entityMetadatas.map(({ tableName }) => tableName), 'coupon_counts'];
  const deletes = tables.reverse().map(table => `delete from ${table}`);
  const replica = `begin; set local lock_timeout = '2s'; set local session_replication_role = 'replica'`;
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query([replica, ...deletes, 'commit'].join('; '));
    return true;
  } catch {
    await runner.query('rollback');
    return false;
  } finally {
    await runner.release();
  }
}
