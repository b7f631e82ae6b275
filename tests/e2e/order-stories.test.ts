import { writtenAsDescribed } from '../support/event-conformance.js';
import { Api, aShopper, type Caller, operator } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { eventually, Shop } from './support/orders.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let services: ServiceProcess[];
let api: Api;
let shop: Shop;

beforeAll(async () => {
  database = await testDatabase();
  services = [await startService({ DATABASE_URL: database.url, SHIPPING_FEE: '2500' })];
  api = new Api(services[0]?.url as string);
  shop = new Shop(api);
});
afterAll(async () => {
  await Promise.all(services.map(service => service.end('SIGTERM')));
  await killAll();
  await database?.close();
});

const stockOf = (productId: string) => async () => {
  const { free, held, sold } = await shop.stock(productId);
  return { free, held, sold };
};
const couponStatus = (as: Caller, couponId: string) => async () => (await shop.coupon(as, couponId)).status;
const points = (as: Caller) => async () => {
  const { available, held } = await shop.balance(as);
  return { available, held };
};

// Whoever sees that an order is over finds everything moved: nothing here waits for its stock, coupons and points.
describe('an order', () => {
  it('is placed, held and completed; stock, coupon and points are posted', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const couponId = await api.coupon(ann, await api.policy());
    await shop.earn(ann.sub, 5_000);
    const placed = await shop.place(ann, mug, 2, { couponIds: [couponId], points: 2_000 });
    expect([placed.status, placed.body.status]).toEqual([202, 'PENDING']);
    const orderNumber = String(placed.body.orderNumber);
    expect(await shop.settled(ann, orderNumber)).toBe('COMPLETED - | POSTED POSTED POSTED');
    expect(await shop.order(ann, orderNumber)).toMatchObject({
      ...{ currency: 'KRW', pointsUsed: 2_000, total: 17_500, shipping: { gross: 2_500, discount: 0, net: 2_500 } },
      lines: [{ unitPrice: 10_000, discount: 3_000, net: 17_000, unitNets: [8_500, 8_500] }],
    });
    expect(await stockOf(mug)()).toEqual({ free: 8, held: 0, sold: 2 });
    expect(await couponStatus(ann, couponId)()).toEqual('USED');
    expect(await points(ann)()).toEqual({ available: 3_000, held: 0 });
  });

  it('rule 3: out of stock is cancelled, and everything is given back', async () => {
    const ann = aShopper();
    const mug = await shop.product(1);
    const couponId = await api.coupon(ann, await api.policy());
    await shop.earn(ann.sub, 5_000);
    const orderNumber = await shop.ordered(ann, mug, 2, { couponIds: [couponId], points: 2_000 });
    await eventually(() => shop.settled(ann, orderNumber), 'CANCELLED OUT_OF_STOCK | REFUSED VOIDED VOIDED');
    expect(await stockOf(mug)()).toEqual({ free: 1, held: 0, sold: 0 });
    expect(await couponStatus(ann, couponId)()).toEqual('ISSUED');
    expect(await points(ann)()).toEqual({ available: 5_000, held: 0 });
  });

  it('rule 3: with a coupon that has no effect is cancelled, never made dearer in silence', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const policyId = await api.policy({ conditions: { minimumOrder: { amount: 50_000 } } });
    const couponIds = [await api.coupon(ann, policyId)];
    const orderNumber = await shop.ordered(ann, mug, 1, { couponIds });
    expect(await shop.settled(ann, orderNumber)).toMatch(/^CANCELLED MINIMUM_ORDER_NOT_MET /);
    expect(await stockOf(mug)()).toEqual({ free: 10, held: 0, sold: 0 });
  });

  it('rule 4: points are capped to what is due, and short ones cancel', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    await shop.earn(ann.sub, 12_500);
    const whole = await shop.ordered(ann, mug, 1, { points: 999_999, payment: 'EXTERNAL' });
    expect(await shop.order(ann, whole)).toMatchObject({ status: 'COMPLETED', pointsUsed: 12_500, total: 0 });
    const short = await shop.ordered(ann, mug, 1, { points: 1 });
    expect(await shop.settled(ann, short)).toBe('CANCELLED INSUFFICIENT_POINTS | VOIDED SKIPPED REFUSED');
    expect(await stockOf(mug)()).toEqual({ free: 9, held: 0, sold: 1 });
  });

  it('of an e-book needs no stock', async () => {
    const ann = aShopper();
    const book = await shop.product(null);
    const orderNumber = await shop.ordered(ann, book, 3);
    expect(await shop.settled(ann, orderNumber)).toBe('COMPLETED - | POSTED SKIPPED SKIPPED');
    expect(await stockOf(book)()).toEqual({ free: null, held: 0, sold: 3 });
  });

  it('rule 2: is the first one once, whatever the client says', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const policyId = await api.policy({ conditions: { firstOrderOnly: true }, limits: { perUser: 2 } });
    const coupons = [await api.coupon(ann, policyId), await api.coupon(ann, policyId)];
    const place = async (i: number) =>
      (await shop.settled(ann, await shop.ordered(ann, mug, 1, { couponIds: [coupons[i]] }))).split(' |')[0];
    expect(await place(0)).toBe('COMPLETED -');
    expect(await place(1)).toBe('CANCELLED FIRST_ORDER_ONLY');
  });

  it('rule 2: from the cart takes what was ordered out of it when it is completed', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const item = { productId: mug, optionId: 'blue', quantity: 2 };
    await api.call('POST', '/api/v1/carts', { as: ann, body: item });
    const placed = await api.call('POST', '/api/v3/orders/cart', { as: ann, body: { payment: 'EXTERNAL' } });
    expect(placed.status).toBe(202);
    const orderNumber = String(placed.body.orderNumber);
    const inCart = async () => {
      const { body } = await api.call('GET', `/api/v1/carts/${ann.sub}`, { as: ann });
      return (body.items as { quantity: number }[]).map(({ quantity }) => quantity);
    };
    expect(await shop.settled(ann, orderNumber)).toMatch(/^AWAITING_PAYMENT/);
    expect(await inCart()).toEqual([2]);
    await api.call('POST', '/api/v1/carts', { as: ann, body: { ...item, quantity: 3 } });
    await shop.pay(orderNumber, 22_500);
    expect(await inCart()).toEqual([3]);
    const again = await api.call('POST', '/api/v3/orders/cart', { as: ann, body: { payment: 'NONE' } });
    expect(await shop.settled(ann, String(again.body.orderNumber))).toMatch(/^COMPLETED/);
    expect(await inCart()).toEqual([]);
    expect((await shop.order(ann, orderNumber)).lines).toMatchObject([item]);
  });

  it('rule 6: is cancelled by its shopper until it is completed', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const orderNumber = await shop.ordered(ann, mug, 2, { payment: 'EXTERNAL' });
    for (let i = 0; i < 2; i++) expect((await shop.cancel(ann, orderNumber)).status).toBe(202);
    expect(await shop.settled(ann, orderNumber)).toBe('CANCELLED changed my mind | VOIDED SKIPPED SKIPPED');
    expect(await stockOf(mug)()).toEqual({ free: 10, held: 0, sold: 0 });
    const done = await shop.ordered(ann, mug, 1);
    expect((await shop.cancel(ann, done)).body).toMatchObject({ status: 409, code: 'ORDER_COMPLETED' });
  });

  it('is nobody else’s to see, to cancel or to refund', async () => {
    const [ann, eve] = [aShopper('ann'), aShopper('eve')];
    const orderNumber = await shop.ordered(ann, await shop.product(), 1, { payment: 'EXTERNAL' });
    for (const what of ['', '/status', '/timeline'])
      expect((await api.call('GET', `/api/v3/orders/${orderNumber}${what}`, { as: eve })).status).toBe(404);
    expect((await shop.cancel(eve, orderNumber)).status).toBe(404);
    const body = { lines: [{ lineId: '1', quantity: 1 }] };
    expect((await api.call('POST', `/api/v3/orders/${orderNumber}/refunds`, { as: eve, body })).status).toBe(403);
    expect((await api.call('GET', '/api/v3/orders', { as: eve })).body.items).toEqual([]);
    expect((await shop.status(ann, orderNumber)).status).toBe('AWAITING_PAYMENT');
  });

  it('is sold no oftener than there is, however many want it at once', async () => {
    const mug = await shop.product(7);
    const shoppers = Array.from({ length: 40 }, (_, i) => aShopper(`rush-${i}`));
    const numbers = await Promise.all(shoppers.map(as => shop.ordered(as, mug, 1)));
    const ends = await Promise.all(numbers.map((number, i) => shop.settled(shoppers[i] as Caller, number)));
    expect(ends.filter(end => end.startsWith('COMPLETED'))).toHaveLength(7);
    expect(ends.filter(end => end.startsWith('CANCELLED OUT_OF_STOCK'))).toHaveLength(33);
    expect(await stockOf(mug)()).toEqual({ free: 0, held: 0, sold: 7 });
  });

  it('goes on where it was when the service is killed and another one starts', async () => {
    const ann = aShopper();
    const mug = await shop.product();
    const placed = await Promise.all(Array.from({ length: 5 }, () => shop.place(ann, mug, 1)));
    await services[0]?.end('SIGKILL');
    services = [await startService({ DATABASE_URL: database.url, SHIPPING_FEE: '2500', SAGA_STUCK_SECONDS: '1' })];
    api = new Api(services[0]?.url as string);
    shop = new Shop(api);
    for (const { body } of placed)
      expect(await shop.settled(ann, String(body.orderNumber))).toBe('COMPLETED - | POSTED SKIPPED SKIPPED');
    expect(await stockOf(mug)()).toEqual({ free: 5, held: 0, sold: 5 });
  });
});

describe('the jobs of orders', () => {
  it.each(['payment-timeout', 'order-recovery'])('%s can be run by hand', async job => {
    const { status, body } = await api.call('POST', `/schedulers/${job}/run`, { as: operator });
    expect([status, body.job]).toEqual([200, job]);
  });
});

it('every event that was written is as it is described', async () => {
  await writtenAsDescribed(database);
});
