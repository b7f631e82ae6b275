import type { Figure } from '../figure.js';
import { type Contender, contendersOf, newUsers, type Sale, sale, warmUp } from '../issuing.js';
import {
  inRounds,
  medianOf,
  perSecond,
  random,
  ratio,
  spread,
  spreadColumns,
  timesQuicker,
  verdict,
} from '../measuring.js';
import type { Stage } from '../stage.js';

const speed = ({ load }: Sale) => perSecond(load);

/** Who asks in what order: everybody once or more, at random, the same in every run. */
export function crowd(users: number, requests: number): string[] {
  const names = newUsers(users);
  const next = random(requests);
  return Array.from({ length: requests }, () => names[Math.floor(next() * users)] as string);
}

/** A sale that is over after a moment: most who come are told that they are too late. */
export const fcfsRush: Figure = {
  name: 'fcfs-rush',
  async run(stage: Stage) {
    const [requests, users, coupons] = [stage.pick(50_000, 1_500), stage.pick(20_000, 600), stage.pick(1_000, 100)];
    const connections = stage.pick(256, 32);
    const { v4, v1, naive, limit } = await contendersOf(stage);
    const all = [v4, ...(naive ? [naive] : []), v1, limit];
    await warmUp(all, stage.pick(2_000, 50));
    const runs = await inRounds(stage.pick(3, 1), all, contender =>
      sale(contender, { coupons, connections, users: crowd(users, requests) }),
    );
    const middle = new Map(all.map((each): [Contender, Sale] => [each, medianOf(runs.get(each) ?? [], speed)]));
    const times = (a: Contender, b: Contender) => timesQuicker(runs.get(a) ?? [], runs.get(b) ?? [], speed);
    const compared = (each: Contender) => (naive ? ratio(times(each, naive)) : 'skipped: no redis-server');
    const goal = naive ? times(v4, naive) : 0;
    return {
      tables: [
        {
          title: `FCFS rush: ${requests} requests of ${users} users for ${coupons} coupons, ${connections} connections`,
          columns: ['endpoint', 'requests/s', ...spreadColumns, '503', 'CPU µs', 'to naive'],
          rows: all.map(each => {
            const run = middle.get(each) as Sale;
            return [each.name, speed(run), ...spread(run.load), String(run.turnedAway), run.cost, compared(each)];
          }),
          notes: [
            'CPU µs: processor time of the server alone for one request, which says more than the speed on a busy machine.',
            `Medians of ${stage.pick(3, 1)} rounds in turn. The service checks tokens, bodies and rate limits and keeps metrics; its winners are durable with their event rows. Its access log is off.`,
            ...(naive ? [verdict('service V4 to naive, goal 2 ×', goal, ' ×', goal >= 2)] : []),
          ],
        },
      ],
      checks: [...runs.values()].flat().flatMap(({ checks }) => checks),
    };
  },
};
