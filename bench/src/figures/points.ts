import { postgresAdapters } from '@org/adapters-persistence';
import { createPoints, type PointInput } from '@org/application';
import {
  getRequest,
  type LoadOptions,
  type LoadResult,
  load,
  percentile,
  postRequest,
} from '@org/example-service/http-load';
import { byPool } from '../by-pool.js';
import { type BenchDatabase, origin } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { perSecond, spread, spreadColumns, verdict } from '../measuring.js';
import { recordingUnitOfWork, replay } from '../replay.js';
import { type Endpoint, HOST, type Stage, tokenOf } from '../stage.js';
import type { Cell } from '../table.js';

const EARNED = 500;
const USED = 200;
const BATCH = 500;

type Movement = 'Earn' | 'Use';

const amounts = { Earn: EARNED, Use: USED } as const;
const paths = { Earn: '/api/v2/points/earn', Use: '/api/v2/points/use' } as const;

/** Who asks for the movements: as many accounts as it takes to stay below the limit of each. */
const DESKS = 200;

const userIn = (crowd: string, i: number) => `${crowd}-${i}`;

/** A run, with the processor time of the service for one request, microseconds. */
type Asked = LoadResult & { readonly cost: number };

async function ask({ port, child }: Endpoint, options: Omit<LoadOptions, 'host' | 'port'>): Promise<Asked> {
  const before = await child.processorTime();
  const run = await load({ host: HOST, port, ...options });
  return { ...run, cost: (((await child.processorTime()) - before) * 1_000) / options.requests };
}

/** One movement for each user of a crowd. */
function moveAll(
  service: Endpoint,
  movement: Movement,
  crowd: string,
  users: number,
  how: { readonly connections: number; readonly rate?: number },
): Promise<Asked> {
  const desks = Array.from({ length: DESKS }, (_, i) => tokenOf(`desk-${i}`, 'service'));
  const requests = Array.from({ length: users }, (_, i) => {
    const body = { userId: userIn(crowd, i), points: amounts[movement], key: `bench-${i}` };
    const order = movement === 'Use' && { orderNumber: `order-${i}` };
    return postRequest(HOST, paths[movement], desks[i % DESKS] as string, JSON.stringify({ ...body, ...order }));
  });
  return ask(service, { requests: users, request: i => requests[i] as Buffer, ...how });
}

const left = EARNED - USED;

/** What the books of a crowd say, after everybody has earned and used once. */
async function booksOf(database: BenchDatabase, crowd: string, users: number, by = ''): Promise<Check[]> {
  const [row] = await database.query<{ books: number; available: number; spent: number; told: number }>(
    `select count(*)::int as books, coalesce(sum(available), 0)::int as available, coalesce(sum(spent), 0)::int as spent,
       (select count(*)::int from events where key like $1 || '-%' and type like 'point.%') as told
     from point_accounts where user_id like $1 || '-%'`,
    [crowd],
  );
  const { books = 0, available = 0, spent = 0, told = 0 } = row ?? {};
  return [
    { what: `${crowd}: books${by}`, expected: users, actual: books },
    { what: `${crowd}: points that can be spent${by}`, expected: users * left, actual: available },
    { what: `${crowd}: points spent${by}`, expected: users * USED, actual: spent },
    { what: `${crowd}: events${by}`, expected: 2 * users, actual: told },
  ];
}

function inputOf(change: Movement, i: number): PointInput {
  const about = { userId: userIn('recorded', i), points: amounts[change], key: `bench-${i}`, origin };
  if (change === 'Use') return { change, ...about, orderNumber: `order-${i}` };
  return { change, ...about, reason: null, orderNumber: null, availableAt: null, expiresAt: null };
}

/** The rows that the service writes for these movements, written by bare SQL in batches of 500, on a copy of the database. */
async function limitOf(stage: Stage, database: BenchDatabase, users: number) {
  const copy = await stage.copyOf(database);
  const plain = postgresAdapters(database.dataSource);
  const { unitOfWork, recorded } = recordingUnitOfWork(plain.unitOfWork);
  const { move } = createPoints({ ...plain, unitOfWork });
  const pool = copy.pool(4);
  const measured = async (change: Movement) => {
    for (let from = 0; from < users; from += BATCH) {
      const size = Math.min(BATCH, users - from);
      await Promise.all(Array.from({ length: size }, (_, i) => move({ input: inputOf(change, from + i) })));
    }
    const batches = recorded().map(each => [[each]]);
    const lanes = [0, 1].map(lane => batches.filter((_, i) => i % 2 === lane));
    const { seconds, rows } = await replay(pool, lanes);
    return { perSecond: users / seconds, rows: rows / users };
  };
  const [Earn, Use] = [await measured('Earn'), await measured('Use')];
  return { Earn, Use, checks: await booksOf(copy, 'recorded', users, ', by bare SQL') };
}

