import { percentile } from '@org/example-service/http-load';
import type { BenchDatabase } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { kafkaEnv, makeTopics } from '../kafka.js';
import { medianOf, perSecond, spread, spreadColumns, verdict } from '../measuring.js';
import { fillBuyers, fillProducts } from '../ordering.js';
import { BATCH, limitOf, type Sale, sell } from '../selling.js';
import type { Endpoint, Stage } from '../stage.js';
import type { Cell } from '../table.js';

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
  const {
    perSecond: limit,
    rowsPerOrder,
    checks: bare,
  } = await limitOf(stage, database, products, stage.pick(4_000, BATCH));
  const service = await start(database);
  const checks: Check[] = [...bare];
  const rows: Cell[][] = [];
  const row = (name: string, { accepted, completion, perSecond: speed, checks: found }: Sale) => {
    const accept = spread(accepted);
    rows.push([name, speed, ...spread({ latencies: completion }), accept[0] ?? 0, accept[2] ?? 0]);
    checks.push(...found);
  };
  const buyersOf = (name: string, count: number) => fillBuyers(database, count, name);
  await sell(service, database, await buyersOf('warm', stage.pick(1_000, 20)), products, { connections: 32 });
  const bursts: Sale[] = [];
  for (const connections of stage.pick([64, 256, 256], [16])) {
    const buyers = await buyersOf(`burst${bursts.length}`, stage.pick(4_000, 60));
    const sale = await sell(service, database, buyers, products, { connections });
    row(`service, as fast as it goes, ${connections} connections`, sale);
    bursts.push(sale);
  }
  const rate = stage.pick(300, 20);
  const calm = await sell(service, database, await buyersOf('calm', rate * stage.pick(20, 2)), products, {
    ...{ connections: 64, rate },
  });
  row(`service at a steady ${rate}/s`, calm);
  rows.push(['limit: the same rows by bare SQL, batches of 200', limit, ...Array(6).fill('')]);
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
          `The service writes ${rowsPerOrder.toFixed(1)} rows for each order; accepted at ${Math.round(perSecond(calm.accepted))}/s in the steady run.`,
          verdict(`share of the limit, goal ${goal}`, best / limit, ' ×', best / limit >= goal),
          verdict('orders a second, goal 500', best, '/s', best >= 500),
          verdict(`p95 to COMPLETED at ${rate}/s, goal below 350 ms`, p95, ' ms', p95 < 350),
          verdict(`p99 of the 202 at ${rate}/s, goal below 30 ms`, p99, ' ms', p99 < 30),
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

/** The same with every message over Kafka. */
export const kafkaOrders: Figure = {
  name: 'kafka-orders',
  async run(stage) {
    const { kafkaBrokers } = stage;
    if (!kafkaBrokers) return stage.without('Kafka');
    const topics = await makeTopics(kafkaBrokers, stage.pick(undefined, 2));
    try {
      const start = ({ url }: BenchDatabase) => stage.ownService(url, 'GROUP_COMMIT', kafkaEnv(topics));
      return await measured(stage, { title: `${WHAT}, over Kafka`, goal: 0.4, start });
    } finally {
      await stage.endFigure();
      await topics.remove();
    }
  },
};
