import { setTimeout as sleep } from 'node:timers/promises';
import { allContracts, QUICK_BUS, type StoreFixture } from '@org/application/contracts';
import { describeContract } from '@org/application/contracts/jest';
import { createTestDatabase, emptyTables, type TestDatabase } from '../../../../tests/support/postgres.js';
import { AesPersonalData } from '../node/aes-personal-data.js';
import { postgresAdapters } from './postgres-adapters.js';

const personalData = new AesPersonalData([{ id: 'k1', secret: Buffer.alloc(32, 7) }]);
const all: TestDatabase[] = [];
const free: TestDatabase[] = [];
const taken = new Map<StoreFixture, TestDatabase>();

async function anotherDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  all.push(database);
  return database;
}

/** Every case gets an empty database that no other one uses meanwhile: what is not committed there is nowhere. */
async function setup(): Promise<StoreFixture> {
  const database = free.pop() ?? (await anotherDatabase());
  const fixture = {
    ...postgresAdapters(database.dataSource, { personalData, bus: QUICK_BUS }),
    elapse: (ms: number) => sleep(ms + 1),
  };
  taken.set(fixture, database);
  return fixture;
}

async function teardown(fixture: StoreFixture): Promise<void> {
  const database = taken.get(fixture);
  // A failed case may have left a transaction open: then its database is not used again.
  if (database && (await emptyTables(database))) free.push(database);
}

afterAll(async () => {
  for (const database of all) await database.drop();
});

for (const contract of allContracts) describeContract(contract, setup, { teardown });
