import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../e2e/support/api.js';
import { countsOf, ownDatabase } from '../e2e/support/database.js';
import { rush, UNDER_LOCK, usersOf } from '../e2e/support/rush.js';
import { type ServiceProcess, startService } from '../e2e/support/service-process.js';
import { type OwnRedis, redisCli, startRedis } from '../support/redis-own.js';
import { describeOwnRedis } from '../support/redis-server.js';
import { type OwnRedises, startCluster, startSentinels } from '../support/redis-several.js';

const rounds = Number(process.env.CHAOS_ROUNDS ?? 1);
const coupons = Number(process.env.CHAOS_COUPONS ?? 600);
/** Servers and two services, on a busy machine. */
const START_MS = 200_000;

const database = ownDatabase();

async function startAll(redisUrl: string): Promise<ServiceProcess[]> {
  const env = {
    ...{ DATABASE_URL: database.url, REDIS_URL: redisUrl },
    ...{ ISSUE_STRATEGY: 'REDIS_GATE', REDIS_CIRCUIT_SECONDS: '1' },
  };
  return [await startService(env), await startService(env)];
}

/** Half of the users at each process, until somebody has seen `count` winners. */
function sale(services: readonly ServiceProcess[], policyId: string, users: readonly string[], path?: string) {
  let winners = 0;
  const onAnswer = (_: number, status: number) => {
    if (status === 201) winners++;
  };
  const share = Math.ceil(users.length / services.length);
  const rushes = services.map(({ port }, i) =>
    rush({
      ...{ port, policyId, onAnswer, users: users.slice(i * share, (i + 1) * share) },
      ...{ connections: 32, ...(path !== undefined && { path }) },
    }),
  );
  return {
    async won(count: number) {
      while (winners < count) await sleep(1);
    },
    async end() {
      const results = await Promise.all(rushes);
      return {
        told: results.flatMap(({ told }) => [...told.keys()]),
        codes: new Set(results.flatMap(({ codes }) => [...codes.keys()])),
      };
    },
  };
}

const all = { issued: coupons, users: coupons, last: coupons, numbers: coupons, events: coupons };

/** Demand is twice as large as what there is, and everybody asks twice. */
async function exactSale(
  services: readonly ServiceProcess[],
  name: string,
  fault: (policyId: string) => Promise<unknown>,
  path?: string,
) {
  const policyId = await new Api(services[0]?.url as string).policy({ limits: { total: coupons, perUser: 1 } });
  const users = [1, 2].flatMap(() => usersOf(name, 2 * coupons));
  const running = sale(services, policyId, users, path);
  await running.won(coupons / 4);
  await fault(policyId);
  const { told, codes } = await running.end();
  expect([...codes].sort()).toEqual(['COUPON_ALREADY_ISSUED', 'COUPON_SOLD_OUT', 'ISSUED']);
  expect(new Set(told).size).toBe(told.length);
  const found = await database.query('select id from coupons where id = any($1::uuid[])', [told]);
  expect(found).toHaveLength(told.length);
  expect(told).toHaveLength(coupons);
  expect(await countsOf(database, policyId)).toEqual(all);
}

const faults: [string, (redis: OwnRedis) => Promise<unknown>][] = [
  ['FLUSHALL', ({ port }) => redisCli(port, 'flushall')],
  [
    'kill -9, and a start without data',
    async redis => {
      await redis.signal('SIGKILL');
      await sleep(300);
      await redis.restart();
    },
  ],
  ['kill -9 for good', redis => redis.signal('SIGKILL')],
  [
    'a server that hangs for a while',
    async redis => {
      await redis.signal('SIGSTOP');
      await sleep(800);
      await redis.signal('SIGCONT');
    },
  ],
];

await describeOwnRedis('in the middle of a sale', () => {
  let redis: OwnRedis;
  let services: ServiceProcess[] = [];
  beforeAll(async () => {
    redis = await startRedis();
    services = await startAll(redis.url);
  }, START_MS);
  afterAll(async () => {
    await Promise.all(services.map(service => service.end('SIGTERM')));
    await redis?.stop();
  });

  const stories = faults.flatMap(([name, fault]) =>
    ([undefined, UNDER_LOCK] as const).map(path => [name, path ? 'the lock' : 'the gate', fault, path] as const),
  );
  it.each(stories)(
    '%s changes nothing behind %s: as many coupons as there are, one each, and all that were told of',
    async (name, _, fault, path) => {
      await redis.restart();
      for (let round = 1; round <= rounds; round++)
        await exactSale(
          services,
          `${name.replace(/\W+/g, '-')}-${path ? 'lock' : 'gate'}-${round}`,
          () => fault(redis),
          path,
        );
    },
    120_000,
  );

  it('a service that starts without Redis is ready, says so, and uses it when it comes', async () => {
    await redis.signal('SIGKILL');
    const service = await startService({ DATABASE_URL: database.url, REDIS_URL: redis.url });
    const api = new Api(service.url);
    const ready = async () => {
      const { status, body } = await api.call('GET', '/health/ready');
      const { database: db, redis: own } = body.checks as Record<string, string>;
      return `${status} ${db} ${own}`;
    };
    expect(await ready()).toBe('200 UP DEGRADED');
    await redis.restart();
    while ((await ready()) !== '200 UP UP') await sleep(50);
    expect(await service.end('SIGTERM')).toBe(0);
  }, 60_000);
});

const gateOf = (policyId: string) => `promotions:gate:{${policyId}}:figures`;

const withHeirs: [string, () => Promise<OwnRedises>][] = [
  ['a Redis with sentinels', startSentinels],
  ['a cluster', () => startCluster({ failover: true })],
];
for (const [name, start] of withHeirs)
  await describeOwnRedis(`the primary of ${name}`, () => {
    let servers: OwnRedises;
    let services: ServiceProcess[] = [];
    beforeAll(async () => {
      servers = await start();
      services = await startAll(servers.url);
    }, START_MS);
    afterAll(async () => {
      await Promise.all(services.map(service => service.end('SIGTERM')));
      await servers?.stop();
    });

    const aSmallSale = () => new Api(services[0]?.url as string).policy({ limits: { total: 5, perUser: 1 } });
    /** Another sale whose gate is where that of the first one is. */
    async function neighbourOf(policyId: string): Promise<string> {
      const home = await servers.primaryOf(gateOf(policyId));
      for (;;) {
        const neighbour = await aSmallSale();
        if ((await servers.primaryOf(gateOf(neighbour))) === home) return neighbour;
      }
    }

    it('is killed in the middle of a sale: nothing changes, and the gate is there again by itself', async () => {
      let policyId = '';
      await exactSale(services, 'failover', async busy => {
        policyId = await neighbourOf(busy);
        await (await servers.primaryOf(gateOf(busy))).signal('SIGKILL');
      });
      const opened = async () => {
        const { port } = await servers.primaryOf(gateOf(policyId));
        // Until another one is chosen, nobody answers there.
        const found = await redisCli(port, 'exists', gateOf(policyId)).catch(() => '0');
        return found === '1';
      };
      for (let i = 0; !(await opened()); i++) {
        expect(i).toBeLessThan(400);
        await rush({ port: services[0]?.port as number, policyId, users: usersOf(`after-${i}`, 1), connections: 1 });
        await sleep(50);
      }
      expect((await countsOf(database, policyId)).issued).toBeLessThanOrEqual(5);
    }, 120_000);
  });
