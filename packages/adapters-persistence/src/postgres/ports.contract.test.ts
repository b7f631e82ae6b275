import { setTimeout as sleep } from 'node:timers/promises';
import { allContracts, type StoreFixture } from '@org/application/contracts';
import { describeContract } from '@org/application/contracts/jest';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';

const databases = new Map<StoreFixture, TestDatabase>();

/** Every case gets a database of its own: what is not committed there is nowhere. */
async function setup(): Promise<StoreFixture> {
  const database = await createTestDatabase();
  const fixture = { ...postgresAdapters(database.dataSource), elapse: (ms: number) => sleep(ms + 1) };
  databases.set(fixture, database);
  return fixture;
}

const teardown = (fixture: StoreFixture) => databases.get(fixture)?.drop();

for (const contract of allContracts) describeContract(contract, setup, { teardown });
