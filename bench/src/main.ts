import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Databases } from './database.js';
import { type Check, type Figure, isExact } from './figure.js';
import { bus } from './figures/bus.js';
import { codes } from './figures/codes.js';
import { confirm } from './figures/confirm.js';
import { fcfsEverybodyWins } from './figures/fcfs-everybody-wins.js';
import { fcfsGrowth } from './figures/fcfs-growth.js';
import { fcfsOpenLoop } from './figures/fcfs-open-loop.js';
import { fcfsRush } from './figures/fcfs-rush.js';
import { kafkaConsumer } from './figures/kafka-consumer.js';
import { kafkaRelay } from './figures/kafka-relay.js';
import { memory } from './figures/memory.js';
import { kafkaOrders, orders } from './figures/orders.js';
import { ordersGrowth } from './figures/orders-growth.js';
import { points } from './figures/points.js';
import { push } from './figures/push.js';

import { quoteFigure } from './figures/quote.js';
import { strategies } from './figures/strategies.js';
import { sweeper } from './figures/sweeper.js';
import { header } from './header.js';
import { type Options, readOptions, usage } from './options.js';
import { kafkaBrokers, postgresServer, redisServer } from './servers.js';
import { Stage } from './stage.js';
import { render } from './table.js';

const figures: readonly Figure[] = [
  fcfsRush,
  fcfsEverybodyWins,
  fcfsOpenLoop,
  fcfsGrowth,
  quoteFigure,
  sweeper,
  codes,
  confirm,
  bus,
  kafkaRelay,
  kafkaConsumer,
  orders,
  kafkaOrders,
  push,
  ordersGrowth,
  points,
  memory,
  strategies,
];

function wanted({ figures: names, minutes }: Options): readonly Figure[] {
  const unknown = names.filter(name => !figures.some(figure => figure.name === name));
  if (unknown.length > 0)
    throw new Error(
      `there is no figure ${unknown.join(', ')}; there are ${figures.map(({ name }) => name).join(', ')}`,
    );
  return figures.filter(({ name }) => (names.length > 0 ? names.includes(name) : name !== 'memory' || minutes > 0));
}

const GOODBYE_MS = 15_000;

/** What was begun, ended in the reverse order: also when somebody presses Ctrl-C, and when a step does not end. */
const undo: (() => Promise<unknown>)[] = [];
async function cleanUp() {
  for (const step of undo.splice(0).reverse())
    await Promise.race([step(), sleep(GOODBYE_MS, null, { ref: false })]).catch(error => console.error(error));
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));

async function run(options: Options): Promise<number> {
  const chosen = wanted(options);
  const postgres = await postgresServer();
  undo.push(() => postgres.stop());
  const redis = await redisServer();
  if (redis) undo.push(() => redis.stop());
  const databases = new Databases(postgres.url);
  undo.push(() => databases.close());
  console.log(await header({ postgres, redis, databases, scale: options.scale }));

  const parts = {
    databases,
    redisUrl: redis?.url ?? null,
    kafkaBrokers: kafkaBrokers(),
    scale: options.scale,
    minutes: options.minutes,
  };
  const checks: (Check & { readonly figure: string })[] = [];
  // In a measuring run each figure has servers of its own, so that none inherits what another one left behind.
  let stage: Stage | null = null;
  for (const figure of chosen) {
    if (!stage) {
      const fresh = new Stage(parts);
      stage = fresh;
      undo.push(() => fresh.close());
    }
    const measured = await figure.run(stage);
    await stage.endFigure();
    for (const table of measured.tables) console.log(render(table));
    checks.push(...measured.checks.map(check => ({ figure: figure.name, ...check })));
    if (options.scale === 'full') {
      await stage.close();
      stage = null;
    }
  }
  if (options.json) await writeFile(options.json, JSON.stringify(checks, null, 2));
  const broken = checks.filter(check => !isExact(check));
  for (const { figure, what, expected, actual } of broken)
    console.log(`NOT EXACT ${figure}: ${what}: ${actual} instead of ${expected}`);
  console.log(`${checks.length - broken.length} of ${checks.length} checks are exact`);
  return broken.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).stack);
  console.error(usage);
  process.exitCode = 2;
} finally {
  await cleanUp();
}
