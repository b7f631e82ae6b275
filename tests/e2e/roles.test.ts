import { setTimeout as sleep } from 'node:timers/promises';
import { roles } from '../../examples/service/src/roles.js';
import { Api, aShopper, operator } from './support/api.js';
import { Balancer } from './support/balancer.js';
import { ownDatabase } from './support/database.js';
import { eventually, Shop } from './support/orders.js';
import { type ServiceProcess, startService } from './support/service-process.js';

const database = ownDatabase();

const start = (ROLES: string, env: Readonly<Record<string, string>> = {}) =>
  startService({ DATABASE_URL: database.url, ROLES, BUS_LEASE_SECONDS: '1', ...env });

describe('one process for each role', () => {
  let started: ReadonlyMap<string, ServiceProcess>;
  let api: Api;
  let shop: Shop;

  beforeAll(async () => {
    const processes = new Map<string, ServiceProcess>();
    for (const role of roles) processes.set(role, await start(role));
    started = processes;
    api = new Api(processes.get('api')?.url as string);
    shop = new Shop(api);
  });
  afterAll(() => Promise.all([...started.values()].map(each => each.end('SIGTERM'))));

  it('completes an order together', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const couponId = await api.coupon(ann, await api.policy());
    await shop.earn(ann.sub, 5_000);
    const orderNumber = await shop.ordered(ann, mug, 2, { couponIds: [couponId], points: 2_000 });
    await eventually(() => shop.settled(ann, orderNumber), 'COMPLETED - | POSTED POSTED POSTED');
  });

  it('tells what it is there for, and only the API takes calls of clients', async () => {
    for (const [role, { url }] of started) {
      const own = new Api(url);
      expect((await own.call('GET', '/health/ready')).body).toMatchObject({ checks: { roles: [role] } });
      expect((await own.call('GET', '/metrics')).status).toBe(200);
      const { status } = await own.call('GET', '/api/v3/coupon-policies', { as: operator });
      expect([role, status]).toEqual([role, role === 'api' ? 200 : 404]);
    }
  });

  it('leaves an order where it is while its worker is gone, and goes on when there is one again', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    await started.get('stock-worker')?.end('SIGKILL');
    const orderNumber = String((await shop.place(ann, mug, 1)).body.orderNumber);
    await sleep(1_000);
    expect((await shop.order(ann, orderNumber)).status).toBe('PENDING');
    const again = await start('stock-worker');
    await eventually(() => shop.settled(ann, orderNumber), 'COMPLETED - | POSTED SKIPPED SKIPPED');
    await again.end('SIGTERM');
  });
});

describe('a rolling restart', () => {
  it('is seen by no client: every call is answered, every order comes to its end', async () => {
    const kinds = ['api', 'api', 'order-worker,coupon-worker,point-worker,stock-worker,scheduler'] as const;
    const launch = (kind: string) => start(kind, { DRAIN_DELAY_SECONDS: kind === 'api' ? '1' : '0' });
    const running: ServiceProcess[] = [];
    for (const kind of kinds) running.push(await launch(kind));
    const balancer = new Balancer(() => running.slice(0, 2).map(({ url }) => url));
    await balancer.look();
    const policyId = await balancer.api.policy({ limits: { total: 100_000, perUser: 1 } });
    const mug = await new Shop(balancer.api).product(100_000);

    let isOver = false;
    const refused: string[] = [];
    const orders: string[] = [];
    const buy = async () => {
      while (!isOver) {
        const ann = aShopper();
        const issued = await balancer.api.call('POST', '/api/v1/coupons/issue', { as: ann, body: { policyId } });
        const placed = await new Shop(balancer.api).place(ann, mug, 1);
        if (issued.status !== 201) refused.push(issued.text);
        if (placed.status === 202) orders.push(String(placed.body.orderNumber));
        else refused.push(placed.text);
      }
    };
    const buyers = Array.from({ length: 4 }, buy);
    for (const [i, kind] of kinds.entries()) {
      const old = running[i] as ServiceProcess;
      const fresh = await launch(kind);
      const ended = old.end('SIGTERM');
      running[i] = fresh;
      expect(await ended).toBe(0);
    }
    isOver = true;
    await Promise.all(buyers);
    balancer.close();
    expect(refused).toEqual([]);
    expect(orders.length).toBeGreaterThan(20);
    const open = async () =>
      (await database.query(`select from orders where id = any($1::uuid[]) and status <> 'COMPLETED'`, [orders]))
        .length;
    await eventually(open, 0);
  }, 120_000);
});
