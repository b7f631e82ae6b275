import fc from 'fast-check';
import { aShopWithOrders, mustBeHelped } from './orders.fixtures.js';
import { origin } from './promotions.fixtures.js';

type Shop = Awaited<ReturnType<typeof aShopWithOrders>>;

const users = ['ann', 'bob', 'eve'];
const MUGS = 12;
const POINTS = 20_000;

interface Plan {
  readonly what: 'PLACE' | 'DELIVER' | 'AGAIN' | 'PAY' | 'FAIL' | 'CANCEL' | 'REFUND' | 'WAIT' | 'RESUME';
  /** Picks among what there is. */
  readonly pick: number;
  readonly more: number;
}

const plans = fc.array(
  fc.record<Plan>({
    what: fc.constantFrom<Plan['what'][]>(
      ...(['PLACE', 'PLACE', 'DELIVER', 'DELIVER', 'DELIVER', 'DELIVER', 'AGAIN'] as const),
      ...(['PAY', 'FAIL', 'CANCEL', 'REFUND', 'WAIT', 'RESUME'] as const),
    ) as fc.Arbitrary<Plan['what']>,
    pick: fc.nat(1_000_000),
    more: fc.nat(1_000_000),
  }),
  { minLength: 10, maxLength: 80 },
);

/** Some of what a worker could be told, in any order and any number of times. */
async function deliver(shop: Shop, { what, pick, more }: Plan) {
  const subscription = shop.orders.subscriptions[pick % shop.orders.subscriptions.length];
  if (!subscription) return;
  const { types, handle, group } = subscription;
  const done = shop.seen.get(group) ?? new Set();
  const all = shop.events
    .all()
    .map(event => ({ ...event, id: `${event.streamId}:${event.streamVersion}`, attempt: 1 }));
  const there = all.filter(({ type, id }) => types.includes(type) && (what === 'AGAIN' || !done.has(id)));
  const some = there.filter((_, i) => (more >> (i % 16)) % 2 === 0);
  if (more % 3 === 0) some.reverse();
  if (some.length === 0) return;
  await handle(some);
  for (const { id } of some) done.add(id);
}

async function act(shop: Shop, coupons: readonly { id: string; userId: string }[], numbers: string[], plan: Plan) {
  const { what, pick, more } = plan;
  const orderNumber = numbers[pick % Math.max(1, numbers.length)] ?? '';
  switch (what) {
    case 'PLACE': {
      const coupon = coupons[pick % coupons.length];
      const userId = coupon?.userId ?? 'ann';
      const couponIds = more % 3 === 0 || !coupon ? [] : [coupon.id];
      const lines = ['mug', ...(more % 2 ? ['cup'] : [])].map((productId, i) => ({
        ...{ lineId: productId, productId, optionId: 'blue', quantity: ((more >> (2 + i)) % 3) + 1 },
      }));
      const payment = more % 5 < 3 ? 'NONE' : 'EXTERNAL';
      const points = (more % 4) * 4_000;
      const outcome = await shop.place({ userId, couponIds, lines, payment, points });
      if (outcome.accepted) numbers.push(outcome.value.orderNumber);
      return;
    }
    case 'DELIVER':
    case 'AGAIN':
      return deliver(shop, plan);
    case 'PAY':
    case 'FAIL': {
      if (!orderNumber) return;
      const { total } = (await shop.look(orderNumber)).facts;
      const type = what === 'PAY' ? 'COMPLETED' : more % 2 ? 'FAILED' : 'CANCELLED';
      const eventId = `${orderNumber}-${more % 4}`;
      await shop.pay(orderNumber, more % 7 === 0 ? total + 1 : total, { type, eventId, paymentId: `p${more % 2}` });
      return;
    }
    case 'CANCEL':
      await shop.cancel(orderNumber, null);
      return;
    case 'REFUND':
      await shop.refund(orderNumber, (more % 2) + 1, { lineId: more % 3 ? 'mug' : 'cup', restock: more % 5 !== 0 });
      return;
    case 'WAIT':
      shop.clock.advance((more % 40) * 1_000);
      await shop.orders.timeOut({ limit: 5, origin, failed: mustBeHelped });
      return;
    case 'RESUME':
      await resume(shop);
      return;
  }
}

