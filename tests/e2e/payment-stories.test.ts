import { writtenAsDescribed } from '../support/event-conformance.js';
import { Api, aShopper, type Caller } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { eventually, Shop } from './support/orders.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let services: ServiceProcess[];
let shop: Shop;
/** Where nobody has more than a second to pay. */
let hurried: Shop;

beforeAll(async () => {
  database = await testDatabase();
  services = await Promise.all([
    startService({ DATABASE_URL: database.url }),
    startService({ DATABASE_URL: database.url, PAYMENT_DEADLINE_SECONDS: '1' }),
  ]);
  [shop, hurried] = services.map(({ url }) => new Shop(new Api(url))) as [Shop, Shop];
});
afterAll(async () => {
  await Promise.all(services.map(service => service.end('SIGTERM')));
  await killAll();
  await database?.close();
});

const due = 20_000;
async function anUnpaidOrder(at = shop) {
  const ann = aShopper();
  const mug = await at.product();
  return { ann, mug, orderNumber: await at.ordered(ann, mug, 2, { payment: 'EXTERNAL' }) };
}
const stockOf = (productId: string) => async () => {
  const { free, held, sold } = await shop.stock(productId);
  return { free, held, sold };
};
const whole = { free: 10, held: 0, sold: 0 };
const outcomes = async (as: Caller, orderNumber: string) => {
  const { items } = (await shop.api.call('GET', `/api/v3/orders/${orderNumber}/timeline`, { as })).body as unknown as {
    items: readonly { readonly data: { readonly outcome?: string } }[];
  };
  return items.flatMap(({ data }) => (data.outcome ? [data.outcome] : []));
};

