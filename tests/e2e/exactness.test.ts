import { Api, aShopper } from './support/api.js';
import { countsOf, ownDatabase } from './support/database.js';
import { rush, usersOf } from './support/rush.js';
import { type ServiceProcess, startService } from './support/service-process.js';

const database = ownDatabase();

/** One transaction each takes its time: fewer come. */
const strategies: [string, { requests: number; coupons: number }][] = [
  ['GROUP_COMMIT', { requests: 2_000, coupons: 300 }],
  ['ROW_LOCK', { requests: 500, coupons: 100 }],
  ['REDIS_GATE', { requests: 2_000, coupons: 300 }],
];

describe.each(strategies)('%s', (strategy, { requests, coupons }) => {
  let services: ServiceProcess[];
  let api: Api;
  const start = () => startService({ DATABASE_URL: database.url, ISSUE_STRATEGY: strategy });
  const firstPort = () => services[0]?.port as number;
  const ports = (count: number) => services.slice(0, count).map(({ port }) => port);

  beforeAll(async () => {
    services = await Promise.all([start(), start()]);
    api = new Api(services[0]?.url as string);
  });
  afterAll(() => Promise.all(services.map(service => service.end('SIGTERM'))));

  it.each([1, 2])(
    'in %i process(es): every user asks twice, and the coupons go to as many users, one each',
    async count => {
      const policyId = await api.policy({ limits: { total: coupons, perUser: 1 } });
      const users = [1, 2].flatMap(() => usersOf(`${strategy}-${count}`, requests / 2));
      const share = Math.ceil(users.length / count);
      const results = await Promise.all(
        ports(count).map((port, i) => rush({ port, policyId, users: users.slice(i * share, (i + 1) * share) })),
      );
      const told = results.flatMap(result => [...result.told.keys()]);
      expect(await countsOf(database, policyId)).toEqual({
        issued: coupons,
        users: coupons,
        last: coupons,
        numbers: coupons,
        events: coupons,
      });
      expect(new Set(told).size).toBe(coupons);
      const codes = new Set(results.flatMap(result => [...result.codes.keys()]));
      expect([...codes].filter(code => !['ISSUED', 'COUPON_SOLD_OUT', 'COUPON_ALREADY_ISSUED'].includes(code))).toEqual(
        [],
      );
    },
  );

  it('gives one user who asks 200 times at once as many as he may have', async () => {
    const policyId = await api.policy({ limits: { perUser: 3 } });
    const { sub } = aShopper();
    const { codes } = await rush({ port: firstPort(), policyId, users: Array<string>(200).fill(sub) });
    expect(Object.fromEntries(codes)).toEqual({ ISSUED: 3, COUPON_ALREADY_ISSUED: 197 });
    expect((await countsOf(database, policyId)).issued).toBe(3);
  });

  it('gives no more than the limit of the day', async () => {
    const policyId = await api.policy({ limits: { total: 500, perDay: 40 } });
    const { codes } = await rush({ port: firstPort(), policyId, users: usersOf(`${strategy}-day`, 200) });
    expect(Object.fromEntries(codes)).toEqual({ ISSUED: 40, DAILY_LIMIT_REACHED: 160 });
  });

  it('never takes more than the budget, whoever holds at the same time', async () => {
    const policyId = await api.policy({ limits: { budget: 30_000 } });
    const users = usersOf(`${strategy}-budget`, 60);
    const { told } = await rush({ port: firstPort(), policyId, users });
    const answers = await Promise.all(
      [...told.values()].map(({ couponId, userId }, i) =>
        new Api(services[i % 2]?.url as string).reserve({ sub: userId, roles: ['shopper'] }, couponId),
      ),
    );
    const statuses = answers.map(({ status, body }) => (status === 201 ? 'HELD' : body.code) as string);
    expect(statuses.filter(status => status === 'HELD')).toHaveLength(10);
    expect(statuses.filter(status => status === 'BUDGET_EXHAUSTED')).toHaveLength(50);
    const rows = await database.query('select budget_taken::int as taken from campaigns where policy_id = $1', [
      policyId,
    ]);
    expect(rows).toEqual([{ taken: 30_000 }]);
  });
});
