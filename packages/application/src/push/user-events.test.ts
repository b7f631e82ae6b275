import type { PlacedOrder } from '@org/domain';
import { aShopWithOrders } from '../orders.fixtures.js';
import type { EventFeed } from '../ports/event-feed.js';
import type { OrderQueries } from '../ports/order-queries.js';
import { aShop, origin, value } from '../promotions.fixtures.js';
import { userEventsOf, userEventTypes } from './user-events.js';

interface Told {
  readonly eventFeed: EventFeed;
  readonly orderQueries: OrderQueries;
}
type Shop = Awaited<ReturnType<typeof aShopWithOrders>>;

const shown = ({ status, reason, steps }: PlacedOrder) =>
  `${status} ${reason ?? '-'} | ${steps.STOCK} ${steps.COUPON} ${steps.POINTS}`;

async function toldTo(userId: string, { eventFeed, orderQueries }: Told) {
  const { events } = await eventFeed.ofUser(userId, { after: null, types: userEventTypes, limit: 1_000 });
  return userEventsOf(orderQueries, events);
}

const statusesOf = async (userId: string, shop: Shop) =>
  (await toldTo(userId, shop)).flatMap(({ told }) => (told.event === 'order.status' ? [shown(told.order.order)] : []));

describe('what a user is told of an order', () => {
  it('is each status as the event has left it, however late it is told', async () => {
    const shop = await aShopWithOrders();
    await shop.earn('ann', 100);
    const couponIds = [await shop.coupon()];
    const accepted = await shop.place({ couponIds, points: 50, payment: 'EXTERNAL' });
    const orderNumber = accepted.accepted ? accepted.value.orderNumber : '';
    const seen = [await shop.shown(orderNumber)];
    await shop.run();
    seen.push(await shop.shown(orderNumber));
    await shop.pay(orderNumber, 16_950);
    seen.push(await shop.shown(orderNumber));
    await shop.run();
    await shop.refund(orderNumber, 1);
    expect(seen).toEqual([
      'PENDING - | PENDING PENDING PENDING',
      'AWAITING_PAYMENT - | HELD HELD HELD',
      'COMPLETED - | POSTED POSTED POSTED',
    ]);
    expect(await statusesOf('ann', shop)).toEqual(seen);
  });

  it('has no place for steps that it does not need', async () => {
    const shop = await aShopWithOrders();
    const orderNumber = await shop.order({ payment: 'EXTERNAL' });
    await shop.cancel(orderNumber);
    await shop.run();
    expect(await statusesOf('ann', shop)).toEqual([
      'PENDING - | PENDING SKIPPED SKIPPED',
      'AWAITING_PAYMENT - | HELD SKIPPED SKIPPED',
      'CANCELLED CANCELLED_BY_REQUEST | VOIDED SKIPPED SKIPPED',
    ]);
  });

  it('is looked up with all the other orders at once', async () => {
    const shop = await aShopWithOrders();
    for (let i = 0; i < 30; i++) await shop.place();
    const asked = import.meta.jest.spyOn(shop.orderQueries, 'named');
    expect(await statusesOf('ann', shop)).toHaveLength(30);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('ends with the reason for which it can not be had', async () => {
    const shop = await aShopWithOrders();
    const orderNumber = await shop.order({ points: 500 });
    const statuses = await statusesOf('ann', shop);
    expect(statuses.at(-1)).toBe(await shop.shown(orderNumber));
    expect(statuses).toEqual([
      'PENDING - | PENDING SKIPPED PENDING',
      expect.stringMatching(/^CANCELLED INSUFFICIENT_POINTS \|/),
    ]);
  });
});

describe('what a user is told of a coupon', () => {
  it('is the coupon as it was issued, and nobody else is told', async () => {
    const shop = await aShopWithOrders();
    const couponId = await shop.coupon();
    const issued = await shop.queries.coupon(couponId);
    await shop.coupon({}, 'bob');
    await shop.order({ couponIds: [couponId] });
    const coupons = (await toldTo('ann', shop)).flatMap(({ told }) =>
      told.event === 'coupon.result' && told.status === 'ISSUED' ? [told] : [],
    );
    expect(coupons.map(({ coupon }) => coupon)).toEqual([issued]);
    expect((await toldTo('ann', shop)).map(({ userId }) => userId)).toEqual(['ann', 'ann', 'ann']);
  });

  it('is a refusal with its request, and a coupon with the request that it was issued for', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ limits: { total: 1 } });
    for (const userId of ['ann', 'bob']) value(await shop.promotions.request({ input: { policyId, userId, origin } }));
    const requests = shop.events.all().filter(({ type }) => type === 'coupon.requested.v1');
    for (const { handle } of shop.promotions.subscriptions)
      await handle(requests.map(event => ({ ...event, id: event.streamId, attempt: 1 })));
    const [ann, bob] = requests.map(({ data }) => data.requestId);
    const [winner, loser] = [await toldTo('ann', shop), await toldTo('bob', shop)];
    const [coupon] = (await shop.queries.couponsOfUser({ userId: 'ann', status: null, limit: 1, cursor: null })).items;
    expect(winner.map(({ told }) => told)).toMatchObject([{ status: 'ISSUED', requestId: ann, coupon }]);
    expect(loser).toMatchObject([{ userId: 'bob', told: { status: 'REFUSED', requestId: bob } }]);
    expect(loser.map(({ told }) => 'refusal' in told && told.refusal)).toEqual([
      { code: 'COUPON_SOLD_OUT', data: { total: 1 } },
    ]);
  });
});
