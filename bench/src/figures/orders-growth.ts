import type { Check, Figure } from '../figure.js';
import { fillOrders } from '../fill-orders.js';
import { inRounds, medianOf, ratio, spread, spreadColumns, timesQuicker, verdict } from '../measuring.js';
import { fillBuyers, fillProducts } from '../ordering.js';
import { type Sale, sell } from '../selling.js';
import type { Stage } from '../stage.js';

const speed = ({ perSecond }: Sale) => perSecond;

/** A shop, in a database and with a service of its own, that has so many orders behind it. */
async function arena(stage: Stage, before: number) {
  const database = await stage.ownDatabase();
  const products = stage.pick(1_000, 10);
  await fillProducts(database, products);
  await fillOrders(database, before, products);
  const service = await stage.ownService(database.url);
  const play = async (name: string, count: number) => {
    const buyers = await fillBuyers(database, count, name);
    const began = await service.child.processorTime();
    const sale = await sell(service, database, buyers, products, { connections: stage.pick(64, 16) });
    return { ...sale, cost: ((await service.child.processorTime()) - began) / count };
  };
  const warm = await play('warm', stage.pick(300, 5));
  return { before, database, play, checks: warm.checks };
}

/** How the cost of an order grows with the orders before it: it must not. */
export const ordersGrowth: Figure = {
  name: 'orders-growth',
  async run(stage: Stage) {
    const sizes = stage.pick([10_000, 100_000, 1_000_000], [100, 500]);
    const [rounds, count] = [stage.pick(3, 1), stage.pick(600, 10)];
    const arenas: Awaited<ReturnType<typeof arena>>[] = [];
    for (const size of sizes) arenas.push(await arena(stage, size));
    const runs = await inRounds(rounds, arenas, ({ play }, round) => play(`round${round}`, count));
    const checks: Check[] = [];
    for (const each of arenas) {
      const found = [...each.checks, ...(runs.get(each) ?? []).flatMap(run => run.checks)];
      checks.push(...found.map(check => ({ ...check, what: `${each.before} before: ${check.what}` })));
      const [row] = await each.database.query<{ completed: number }>(
        `select count(*)::int as completed from orders where status = 'COMPLETED'`,
      );
      const expected = each.before + rounds * count + stage.pick(300, 5);
      checks.push({ what: `${each.before} before: orders in all`, expected, actual: row?.completed ?? 0 });
    }
    const runsAt = (i: number) => runs.get(arenas[i] as (typeof arenas)[0]) ?? [];
    const times = (i: number) => timesQuicker(runsAt(i), runsAt(0), speed);
    const last = times(sizes.length - 1);
    return {
      tables: [
        {
          title: `Orders growth: ${count} orders with a coupon, points and two lines, by how many there were before`,
          columns: [
            'orders before',
            'orders/s',
            ...spreadColumns.map(each => `${each} to COMPLETED`),
            'CPU ms',
            'to the first',
          ],
          rows: sizes.map((size, i) => {
            const run = medianOf(runsAt(i), speed);
            return [String(size), speed(run), ...spread({ latencies: run.completion }), run.cost, ratio(times(i))];
          }),
          notes: [
            'CPU ms: processor time of the service for one order, from the request to its end, without the database.',
            `Medians of ${rounds} rounds in turn, a database and a service for each row. The buyers are new ones.`,
            verdict('the largest to the first, goal flat (at least 0.85 ×)', last, ' ×', last >= 0.85),
          ],
        },
      ],
      checks,
    };
  },
};
