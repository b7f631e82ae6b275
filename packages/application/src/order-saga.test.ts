import { orderEventTypes } from './order-events.js';
import { aShopWithOrders } from './orders.fixtures.js';
import { createOrders } from './orders.js';
import { accepted, origin, result } from './promotions.fixtures.js';

type Shop = Awaited<ReturnType<typeof aShopWithOrders>>;

/** Hands one worker all that there is for it. */
async function work({ orders, events }: Pick<Shop, 'orders' | 'events'>, group: string): Promise<void> {
  const worker = orders.subscriptions.find(each => each.group === group);
  if (!worker) throw new Error(`nobody is ${group}`);
  const all = events.all().filter(({ type }) => worker.types.includes(type));
  await worker.handle(all.map(event => ({ ...event, id: `${event.streamId}:${event.streamVersion}`, attempt: 1 })));
}

describe('a reservation that a shopper makes himself, for an order of somebody else', () => {
  it('is no news of that order: nothing happens to it in his name', async () => {
    const shop = await aShopWithOrders({ steps: 'APART' });
    const { orderNumber } = accepted(await shop.place());
    await work(shop, 'stock-worker');
    const mine = { reservationId: 'mine', couponId: await shop.coupon({}, 'eve'), owner: 'eve', orderNumber };
    const basis = { amount: 50_000, currency: 'KRW' };
    const input = { ...mine, basis, ttlSeconds: 60, origin: { ...origin, actor: 'eve' } };
    accepted(result(await shop.promotions.reserve({ input })));
    await work(shop, 'order-worker');
    const completed = shop.events.all().filter(({ type }) => type === orderEventTypes.OrderCompleted);
    expect(completed.map(event => event.origin.actor)).toEqual(['test']);
  });
});

describe('steps that are held together here and apart elsewhere', () => {
  const groups = ['stock-worker', 'coupon-worker', 'point-worker'];

  it('are held once, whoever comes first', async () => {
    const together = await aShopWithOrders({ steps: 'TOGETHER' });
    const apart = { ...together, orders: createOrders(together.adapters, { steps: 'APART' }) };
    await together.earn('ann', 5_000);
    const couponId = await together.coupon();
    const { orderNumber } = accepted(await together.place({ couponIds: [couponId], points: 2_000 }));
    await work(apart, 'coupon-worker');
    expect(await together.couponStatus(couponId)).toBe('RESERVED');
    await work(together, 'step-worker');
    expect(await together.shown(orderNumber)).toBe('COMPLETED - | POSTED POSTED POSTED');
    const told = together.events.all().length;
    for (const group of [...groups, 'order-worker']) await work(apart, group);
    await work(together, 'step-worker');
    expect(together.events.all()).toHaveLength(told);
    expect([await together.stock(), await together.balance()]).toEqual(['8/0/2', '3000/0']);
  });

  it('are not asked for once the order is over, however old the message is', async () => {
    const together = await aShopWithOrders({ steps: 'TOGETHER' });
    const apart = { ...together, orders: createOrders(together.adapters, { steps: 'APART' }) };
    const { orderNumber } = accepted(await together.place({ points: 2_000 }));
    await work(together, 'step-worker');
    expect(await together.shown(orderNumber)).toBe('CANCELLED INSUFFICIENT_POINTS | VOIDED SKIPPED REFUSED');
    await together.earn('ann', 5_000);
    const told = together.events.all().length;
    for (const group of [...groups, 'order-worker']) await work(apart, group);
    expect(together.events.all()).toHaveLength(told);
    expect([await together.balance(), await together.stock()]).toEqual(['5000/0', '10/0/0']);
  });
});
