import { setTimeout as sleep } from 'node:timers/promises';
import { roles } from '../../examples/service/src/roles.js';
import { Api, aShopper } from '../e2e/support/api.js';
import { eventually, Shop } from '../e2e/support/orders.js';
import { overKafka } from './profile-kafka.js';
import { besideRedis } from './profile-redis.js';
import { rollingRestart } from './rolling-restart.js';
import { metricsOf, type Stack, startStack, whyNot } from './stack.js';

// An image is built, and a machine that is busy builds for minutes.
import.meta.jest.setTimeout(900_000);

/** `DEPLOY_PROFILES=kafka,redis` runs the same on top of these. */
const profiles = (process.env.DEPLOY_PROFILES ?? '').split(',').filter(name => name !== '');

const reason = await whyNot(profiles);

const define = () => {
  let stack: Stack;
  let apis: readonly Api[];
  beforeAll(async () => {
    stack = await startStack(profiles);
    apis = (await stack.urls()).map(url => new Api(url));
  });
  afterAll(() => stack?.end());

  const one = () => apis[0] as Api;
  const other = () => apis[1] as Api;

  it('runs every role, and two copies of the API', async () => {
    const running = (await stack.containers()).filter(
      ({ State, Health }) => State === 'running' && Health === 'healthy',
    );
    expect(running.map(({ Service }) => Service)).toEqual(expect.arrayContaining([...roles]));
    expect(apis).toHaveLength(2);
    for (const api of apis)
      expect((await api.call('GET', '/health/ready')).body).toMatchObject({ checks: { roles: ['api'] } });
  });

  it('completes an order with coupon, points and stock, whichever copy is asked', async () => {
    const ann = aShopper();
    const shop = new Shop(one());
    const mug = await shop.product();
    const couponId = await one().coupon(ann, await one().policy());
    await shop.earn(ann.sub, 5_000);
    const orderNumber = await shop.ordered(ann, mug, 2, { couponIds: [couponId], points: 2_000 });
    const seen = new Shop(other());
    await eventually(() => seen.settled(ann, orderNumber), 'COMPLETED - | POSTED POSTED POSTED');
    // The order is over with its completion; the units follow.
    const stock = async () => {
      const { free, held, sold } = await seen.stock(mug);
      return { free, held, sold };
    };
    await eventually(stock, { free: 8, held: 0, sold: 2 } as Awaited<ReturnType<typeof stock>>);
  });

  it('goes on with an order when a killed worker is there again', async () => {
    const ann = aShopper();
    const shop = new Shop(one());
    const mug = await shop.product();
    await stack.run('kill', '--signal', 'SIGKILL', 'stock-worker');
    const orderNumber = String((await shop.place(ann, mug, 1)).body.orderNumber);
    await sleep(2_000);
    expect((await shop.status(ann, orderNumber)).status).toBe('PENDING');
    await stack.run('up', '--detach', '--wait', '--no-build', 'stock-worker');
    await eventually(() => shop.settled(ann, orderNumber), 'COMPLETED - | POSTED SKIPPED SKIPPED');
  });

  it('tells Prometheus how far the groups are, and nobody without the token', async () => {
    expect(await metricsOf(stack, 'scheduler')).toMatch(
      /^200 [\s\S]*^bus_group_lag_seconds\{group="stock-worker"\} \d/m,
    );
    expect(await metricsOf(stack, 'scheduler', 'guessed')).toMatch(/^401 /);
  });

  if (profiles.includes('kafka')) overKafka(() => ({ stack, api: one() }));
  if (profiles.includes('redis')) besideRedis(() => ({ stack, apis }));
  rollingRestart(() => ({ stack, apis, profiles }));

  it('is no root and can change none of its files', async () => {
    const script = `require('fs').writeFile('/app/x', '', error => console.log(process.getuid(), error?.code));`;
    expect((await stack.run('exec', '-T', 'api', 'node', '-e', script)).trim()).toBe('1000 EROFS');
  });

  it('stops when it is told to, everything answered', async () => {
    await stack.run('stop', 'api', 'order-worker', 'scheduler');
    const stopped = (await stack.containers()).filter(({ Service }) =>
      ['api', 'order-worker', 'scheduler'].includes(Service),
    );
    expect(stopped.map(({ State, ExitCode }) => [State, ExitCode])).toEqual(stopped.map(() => ['exited', 0]));
    expect(stopped).toHaveLength(4);
  });

  it.each(['kafka', 'redis', 'monitoring'])('has a profile %s that Docker can read', async profile => {
    const names = (await stack.run('--profile', profile, 'config', '--services')).split('\n');
    expect(names.length).toBeGreaterThan(roles.length + 3);
  });
};

if (reason === null) describe(`compose.yaml${profiles.map(name => ` with ${name}`).join('')}`, define);
// A build machine without an engine is not at fault: what stands in the files is checked without one.
else
  describe(`compose.yaml is not started, because ${reason}`, () => {
    it('is still so', async () => expect(await whyNot(profiles)).toBe(reason));
  });
