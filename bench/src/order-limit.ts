import { postgresAdapters } from '@org/adapters-persistence';
import type { BenchDatabase } from './database.js';
import type { Check } from './figure.js';
import { type Buyer, fillBuyers, orderOf, saga } from './ordering.js';
import { type RecordedBatch, recordingUnitOfWork, replay } from './replay.js';
import { books } from './selling.js';
import type { Stage } from './stage.js';

/** What every order tells once at each stage. */
const told = {
  placing: 'order.placed.v1',
  completing: 'order.completed.v1',
} as const;

/** How many orders share a transaction, stage by stage. */
export type BatchSizes = Readonly<Record<keyof typeof told, number>>;

export const sameSize = (size: number): BatchSizes => ({ placing: size, completing: size });

/** Where the log of events ends now. */
export async function endOfLog(database: BenchDatabase): Promise<number> {
  const [row] = await database.query<{ position: number }>('select max(position)::float8 as position from events');
  return row?.position ?? 0;
}

/** How many orders shared a transaction from there on, as the log tells: each of its events names its transaction. */
export async function batchSizesSince(database: BenchDatabase, position: number): Promise<BatchSizes> {
  const rows = await database.query<{ type: string; orders: number }>(
    `select type, avg(orders)::float8 as orders from (
       select type, count(*) as orders from events where position > $1 and type = any($2) group by type, xid
     ) transactions group by type`,
    [position, Object.values(told)],
  );
  const sizeOf = new Map(rows.map(({ type, orders }) => [type, Math.max(1, Math.round(orders))]));
  const of = (stage: keyof typeof told) => sizeOf.get(told[stage]) ?? 1;
  return { placing: of('placing'), completing: of('completing') };
}

/** Orders that go through all stages before the next ones of their lane do. */
const GROUP = 200;

function chunksOf<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  const chunks: (readonly Item[])[] = [];
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size));
  return chunks;
}

interface Writing {
  readonly products: number;
  readonly count: number;
  readonly sizes: BatchSizes;
  /** So many groups of orders at a time; no two of them sell the same product, so that none waits for another. */
  readonly lanes: number;
}

/**
 * The rows that the service writes for these orders, written by bare SQL in transactions of such sizes, on a copy of
 * the database.
 */
export async function limitOf(stage: Stage, database: BenchDatabase, { products, count, sizes, lanes }: Writing) {
  const buyers = await fillBuyers(database, count, 'recorded');
  const copy = await stage.copyOf(database);
  const plain = postgresAdapters(database.dataSource);
  const { unitOfWork, recorded } = recordingUnitOfWork(plain.unitOfWork);
  const { place, complete } = saga({ ...plain, unitOfWork });
  const ofLane = Math.floor(products / lanes / 2);
  const recordGroup = async (group: readonly Buyer[], lane: number): Promise<RecordedBatch> => {
    const batch: RecordedBatch[number][] = [];
    const numbers: string[] = [];
    for (const [n, some] of chunksOf(group, sizes.placing).entries()) {
      const indexOf = (i: number) => lane * ofLane + ((n * sizes.placing + i) % ofLane);
      numbers.push(...(await place(some, (buyer, i) => orderOf(buyer, indexOf(i), products))));
      batch.push(...recorded().map(each => [each]));
    }
    for (const some of chunksOf(numbers, sizes.completing)) {
      await complete(some);
      batch.push(recorded());
    }
    return batch;
  };
  const groups = chunksOf(buyers, GROUP);
  const ofLanes: RecordedBatch[][] = Array.from({ length: lanes }, () => []);
  recorded();
  for (const [i, group] of groups.entries()) ofLanes[i % lanes]?.push(await recordGroup(group, i % lanes));
  const { seconds, rows } = await replay(copy.pool(4 * lanes), ofLanes);
  const checks: Check[] = (await books(copy)).map(({ what, ...figures }) => ({
    what: `${what}, by bare SQL`,
    ...figures,
  }));
  const [done] = await copy.query<{ orders: number }>(
    `select count(*)::int as orders from orders where status = 'COMPLETED'`,
  );
  checks.push({ what: 'orders that are complete, by bare SQL', expected: count, actual: done?.orders ?? 0 });
  return { perSecond: count / seconds, rowsPerOrder: rows / count, checks };
}
