import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadResult, load, postRequest } from '@org/example-service/http-load';
import type { BenchDatabase } from './database.js';
import type { Check } from './figure.js';
import { type Buyer, orderOf } from './ordering.js';
import { type Endpoint, HOST, tokenOf } from './stage.js';

const ORDERS = '/api/v3/orders';

export interface Sale {
  readonly accepted: LoadResult;
  /** From the first request to the last order that is complete. */
  readonly perSecond: number;
  /** Milliseconds from placed to completed, sorted. */
  readonly completion: Float64Array;
  readonly checks: readonly Check[];
}

/** Everybody orders; ends when every order is over and nothing is held any more. */
export async function sell(
  { port }: Endpoint,
  database: BenchDatabase,
  buyers: readonly Buyer[],
  products: number,
  how: { readonly connections: number; readonly rate?: number },
): Promise<Sale> {
  const requests = buyers.map((buyer, i) => {
    const body = JSON.stringify(orderOf(buyer, i, products));
    const key = `Idempotency-Key: ${randomUUID()}\r\n`;
    return postRequest(HOST, ORDERS, tokenOf(buyer.userId, 'shopper'), body, key);
  });
  const numbers: string[] = [];
  const accepted = await load({
    ...{ host: HOST, port, requests: requests.length, ...how, request: i => requests[i] as Buffer },
    onAnswer: (_, status, body) => {
      if (status === 202) numbers.push((JSON.parse(body) as { orderNumber: string }).orderNumber);
    },
  });
  do await sleep(20);
  while (await isAnyOpen(database));
  const times = await database.query<{ ms: number; placed: number; done: number; status: string }>(
    `select extract(epoch from ended_at - placed_at)::float8 * 1000 as ms, status,
       extract(epoch from placed_at)::float8 as placed, extract(epoch from ended_at)::float8 as done
     from orders where id = any($1::uuid[])`,
    [numbers],
  );
  const first = Math.min(...times.map(({ placed }) => placed));
  const last = Math.max(...times.map(({ done }) => done));
  await settled(database);
  const completed = times.filter(({ status }) => status === 'COMPLETED').length;
  return {
    accepted,
    perSecond: times.length / (last - first),
    completion: Float64Array.from(times.map(({ ms }) => ms)).sort(),
    checks: [
      { what: 'orders that are complete', expected: buyers.length, actual: completed },
      ...(await books(database)),
    ],
  };
}

/** Who asks must not be work for whom he asks about: that looks at one index of open orders, never at all of them. */
async function isAnyOpen(database: BenchDatabase): Promise<boolean> {
  const open = (status: string) => `exists (select from orders where status = '${status}')`;
  const [row] = await database.query<{ open: boolean }>(
    `select ${open('PENDING')} or ${open('AWAITING_PAYMENT')} as open`,
  );
  return row?.open ?? false;
}

const held = `(select count(*) from stock_holds where status = 'HELD') +
  (select count(*) from reservations where status = 'RESERVED') + (select count(*) from point_spendings where status = 'HELD')`;

async function settled(database: BenchDatabase) {
  for (let left = 1; left > 0; await sleep(left > 0 ? 20 : 0))
    left = Number((await database.query<{ left: number }>(`select ${held} as left`))[0]?.left ?? 0);
}

/** Whether stock, coupons and points agree with the orders that are complete. */
export async function books(database: BenchDatabase): Promise<Check[]> {
  const [row] = await database.query<Record<string, number>>(
    `select (select count(*)::int from orders where status = 'COMPLETED') as orders,
       (select count(*)::int from orders where status = 'CANCELLED') as cancelled,
       (select sum(sold)::int from stock_items) as sold, (select sum(held)::int from stock_items) as held,
       (select count(*)::int from coupons where status = 'USED') as used,
       (select coalesce(sum(spent), 0)::int from point_accounts) as spent`,
  );
  const { orders = 0, sold = 0, held: still = 0, used = 0, spent = 0, cancelled = 0 } = row ?? {};
  return [
    { what: 'orders that were cancelled', expected: 0, actual: cancelled },
    { what: 'units sold', expected: 2 * orders, actual: sold },
    { what: 'units still held', expected: 0, actual: still },
    { what: 'coupons used', expected: orders, actual: used },
    { what: 'points spent', expected: 1_000 * orders, actual: spent },
  ];
}
