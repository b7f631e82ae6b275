import { activePolicy } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { fillIssued } from '../fill.js';
import { newUsers, type Sale, sale, service, warmUp } from '../issuing.js';
import { inRounds, medianOf, perSecond, ratio, spread, timesQuicker, verdict } from '../measuring.js';
import type { Stage } from '../stage.js';

const speed = ({ load }: Sale) => perSecond(load);

/** A campaign, in a database and with a service of its own, that has given out `before` coupons already. */
async function arena(stage: Stage, before: number) {
  const database = await stage.ownDatabase();
  const contender = service('service V4', await stage.ownService(database.url), database);
  await warmUp([contender], stage.pick(2_000, 20));
  const id = await activePolicy(database, 10_000_000);
  await fillIssued(database, id, before);
  return { before, database, contender, id };
}

/** How the cost of one issue grows with what was issued before: it must not. */
export const fcfsGrowth: Figure = {
  name: 'fcfs-growth',
  async run(stage: Stage) {
    const [requests, connections] = [stage.pick(10_000, 200), stage.pick(256, 32)];
    const sizes = stage.pick([0, 10_000, 100_000, 1_000_000], [0, 2_000]);
    const arenas = await Promise.all(sizes.map(size => arena(stage, size)));
    const runs = await inRounds(stage.pick(5, 1), arenas, ({ contender, id, before }) =>
      sale(contender, { coupons: 10_000_000, connections, users: newUsers(requests), campaign: { id, before } }),
    );
    const checks: Check[] = [...runs.values()].flat().flatMap(each => each.checks);
    for (const { before, database, contender, id } of arenas) {
      const expected = before + stage.pick(5, 1) * requests;
      const found = await contender.check(id, [], expected);
      const [row] = await database.query<{ issued: number }>('select issued from campaigns where policy_id = $1', [id]);
      checks.push({ what: `${before} before: coupons counted in the campaign`, expected, actual: row?.issued ?? 0 });
      const stored = found.filter(({ what }) => what !== 'winners that were told so');
      checks.push(...stored.map(check => ({ ...check, what: `${before} before: ${check.what}` })));
    }
    const middle = arenas.map(each => medianOf(runs.get(each) ?? [], speed));
    const runsAt = (i: number) => runs.get(arenas[i] as (typeof arenas)[0]) ?? [];
    const times = (i: number) => timesQuicker(runsAt(i), runsAt(0), speed);
    const last = times(arenas.length - 1);
    return {
      tables: [
        {
          title: `FCFS growth: everybody wins, ${connections} connections, by what the campaign has given out already`,
          columns: ['issued before', 'coupons/s', 'p50 ms', 'p99 ms', 'to the first'],
          rows: middle.map((run, i) => {
            const [p50 = 0, , p99 = 0] = spread(run.load);
            return [String(sizes[i]), speed(run), p50, p99, ratio(times(i))];
          }),
          notes: [
            `Medians of ${stage.pick(5, 1)} rounds in turn, a database and a service for each row; plans were made while the tables were empty.`,
            verdict('the largest to the first, goal flat (at least 0.85 ×)', last, ' ×', last >= 0.85),
          ],
        },
      ],
      checks,
    };
  },
};