async function resume(shop: Shop) {
  const failed = (orderNumber: string, error: unknown) => {
    throw new Error(`order ${orderNumber}`, { cause: error });
  };
  return shop.orders.resume({ limit: 100, origin, olderThanSeconds: 5, failed });
}

/** What must be true whatever has happened, once everybody has done his work. */
async function books(shop: Shop, numbers: readonly string[]) {
  const sold: Record<string, number> = { mug: 0, cup: 0 };
  const kept: Record<string, number> = { mug: 0, cup: 0 };
  const spent: Record<string, number> = {};
  for (const orderNumber of numbers) {
    const { status, steps, facts, refunds, refundDue } = await shop.look(orderNumber);
    expect(['COMPLETED', 'CANCELLED']).toContain(status);
    expect(Object.values(steps)).not.toContain('HELD');
    expect(Object.values(steps)).not.toContain('PENDING');
    expect(refundDue).toBeGreaterThanOrEqual(0);
    if (status !== 'COMPLETED') continue;
    const back = refunds.reduce((sum, { pointsReturned }) => sum + pointsReturned, 0);
    spent[facts.userId] = (spent[facts.userId] ?? 0) + facts.pointsUsed - back;
    for (const { productId, quantity } of facts.lines) sold[productId] = (sold[productId] ?? 0) + quantity;
    for (const { restock, lines } of refunds)
      for (const { lineId, quantity } of lines)
        if (restock) sold[lineId] = (sold[lineId] ?? 0) - quantity;
        else kept[lineId] = (kept[lineId] ?? 0) + quantity;
    const money = refunds.reduce((sum, { amount }) => sum + amount, 0);
    expect(money).toBeLessThanOrEqual(facts.total);
  }
  for (const productId of ['mug', 'cup'])
    expect(await shop.stock(productId)).toBe(`${MUGS - (sold[productId] ?? 0)}/0/${sold[productId]}`);
  for (const userId of users) expect(await shop.balance(userId)).toBe(`${POINTS - (spent[userId] ?? 0)}/0`);
}

describe('orders under any history of messages, lost, doubled and out of order', () => {
  it('end all or nothing, and the books balance to the unit', () =>
    fc.assert(
      fc.asyncProperty(plans, fc.constantFrom('TOGETHER', 'APART'), async (history, steps) => {
        const shop = await aShopWithOrders({ paymentDeadlineSeconds: 60, steps });
        await shop.product('mug', { free: MUGS });
        await shop.product('cup', { free: MUGS });
        const coupons: { id: string; userId: string }[] = [];
        for (const userId of users) {
          await shop.earn(userId, POINTS);
          for (let i = 0; i < 2; i++) coupons.push({ id: await shop.coupon({}, userId), userId });
        }
        const numbers: string[] = [];
        for (const plan of history) await act(shop, coupons, numbers, plan);
        await shop.run();
        shop.clock.advance(61_000);
        await shop.orders.timeOut({ limit: 1_000, origin, failed: mustBeHelped });
        await shop.run();
        shop.clock.advance(10_000);
        expect(await resume(shop)).toBe(0);
        await books(shop, numbers);
        await checkCoupons(shop, coupons, numbers);
      }),
      { numRuns: 150 },
    ));
});

/** A coupon is used by the one completed order that has it and is not wholly refunded, else it is free. */
async function checkCoupons(shop: Shop, coupons: readonly { id: string }[], numbers: readonly string[]) {
  const using = new Map<string, number>();
  for (const orderNumber of numbers) {
    const { status, facts, refunds } = await shop.look(orderNumber);
    const isBack = refunds.some(({ couponsRestored }) => couponsRestored.length > 0);
    if (status !== 'COMPLETED' || isBack) continue;
    for (const { couponId } of facts.discounts) if (couponId) using.set(couponId, (using.get(couponId) ?? 0) + 1);
  }
  for (const { id } of coupons)
    expect([await shop.couponStatus(id), using.get(id) ?? 0]).toEqual(using.get(id) ? ['USED', 1] : ['ISSUED', 0]);
}
