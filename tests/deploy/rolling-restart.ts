import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { roles } from '../../examples/service/src/roles.js';
import { type Answer, type Api, aShopper } from '../e2e/support/api.js';
import { Balancer } from '../e2e/support/balancer.js';
import { Shop } from '../e2e/support/orders.js';
import type { Stack } from './stack.js';

const BUYERS = 3;
/** Between two orders of each: everything that is restarted needs the processor, too. */
const PAUSE_MS = 150;
/** Some times within DRAIN_DELAY_SECONDS. */
const LOOK_MS = 250;
const SETTLED_MS = 120_000;

interface What {
  readonly stack: Stack;
  readonly apis: readonly Api[];
  readonly profiles: readonly string[];
}

/** Buyers behind a load balancer who ask prices and order, until they are told to stop. */
function startBuying(apis: readonly Api[], balancer: Balancer, mug: string) {
  const refused: string[] = [];
  const orders: { readonly orderNumber: string; readonly by: ReturnType<typeof aShopper> }[] = [];
  const answeredBy = new Map(apis.map(({ url }) => [url, 0]));
  let isOver = false;

  async function ask(status: number, call: (api: Api) => Promise<Answer>): Promise<Answer | null> {
    const { api } = balancer;
    try {
      const answer = await call(api);
      answeredBy.set(api.url, (answeredBy.get(api.url) ?? 0) + 1);
      if (answer.status === status) return answer;
      refused.push(`${answer.status} ${answer.text}`);
    } catch (error) {
      const { message, cause } = error as Error;
      refused.push(`${message}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
    return null;
  }

  const line = { lineId: '1', productId: mug, unitPrice: 10_000, quantity: 1 };
  const cart = { currency: 'KRW', lines: [line] };
  async function buy() {
    for (; !isOver; await sleep(PAUSE_MS)) {
      const by = aShopper();
      await ask(200, api => api.call('POST', '/api/v1/coupons/quote', { as: by, body: { cart } }));
      const headers = { 'idempotency-key': randomUUID() };
      const lines = [{ lineId: '1', productId: mug, optionId: 'blue', quantity: 1 }];
      const placed = await ask(202, api => api.call('POST', '/api/v3/orders', { as: by, body: { lines }, headers }));
      if (placed) orders.push({ orderNumber: String(placed.body.orderNumber), by });
    }
  }
  const buyers = Array.from({ length: BUYERS }, buy);
  return {
    ...{ refused, orders, answeredBy },
    async stop() {
      isOver = true;
      await Promise.all(buyers);
    },
  };
}

/** Every container that is no database is replaced or restarted, one after the other, while clients go on. */
export function rollingRestart(what: () => What): void {
  const restarted = ({ profiles }: What) => [
    ...(profiles.includes('kafka') ? ['kafka-1', 'kafka-2', 'kafka-3'] : []),
    ...(profiles.includes('redis') ? ['redis-1', 'redis-2', 'redis-sentinel-1', 'redis-sentinel-2'] : []),
  ];

  it('is replaced by a later build, container by container, while clients ask and order, and none of them sees an error', async () => {
    const { stack, apis } = what();
    const before = new Set((await stack.containers()).map(({ ID }) => ID));
    const isUpgrade = await stack.build('next');
    const balancer = new Balancer(() => apis.map(({ url }) => url), LOOK_MS);
    await balancer.look();
    const mug = await new Shop(balancer.api).product(1_000_000);
    const buying = startBuying(apis, balancer, mug);
    try {
      await stack.script('roll.sh');
      for (const service of restarted(what())) {
        await stack.run('restart', service);
        await stack.run('up', '--detach', '--wait', '--no-build', '--no-recreate', '--no-deps', service);
      }
    } finally {
      await buying.stop();
      balancer.close();
    }
    expect(buying.refused).toEqual([]);
    expect(buying.orders.length).toBeGreaterThan(100);
    for (const [, answered] of buying.answeredBy) expect(answered).toBeGreaterThan(50);

    const replaced = (await stack.containers()).filter(({ Service }) => roles.some(role => role === Service));
    expect(replaced).toHaveLength(roles.length + 1);
    for (const { ID, Service, Health } of replaced) {
      expect([Service, Health, before.has(ID)]).toEqual([Service, 'healthy', false]);
      if (isUpgrade) expect([Service, await stack.revisionOf(ID)]).toEqual([Service, 'next']);
    }
    const shop = new Shop(apis[0] as Api);
    const open = new Set(buying.orders);
    for (const until = Date.now() + SETTLED_MS; open.size > 0 && Date.now() < until; await sleep(200))
      for (const each of open) {
        const { status } = await shop.status(each.by, each.orderNumber);
        if (status === 'COMPLETED') open.delete(each);
        else break;
      }
    expect([...open].slice(0, 3)).toEqual([]);
    const { free, sold } = await shop.stock(mug);
    expect(Number(free) + Number(sold)).toBe(1_000_000);
    expect(Number(sold)).toBeGreaterThan(0);
  });
}