interface Read {
  readonly run: Asked;
  readonly check: Check;
}

/** Everybody of a crowd reads his balance, again and again. */
async function readBalances(service: Endpoint, crowd: string, users: number, requests: number, rate: number) {
  const asked = Array.from({ length: users }, (_, i) => {
    const userId = userIn(crowd, i);
    return getRequest(HOST, `/api/v2/points/users/${userId}/balance`, tokenOf(userId, 'shopper'));
  });
  let right = 0;
  const run = await ask(service, {
    ...{ connections: 256, requests, rate, request: i => asked[i % users] as Buffer },
    onAnswer: (_, status, body) => {
      if (status === 200 && (JSON.parse(body) as { available: number }).available === left) right++;
    },
  });
  const what = `balances at ${rate}/s that are what was earned without what was used`;
  return { run, check: { what, expected: requests, actual: right } } satisfies Read;
}

/** Points that are earned, used and looked at, over HTTP. */
export const points: Figure = {
  name: 'points',
  async run(stage) {
    const database = await stage.ownDatabase();
    const limit = await limitOf(stage, database, stage.pick(10_000, 40));
    const checks: Check[] = [...limit.checks];
    const service = await stage.ownService(database.url);
    const rows: Cell[][] = [];
    const row = (name: string, run: LoadResult, cost: Cell) => rows.push([name, perSecond(run), ...spread(run), cost]);
    const moved = async (name: string, crowd: string, users: number, how: Parameters<typeof moveAll>[4]) => {
      const runs = {
        Earn: await moveAll(service, 'Earn', crowd, users, how),
        Use: await moveAll(service, 'Use', crowd, users, how),
      };
      for (const [movement, run] of Object.entries(runs)) {
        const what = `${crowd}: answers of ${movement} that are 201`;
        checks.push({ what, expected: users, actual: run.statuses.get(201) ?? 0 });
        if (name !== '') row(`${movement === 'Earn' ? 'earn' : 'use'}, ${name}`, run, run.cost);
      }
      checks.push(...(await booksOf(database, crowd, users)));
      return runs;
    };

    await moved('', 'warm', stage.pick(2_000, 20), { connections: 32 });
    const many = stage.pick(20_000, 60);
    let best = { Earn: 0, Use: 0 };
    for (const connections of stage.pick([64, 256], [16])) {
      const runs = await moved(`as fast as it goes, ${connections} connections`, `burst${connections}`, many, {
        connections,
      });
      best = { Earn: Math.max(best.Earn, perSecond(runs.Earn)), Use: Math.max(best.Use, perSecond(runs.Use)) };
    }
    const rate = stage.pick(1_000, 50);
    await moved(`at a steady ${rate}/s`, 'calm', rate * stage.pick(10, 1), { connections: 256, rate });
    rows.push(['limit: earn, the same rows by bare SQL', limit.Earn.perSecond, ...Array<Cell>(5).fill('')]);
    rows.push(['limit: use, the same rows by bare SQL', limit.Use.perSecond, ...Array<Cell>(5).fill('')]);

    const readers = `burst${stage.pick(64, 16)}`;
    let goal = 0;
    for (const speed of stage.pick([1_000, 5_000], [200])) {
      const { run, check } = await readBalances(service, readers, many, speed * stage.pick(10, 1), speed);
      row(`balance at a steady ${speed}/s`, run, run.cost);
      checks.push(check);
      goal = percentile(run.latencies, 0.99);
    }
    const connections = stage.pick(20, 4);
    const bare = await byPool(database, connections, stage.pick(50_000, 100), (client, n) =>
      client.query({
        name: 'bare',
        text: 'select available from point_accounts where user_id = $1',
        values: [userIn(readers, n % many)],
      }),
    );
    row(`limit: bare SELECT by key, ${connections} connections`, bare, '');
    return {
      tables: [
        {
          title: 'Points over HTTP: a movement with its book, lot, transfer, entry and event, and the balance',
          columns: ['way', 'per s', ...spreadColumns, 'CPU µs'],
          rows,
          notes: [
            'CPU µs: processor time of the service alone for one request, without the database.',
            `The service writes ${limit.Earn.rows.toFixed(1)} rows for an earning and ${limit.Use.rows.toFixed(1)} for a use.`,
            `Share of the limit: earn ${(best.Earn / limit.Earn.perSecond).toFixed(2)} ×, use ${(best.Use / limit.Use.perSecond).toFixed(2)} ×.`,
            verdict('p99 of the balance at the highest steady rate, goal below 5 ms', goal, ' ms', goal < 5),
          ],
        },
      ],
      checks,
    };
  },
};
