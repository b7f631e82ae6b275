import { orderEventTypes } from './order-events.js';
import { aShopWithOrders } from './orders.fixtures.js';
import { accepted, origin, result } from './promotions.fixtures.js';

type Shop = Awaited<ReturnType<typeof aShopWithOrders>>;

/** Hands one worker all that there is for it. */
async function work({ orders, events }: Shop, group: string): Promise<void> {
  const worker = orders.subscriptions.find(each => each.group === group);
  const all = events.all().filter(({ type }) => worker?.types.includes(type));
  await worker?.handle(all.map(event => ({ ...event, id: `${event.streamId}:${event.streamVersion}`, attempt: 1 })));
}

describe('a reservation that a shopper makes himself, for an order of somebody else', () => {
  it('is no news of that order: nothing happens to it in his name', async () => {
    const shop = await aShopWithOrders();
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
