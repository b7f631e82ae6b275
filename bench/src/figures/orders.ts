import { percentile } from '@org/example-service/http-load';
import { probeCommits } from '../commit-probe.js';
import type { BenchDatabase } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { kafkaEnv, makeTopics } from '../kafka.js';
import { medianOf, perSecond, spread, spreadColumns, verdict } from '../measuring.js';
import { batchSizesSince, endOfLog, limitOf, sameSize } from '../order-limit.js';
import { fillBuyers, fillProducts } from '../ordering.js';
import { type Sale, sell } from '../selling.js';
import type { Endpoint, Stage } from '../stage.js';
import type { Cell } from '../table.js';

/** Batches that could not be larger. */
const BATCH = 200;
/** Groups of orders that the bare SQL writes at a time: the service has as many connections for them. */
const LANES = 4;

interface Way {
  readonly title: string;
  /** Share of the limit. */
  readonly goal: number;
  start(database: BenchDatabase): Promise<Endpoint>;
}

/** Sells at full speed and at a steady rate, beside the limit of the same run. */
async function measured(stage: Stage, { title, goal, start }: Way) {
  const database = await stage.ownDatabase();
  const products = stage.pick(1_000, 40);
  await fillProducts(database, products);
  const count = stage.pick(4_000, BATCH);
  const large = await limitOf(stage, database, { products, count, sizes: sameSize(BATCH), lanes: 1 });
  const service = await start(database);
  const checks: Check[] = [...large.checks];
  const rows: Cell[][] = [];
  const row = (name: string, { accepted, completion, perSecond: speed, checks: found }: Sale) => {
    const accept = spread(accepted);
    rows.push([name, speed, ...spread({ latencies: completion }), accept[0] ?? 0, accept[2] ?? 0]);
    checks.push(...found);
  };
  const buyersOf = (name: string, count: number) => fillBuyers(database, count, name);
  await sell(service, database, await buyersOf('warm', stage.pick(1_000, 20)), products, { connections: 32 });
  const before = await endOfLog(database);
  const bursts: Sale[] = [];
  for (const connections of stage.pick([64, 256, 256], [16])) {
    const buyers = await buyersOf(`burst${bursts.length}`, stage.pick(4_000, 60));
    const sale = await sell(service, database, buyers, products, { connections });
    row(`service, as fast as it goes, ${connections} connections`, sale);
    bursts.push(sale);
  }
  const sizes = await batchSizesSince(database, before);
  const rate = stage.pick(300, 20);
  const probed = await probeCommits(database);
  const calm = await sell(service, database, await buyersOf('calm', rate * stage.pick(20, 2)), products, {
    ...{ connections: 64, rate },
  });
  row(`service at a steady ${rate}/s`, calm);
  const commits = await probed();
  const other = await stage.ownDatabase();
  await fillProducts(other, products);
  const same = await limitOf(stage, other, { products, count, sizes, lanes: LANES });
  checks.push(...same.checks);
  const none = Array(6).fill('');
  rows.push([`limit: the same rows by bare SQL in the same batches, ${LANES} at a time`, same.perSecond, ...none]);
  rows.push([`the same rows by bare SQL in batches of ${BATCH}`, large.perSecond, ...none]);
  const best = medianOf(bursts, sale => sale.perSecond).perSecond;
  const [p95, p99] = [percentile(calm.completion, 0.95), percentile(calm.accepted.latencies, 0.99)];
  return {
    tables: [
      {
        title,
        columns: [
          'way',
          'orders/s',
          ...spreadColumns.map(each => `${each} to COMPLETED`),
          'p50 ms of the 202',
          'p99 ms of the 202',
        ],
        rows,
        notes: [
          `The service writes ${same.rowsPerOrder.toFixed(1)} rows for each order; accepted at ${Math.round(perSecond(calm.accepted))}/s in the steady run.`,
          `Orders in a transaction of the bursts: ${Object.entries(sizes)
            .map(([name, size]) => `${name} ${size}`)
            .join(', ')}.`,
          verdict(`share of the limit, goal ${goal}`, best / same.perSecond, ' ×', best / same.perSecond >= goal),
          `${(best / large.perSecond).toPrecision(3)} × what batches of ${BATCH} come to.`,
          verdict('orders a second, goal 500', best, '/s', best >= 500),
          verdict(`p95 to COMPLETED at ${rate}/s, goal below 350 ms`, p95, ' ms', p95 < 350),
          verdict(`p99 of the 202 at ${rate}/s, goal below 30 ms`, p99, ' ms', p99 < 30),
          `A single row by bare SQL beside it: its commit took ${spread({ latencies: commits })[0]?.toPrecision(3)} ms (p50), ${percentile(commits, 0.99).toPrecision(3)} ms (p99).`,
        ],
      },
    ],
    checks,
  };
}

const WHAT = 'Orders with a coupon, points and two lines, from the request to COMPLETED';

/** Orders with a coupon, points and two lines of stock, from the request to COMPLETED. */
export const orders: Figure = {
  name: 'orders',
  run: stage => measured(stage, { title: WHAT, goal: 0.6, start: ({ url }) => stage.ownService(url) }),
};

const WITHOUT_RELAY = 'api,order-worker,coupon-worker,point-worker,stock-worker,scheduler';

/** The same with every message over Kafka, which a process of its own brings there. */
export const kafkaOrders: Figure = {
  name: 'kafka-orders',
  async run(stage) {
    const { kafkaBrokers } = stage;
    if (!kafkaBrokers) return stage.without('Kafka');
    const topics = await makeTopics(kafkaBrokers, stage.pick(undefined, 2));
    try {
      const start = async ({ url }: BenchDatabase) => {
        const roleOf = (roles: string) => stage.ownService(url, 'GROUP_COMMIT', { ...kafkaEnv(topics), ROLES: roles });
        await roleOf('relay');
        return roleOf(WITHOUT_RELAY);
      };
      return await measured(stage, { title: `${WHAT}, over Kafka`, goal: 0.4, start });
    } finally {
      await stage.endFigure();
      await topics.remove();
    }
  },
};
