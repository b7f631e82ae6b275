import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../examples/service/src/embedded/cluster.js';
import { Api } from '../../e2e/support/api.js';
import { ownDatabase } from '../../e2e/support/database.js';
import { type ServiceProcess, startService } from '../../e2e/support/service-process.js';
import { disagreements, settled } from '../../support/order-books.js';
import { type Buyer, each, openShop, placeOrder, random } from './order-traffic.js';

export interface Trouble {
  readonly orders: number;
  /** About how long a process lives. */
  readonly killEveryMs: number;
  /** What each process is there for; the first one takes the calls of clients. */
  readonly roles: readonly string[];
}

/** Kills the processes in turn, again and again, until it is over; answers how often. */
async function torment(
  start: (index: number) => Promise<ServiceProcess>,
  running: ServiceProcess[],
  killEveryMs: number,
  isOver: () => boolean,
): Promise<number> {
  let kills = 0;
  for (; !isOver(); kills++) {
    const index = kills % running.length;
    await sleep(killEveryMs * (0.5 + ((kills * 7) % 10) / 10));
    await running[index]?.end('SIGKILL');
    running[index] = await start(index);
  }
  return kills;
}

/** Many orders of all kinds while the processes that work at them are killed; at the end everything must agree. */
export function ordersInTrouble(title: string, { orders, killEveryMs, roles }: Trouble): void {
  const database = ownDatabase();

  async function begin() {
    const PORT = String(await freePort());
    const env = {
      ...{ DATABASE_URL: database.url, PAYMENT_DEADLINE_SECONDS: '10' },
      ...{ SAGA_STUCK_SECONDS: '5', BUS_LEASE_SECONDS: '1' },
    };
    const start = (index: number) =>
      startService({ ...env, ROLES: roles[index] as string, ...(index === 0 && { PORT }) });
    const running: ServiceProcess[] = [];
    for (const index of roles.keys()) running.push(await start(index));
    return { api: new Api(running[0]?.url as string), start, running };
  }

  it(`${title}: ${orders} orders with refusals, doubled messages and payments are all or nothing, and the books balance`, async () => {
    const { api, start, running } = await begin();
    const buyers: readonly Buyer[] = await openShop(api, Math.max(20, Math.round(orders / 10)));
    let isOver = false;
    const kills = torment(start, running, killEveryMs, () => isOver);
    const numbers: string[] = [];
    const doubled: string[][] = [];
    await each([...Array(orders).keys()], 16, async seed => {
      const given = [...(await placeOrder(api, buyers, random(seed)))];
      numbers.push(...given);
      if (given.length > 1) doubled.push(given);
    });
    isOver = true;
    expect(await kills).toBeGreaterThan(0);
    await settled(database, 180_000);

    expect(doubled).toEqual([]);
    const stored = await database.query<{ status: string }>('select status from orders where id = any($1::uuid[])', [
      numbers,
    ]);
    expect(stored).toHaveLength(orders);
    expect(new Set(stored.map(({ status }) => status))).toEqual(new Set(['COMPLETED', 'CANCELLED']));
    expect(await database.query('select from orders')).toHaveLength(orders);
    expect(await disagreements(database)).toEqual({});
  }, 1_800_000);
}
