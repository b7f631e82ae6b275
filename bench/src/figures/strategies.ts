import { load } from '@org/example-service/http-load';
import type { Check, Figure } from '../figure.js';
import { type Contender, contendersOf, laterService, newUsers, service, UNDER_LOCK, warmUp } from '../issuing.js';
import { ratio, spread, spreadColumns } from '../measuring.js';
import { HOST, type Stage } from '../stage.js';
import type { Cell } from '../table.js';

interface Strategy {
  readonly contender: Contender;
  /** Which part of the coupons is enough to measure it. */
  readonly share: number;
}

async function strategiesOf(stage: Stage): Promise<readonly Strategy[]> {
  const database = await stage.database();
  const { v1, v4, naive, limit } = await contendersOf(stage);
  const gated = await stage.gatedService();
  return [
    // One at a time is so much slower that a small part tells enough.
    { contender: v1, share: 0.02 },
    ...(gated
      ? [{ contender: service('service V2 (Redis lock)', gated, database, { path: UNDER_LOCK }), share: 0.05 }]
      : []),
    { contender: laterService('service V3 (event, decided later)', v4.endpoint, database), share: 1 },
    { contender: v4, share: 1 },
    ...(gated ? [{ contender: service('service V5 (Redis gate)', gated, database), share: 1 }] : []),
    { contender: limit, share: 1 },
    ...(naive ? [{ contender: naive, share: 1 }] : []),
  ];
}

interface Played {
  readonly name: string;
  readonly speed: number;
  readonly cells: readonly Cell[];
  readonly checks: readonly Check[];
}

/** Demand is a tenth more than there is, spread evenly over the campaigns; some users ask twice. */
async function play(
  { contender, share }: Strategy,
  policies: number,
  coupons: number,
  connections: number,
): Promise<Played> {
  const each = Math.max(10, Math.round(coupons * share));
  const campaigns = await Promise.all(Array.from({ length: policies }, () => contender.open(each)));
  const users = newUsers(each);
  const late = newUsers(Math.ceil(each / 20));
  const asking = [...users, ...users.slice(0, Math.ceil(each / 20)), ...late];
  const requests = asking.flatMap(user => campaigns.map(campaign => ({ campaign, user })));
  const told = new Map(campaigns.map(campaign => [campaign, [] as string[]]));
  const bytes = requests.map(({ campaign, user }) => contender.request(campaign, user, each));
  let others = 0;
  let [turnedAway, accepted] = [0, 0];
  const began = performance.now();
  const result = await load({
    ...{ host: HOST, port: contender.endpoint.port, connections, requests: requests.length },
    request: index => bytes[index] as Buffer,
    onAnswer(index, status, body) {
      if (status === 201) told.get(requests[index]?.campaign as string)?.push(body);
      else if (status === 202 && contender.decided) accepted++;
      else if (status === 503 && contender.turnsAway) turnedAway++;
      else if (status !== 409) others++;
    },
  });
  await contender.decided?.(campaigns, accepted);
  const seconds = contender.decided ? (performance.now() - began) / 1_000 : result.seconds;
  const checks: Check[] = [{ what: 'answers that are neither 201 nor 409', expected: 0, actual: others }];
  for (const [campaign, bodies] of told) {
    // Whoever was turned away may ask again; until then the campaign has given out what it told of.
    const expected = turnedAway > 0 ? bodies.length : each;
    checks.push(...(await contender.check(campaign, bodies, expected)));
  }
  const speed = requests.length / seconds;
  return {
    ...{ name: contender.name, speed },
    cells: [`${policies} × ${each}`, speed, ...spread(result), String(turnedAway)],
    checks: checks.map(check => ({ ...check, what: `${contender.name}: ${check.what}` })),
  };
}

/** All ways to issue, in one run: several campaigns at a time, and everybody who is in time wins. */
export const strategies: Figure = {
  name: 'strategies',
  async run(stage: Stage) {
    const [policies, coupons, connections] = [stage.pick(10, 3), stage.pick(10_000, 60), stage.pick(256, 32)];
    const contenders = await strategiesOf(stage);
    await warmUp(
      contenders.map(({ contender }) => contender),
      stage.pick(1_000, 20),
    );
    const played: Played[] = [];
    for (const each of contenders) played.push(await play(each, policies, coupons, connections));
    const [first] = played;
    return {
      tables: [
        {
          title: `Strategies: ${policies} campaigns at a time, ${connections} connections`,
          columns: ['strategy', 'coupons', 'requests/s', ...spreadColumns, '503', 'to V1'],
          rows: played.map(({ name, cells, speed }) => [name, ...cells, ratio(speed / (first?.speed ?? speed))]),
          notes: [
            'V3: requests that are decided, by the second; its latencies are those of the 202.',
            'V1 and V2 with fewer coupons: one at a time takes its time. Published figures of an earlier system: 95 (V1), 580 (V2) and 1,250 (V3) a second.',
            'The last rows are the limits: the same group commit without tokens, JSON and rules, and Redis alone, which keeps nothing.',
          ],
        },
      ],
      checks: played.flatMap(({ checks }) => checks),
    };
  },
};
