import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { Api } from '../e2e/support/api.js';
import { type TestDatabase, testDatabase } from '../e2e/support/database.js';
import { killAll, type ServiceProcess, startService } from '../e2e/support/service-process.js';
import { disagreements, settled } from '../support/order-books.js';
import { type Buyer, each, openShop, placeOrder, random } from './support/order-traffic.js';

const count = Number(process.env.CHAOS_ORDERS ?? 300);
const killEveryMs = Number(process.env.CHAOS_KILL_MS ?? 1_500);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await killAll();
  await database?.close();
});

/** Kills the service again and again until it is told to stop; answers how often. */
async function torment(start: () => Promise<ServiceProcess>, isOver: () => boolean): Promise<number> {
  let service = await start();
  let kills = 0;
  for (; !isOver(); kills++) {
    await sleep(killEveryMs * (0.5 + ((kills * 7) % 10) / 10));
    await service.end('SIGKILL');
    service = await start();
  }
  return kills;
}

describe('kill -9 of the service in the middle of many orders', () => {
  it(`${count} orders with refusals, doubled messages and payments: all or nothing, and the books balance`, async () => {
    const PORT = String(await freePort());
    const env = {
      DATABASE_URL: database.url,
      PORT,
      PAYMENT_DEADLINE_SECONDS: '10',
      SAGA_STUCK_SECONDS: '5',
      BUS_LEASE_SECONDS: '1',
    };
    const first = await startService(env);
    const api = new Api(first.url);
    const buyers: readonly Buyer[] = await openShop(api, Math.max(20, Math.round(count / 10)));
    await first.end('SIGKILL');

    let isOver = false;
    const kills = torment(
      () => startService(env),
      () => isOver,
    );
    const numbers: string[] = [];
    const doubled: string[][] = [];
    await each(
      Array.from({ length: count }, (_, i) => i),
      16,
      async seed => {
        const given = [...(await placeOrder(api, buyers, random(seed)))];
        numbers.push(...given);
        if (given.length > 1) doubled.push(given);
      },
    );
    isOver = true;
    expect(await kills).toBeGreaterThan(0);
    await settled(database, 120_000);

    expect(doubled).toEqual([]);
    const stored = await database.query<{ status: string }>('select status from orders where id = any($1::uuid[])', [
      numbers,
    ]);
    expect(stored).toHaveLength(count);
    expect(new Set(stored.map(({ status }) => status))).toEqual(new Set(['COMPLETED', 'CANCELLED']));
    expect(await database.query('select from orders')).toHaveLength(count);
    expect(await disagreements(database)).toEqual({});
  }, 1_200_000);
});