describe('a payment', () => {
  it('completes the order that waits for it', async () => {
    const { ann, mug, orderNumber } = await anUnpaidOrder();
    expect(await shop.settled(ann, orderNumber)).toBe('AWAITING_PAYMENT - | HELD SKIPPED SKIPPED');
    expect((await shop.pay(orderNumber, due)).status).toBe(202);
    expect(await shop.settled(ann, orderNumber)).toBe('COMPLETED - | POSTED SKIPPED SKIPPED');
    await eventually(stockOf(mug), { free: 8, held: 0, sold: 2 });
  });

  it('counts once, however often and at however many it arrives at once', async () => {
    const { ann, orderNumber } = await anUnpaidOrder();
    const answers = await Promise.all([shop, hurried, shop, hurried].map(at => at.pay(orderNumber, due)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await shop.order(ann, orderNumber)).toMatchObject({ status: 'COMPLETED', refundDue: 0 });
    expect(await outcomes(ann, orderNumber)).toEqual(['PAID']);
  });

  it('rule 8: before everything is held is kept', async () => {
    const ann = aShopper();
    const placed = await shop.place(ann, await shop.product(), 2, { payment: 'EXTERNAL' });
    const orderNumber = String(placed.body.orderNumber);
    expect((await shop.pay(orderNumber, due)).status).toBe(202);
    await eventually(async () => (await shop.status(ann, orderNumber)).status, 'COMPLETED');
  });

  it.each([
    ['FAILED', 'PAYMENT_FAILED'],
    ['CANCELLED', 'PAYMENT_CANCELLED'],
  ])('rule 9: %s ends the order, and frees what it held', async (type, reason) => {
    const { ann, mug, orderNumber } = await anUnpaidOrder();
    await shop.pay(orderNumber, due, { type });
    expect(await shop.settled(ann, orderNumber)).toBe(`CANCELLED ${reason} | VOIDED SKIPPED SKIPPED`);
    await eventually(stockOf(mug), whole);
  });

  it('rules 7 and 9: too late finds the order cancelled, and is due back', async () => {
    const { ann, mug, orderNumber } = await anUnpaidOrder(hurried);
    await eventually(async () => (await shop.status(ann, orderNumber)).reason, 'PAYMENT_TIMEOUT');
    await eventually(stockOf(mug), whole);
    expect((await shop.pay(orderNumber, due)).status).toBe(202);
    expect(await shop.order(ann, orderNumber)).toMatchObject({ status: 'CANCELLED', refundDue: due });
  });

  it('rule 9: a second one is due back, and a cancellation after it changes no books', async () => {
    const { ann, mug, orderNumber } = await anUnpaidOrder();
    await shop.pay(orderNumber, due);
    await shop.pay(orderNumber, due, { eventId: 'evt-2', paymentId: 'pay-2' });
    await shop.pay(orderNumber, due, { eventId: 'evt-3', type: 'CANCELLED' });
    expect(await shop.order(ann, orderNumber)).toMatchObject({ status: 'COMPLETED', refundDue: due });
    expect(await outcomes(ann, orderNumber)).toEqual(['PAID', 'REFUND_DUE', 'CANCELLED_AFTER_COMPLETION']);
    await eventually(stockOf(mug), { free: 8, held: 0, sold: 2 });
    const figures = await (await fetch(new URL('/metrics', services[0]?.url))).text();
    expect(figures).toMatch(/^payments_to_see_to_total\{outcome="CANCELLED_AFTER_COMPLETION"\} [1-9]/m);
  });

  it('rule 10: of a wrong amount does not pay, and of an unknown order is 404', async () => {
    const { ann, orderNumber } = await anUnpaidOrder();
    expect((await shop.pay(orderNumber, due - 1)).status).toBe(202);
    expect(await outcomes(ann, orderNumber)).toEqual(['PAYMENT_AMOUNT_MISMATCH']);
    expect((await shop.status(ann, orderNumber)).status).toBe('AWAITING_PAYMENT');
    for (const number of ['01990000-0000-7000-8000-0000000000ff', 'o-1'])
      expect((await shop.pay(number, due)).body).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
  });
});

describe('refunds', () => {
  it('rules 11 to 13: come in parts whose sums are exact, and the last one brings the coupon', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const couponId = await shop.api.coupon(
      ann,
      await shop.api.policy({ discount: { type: 'FIXED_AMOUNT', amount: 1_001 } }),
    );
    await shop.earn(ann.sub, 5_000);
    const orderNumber = await shop.ordered(ann, mug, 3, { couponIds: [couponId], points: 1_000 });
    const parts = [await shop.refund(orderNumber, 1), await shop.refund(orderNumber, 1, { restock: false })];
    expect((await shop.refund(orderNumber, 2)).body).toMatchObject({ code: 'QUANTITY_NOT_REFUNDABLE', left: 1 });
    expect(await shop.order(ann, orderNumber)).toMatchObject({ status: 'COMPLETED', refundStatus: 'PARTIAL' });
    expect(parts.map(({ status, body }) => [status, body.couponRestored])).toEqual([
      [201, false],
      [201, false],
    ]);
    parts.push(await shop.refund(orderNumber, 1));
    expect(parts[2]?.body).toMatchObject({ couponRestored: true, couponsRestored: [couponId] });
    const sumOf = (field: string) => parts.reduce((sum, { body }) => sum + Number(body[field]), 0);
    expect([sumOf('amount'), sumOf('pointsReturned')]).toEqual([27_999, 1_000]);
    expect(await shop.order(ann, orderNumber)).toMatchObject({ refundStatus: 'FULL', refunded: 27_999 });
    expect(await shop.balance(ann)).toMatchObject({ available: 5_000, held: 0 });
    expect(await stockOf(mug)()).toEqual({ free: 9, held: 0, sold: 1 });
    expect((await shop.coupon(ann, couponId)).status).toBe('ISSUED');
  });

  it('race for the last unit, and exactly one gets it', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const orderNumber = await shop.ordered(ann, mug, 1);
    const answers = await Promise.all([shop, hurried, shop, hurried].map(at => at.refund(orderNumber, 1)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(await shop.order(ann, orderNumber)).toMatchObject({ refunded: 10_000 });
    await eventually(stockOf(mug), whole);
  });
});

it('every event that was written is as it is described', async () => {
  await writtenAsDescribed(database);
});
