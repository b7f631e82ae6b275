import type { Check, Figure } from '../figure.js';
import { type Contender, type Contenders, contendersOf, newUsers, type Sale, sale, warmUp } from '../issuing.js';
import { inRounds, medianOf, perSecond, ratio, spread, timesQuicker, verdict } from '../measuring.js';
import type { Stage } from '../stage.js';
import type { Cell } from '../table.js';

const speed = ({ load }: Sale) => perSecond(load);

interface Level {
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
  readonly checks: readonly Check[];
}

/** Every request wins a coupon, so every one has to be written down. */
async function level(stage: Stage, { v4, v1, naive, limit }: Contenders, connections: number): Promise<Level> {
  const winAll = (contender: Contender, requests: number) =>
    sale(contender, { coupons: requests, connections, users: newUsers(requests) });
  const together = [v4, ...(naive ? [naive] : []), limit];
  const runs = await inRounds(stage.pick(7, 1), together, each => winAll(each, stage.pick(8_000, 300)));
  // One transaction each is so much slower that a tenth of the requests tells enough.
  runs.set(v1, await Promise.all([winAll(v1, stage.pick(1_500, 60))]));
  const middle = (each: Contender) => medianOf(runs.get(each) ?? [], speed);
  const times = (each: Contender) => timesQuicker(runs.get(v4) ?? [], runs.get(each) ?? [], speed);
  const goals: [string, number, number][] = [
    ['V1', times(v1), 10],
    ...(naive ? ([['naive', times(naive), 1.2]] as [string, number, number][]) : []),
    ['the limit', times(limit), 0.6],
  ];
  return {
    rows: [...together, v1].map(each => {
      const { load, turnedAway, cost } = middle(each);
      const [p50 = 0, , p99 = 0] = spread(load);
      return [
        String(connections),
        each.name,
        perSecond(load),
        p50,
        p99,
        String(turnedAway),
        cost,
        each === v4 ? '' : ratio(times(each)),
      ];
    }),
    notes: goals.map(([what, value, goal]) =>
      verdict(`${connections} connections: V4 to ${what}, goal ${goal} ×`, value, ' ×', value >= goal),
    ),
    checks: [...runs.values()].flat().flatMap(({ checks }) => checks),
  };
}

export const fcfsEverybodyWins: Figure = {
  name: 'fcfs-everybody-wins',
  async run(stage: Stage) {
    const contenders = await contendersOf(stage);
    const { v4, v1, naive, limit } = contenders;
    await warmUp([v4, limit, ...(naive ? [naive] : [])], stage.pick(4_000, 50));
    await warmUp([v1], stage.pick(300, 20));
    const levels: Level[] = [];
    for (const connections of stage.pick([64, 256, 512], [32]))
      levels.push(await level(stage, contenders, connections));
    return {
      tables: [
        {
          title: 'FCFS, everybody wins: each request of another user, durable with its event row',
          columns: ['connections', 'endpoint', 'coupons/s', 'p50 ms', 'p99 ms', '503', 'CPU µs', 'V4 to this'],
          rows: levels.flatMap(({ rows }) => rows),
          notes: [
            'CPU µs: processor time of the server alone for one request, which says more than the speed on a busy machine.',
            `Medians of ${stage.pick(7, 1)} rounds in turn; V1 once, with fewer requests. Every token is new to the service.`,
            ...levels.flatMap(({ notes }) => notes),
          ],
        },
      ],
      checks: levels.flatMap(({ checks }) => checks),
    };
  },
};
