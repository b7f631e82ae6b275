import { setTimeout as sleep } from 'node:timers/promises';
import { type Contract, cacheContract, lockContract, quotaGateContract } from '@org/application/contracts';
import { describeContract } from '@org/application/contracts/jest';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { describeOwnRedis, describeRedis, ownPart } from '../../../../tests/support/redis-server.js';
import { type OwnRedises, startCluster } from '../../../../tests/support/redis-several.js';
import { PostgresLockFences } from '../postgres/postgres-lock-fences.js';
import { PostgresUnitOfWork } from '../postgres/postgres-unit-of-work.js';
import { connected, type RedisClient, redisConnection } from './connection.js';
import { redisAdapters } from './redis-adapters.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 30 });
});
afterAll(() => database.drop());

const contracts = [lockContract, cacheContract, quotaGateContract] as readonly Contract<Fixture>[];
type Fixture = Awaited<ReturnType<typeof fixtureOn>>;

async function fixtureOn(client: RedisClient, prefix: string) {
  const stores = { unitOfWork: new PostgresUnitOfWork(database.dataSource), fences: new PostgresLockFences() };
  return { ...stores, ...redisAdapters(client, stores, { prefix }), elapse: (ms: number) => sleep(ms + 1) };
}

await describeRedis('one Redis', server => {
  let client: RedisClient;
  beforeAll(async () => {
    client = redisConnection(server.url);
    await connected(client, 5_000);
  });
  afterAll(() => client.disconnect());
  for (const contract of contracts) describeContract(contract, () => fixtureOn(client, ownPart(server).prefix));
});

await describeOwnRedis('a cluster of three', () => {
  let cluster: OwnRedises;
  let client: RedisClient;
  let cases = 0;
  beforeAll(async () => {
    cluster = await startCluster();
    client = redisConnection(cluster.url);
    await connected(client, 5_000);
  });
  afterAll(async () => {
    client?.disconnect();
    await cluster?.stop();
  });
  for (const contract of contracts) describeContract(contract, () => fixtureOn(client, `case-${++cases}:`));
});
