import { setTimeout as sleep } from 'node:timers/promises';
import { disagreements } from '../../../../tests/support/order-books.js';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { aProcess, aShelf, origin, type Process, settle, tally } from './order-shop.fixtures.js';

let database: TestDatabase;
let shelf: ReturnType<typeof aShelf>;
/** Two of them, each with workers of its own: every message comes twice. */
let processes: readonly [Process, Process];
let shop: Process;

beforeEach(async () => {
  database = await createTestDatabase({ poolSize: 10 });
  shelf = aShelf(database);
  processes = [aProcess(database), aProcess(database)];
  shop = processes[0];
});
afterEach(() => database.drop());

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);
const books = () => disagreements({ query: text => sql(text) });
const many = (count: number) => Array.from({ length: count }, (_, i) => i);
const shownOf = async (placed: readonly { readonly orderNumber: string }[]) =>
  Promise.all(placed.map(({ orderNumber }) => shop.shown(orderNumber)));

describe.each([
  ['together', ['TOGETHER', 'TOGETHER']],
  ['apart', ['APART', 'APART']],
  ['here together and there apart', ['TOGETHER', 'APART']],
] as const)('orders on Postgres, their steps held %s', (_, [here, there]) => {
  beforeEach(() => {
    processes = [aProcess(database, { steps: here }), aProcess(database, { steps: there })];
    shop = processes[0];
  });

  it('go from the placing to the posting of all that was held, and tell it', async () => {
    await shelf.product('mug', 5);
    const couponId = await shelf.coupon(await shelf.policy());
    await shelf.earn('ann', 5_000);
    const { orderNumber, order } = await shop.place({ couponIds: [couponId], points: 2_000, payment: 'EXTERNAL' });
    await settle(processes);
    expect(await shop.shown(orderNumber)).toBe('AWAITING_PAYMENT - | HELD HELD HELD');
    expect(await shelf.stock('mug')).toBe('4/1/0');
    await shop.pay(orderNumber, 5_000);
    await settle(processes);
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED POSTED POSTED');
    expect((await shop.stores.orderQueries.order(orderNumber, 'ann'))?.order.facts).toEqual(order.facts);
    expect((await shop.stores.orderQueries.timeline(orderNumber, 'ann'))?.map(({ type }) => type)).toEqual([
      ...['order.placed.v1', 'order.held.v1', 'order.payment-recorded.v1', 'order.completed.v1'],
    ]);
    expect(await books()).toEqual({});
  });

  it('are completed as far as the stock goes, whichever process has taken them, and leave nothing held', async () => {
    await shelf.product('mug', 30);
    await shelf.product('cup', 100);
    const line = (productId: string) => ({ lineId: productId, productId, optionId: 'blue', quantity: 1 });
    const placed = await Promise.all(
      many(120).map(i => {
        const lines = i % 2 ? [line('mug'), line('cup')] : [line('cup'), line('mug')];
        return (processes[i % 2] as Process).place({ userId: `user-${i}`, lines });
      }),
    );
    await settle(processes);
    expect(tally(await shownOf(placed))).toEqual({
      'COMPLETED - | POSTED SKIPPED SKIPPED': 30,
      'CANCELLED OUT_OF_STOCK | REFUSED SKIPPED SKIPPED': 90,
    });
    expect([await shelf.stock('mug'), await shelf.stock('cup')]).toEqual(['0/0/30', '70/0/30']);
    expect(await shop.stores.unitOfWork.run(tx => shop.stores.orders.stuck(tx, 0, 100))).toEqual([]);
    expect(await books()).toEqual({});
  });

  it('are the first of their buyer once, however many come at the same time', async () => {
    await shelf.product('mug', 50);
    const conditions = { firstOrderOnly: true };
    const policyId = await shelf.policy({ conditions, limits: { perUser: 20 } });
    const coupons = [];
    for (const _ of many(16)) coupons.push(await shelf.coupon(policyId));
    const placed = await Promise.all(
      coupons.map((couponId, i) => (processes[i % 2] as Process).place({ couponIds: [couponId] })),
    );
    await settle(processes);
    expect(tally(await shownOf(placed))).toEqual({
      'COMPLETED - | POSTED POSTED SKIPPED': 1,
      'CANCELLED FIRST_ORDER_ONLY | SKIPPED REFUSED SKIPPED': 15,
    });
    expect(await books()).toEqual({});
  });

  it('rule 7: are paid or timed out, never both, while two sweepers race with the payments', async () => {
    const failures: string[] = [];
    const failed = (orderNumber: string) => void failures.push(orderNumber);
    const quick = [aProcess(database, { paymentDeadlineSeconds: 4, steps: here }), processes[1]] as const;
    await shelf.product('mug', 80);
    const placed = await Promise.all(many(80).map(i => quick[0].place({ userId: `user-${i}`, payment: 'EXTERNAL' })));
    await settle(quick);
    const deadline = placed[0]?.order.facts.paymentDeadline ?? 0;
    await sleep(Math.max(0, deadline - 200 - (await shop.stores.queries.now())));
    const payments = placed.map(async ({ orderNumber }, i) => {
      await sleep(5 * i);
      await (quick[i % 2] as Process).pay(orderNumber, 10_000);
    });
    const sweeps = many(20).map(async i => {
      await sleep(20 * i);
      return (quick[i % 2] as Process).orders.timeOut({ limit: 7, origin, failed });
    });
    await Promise.all([...payments, ...sweeps]);
    while ((await shop.orders.timeOut({ limit: 50, origin, failed })) > 0);
    await settle(quick);
    const ends = tally(await shownOf(placed));
    const { 'COMPLETED - | POSTED SKIPPED SKIPPED': paid = 0 } = ends;
    const { 'CANCELLED PAYMENT_TIMEOUT | VOIDED SKIPPED SKIPPED': late = 0 } = ends;
    expect([paid + late, failures]).toEqual([80, []]);
    expect(await shelf.stock('mug')).toBe(`${80 - paid}/0/${paid}`);
    const [{ due }] = await sql(`select sum((progress->>'refundDue')::bigint)::int as due from orders`);
    expect(due).toBe(late * 10_000);
    expect(await books()).toEqual({});
  });

  it('go on where nobody has, and are not found again', async () => {
    await shelf.product('mug', 5);
    await shelf.earn('ann', 500);
    const { orderNumber } = await shop.place({ points: 500 });
    const failures: unknown[] = [];
    const failed = (_: string, error: unknown) => void failures.push(error);
    const resume = () => shop.orders.resume({ limit: 10, olderThanSeconds: 0, origin, failed });
    expect([await resume(), failures]).toEqual([1, []]);
    expect(await shop.shown(orderNumber)).toBe('COMPLETED - | POSTED SKIPPED POSTED');
    expect(await resume()).toBe(0);
    expect(await books()).toEqual({});
  });

  it('rule 12: go back with points in proportion, of those that were earned with them alone', async () => {
    await shelf.product('mug', 5);
    const lines = [{ lineId: '1', productId: 'mug', optionId: 'blue', quantity: 4 }];
    const { orderNumber } = await shop.place({ lines });
    await settle(processes);
    await shelf.earn('ann', 400, orderNumber);
    await shelf.earn('ann', 70, 'another');
    expect((await shop.refund(orderNumber, 1)).refund).toMatchObject({ amount: 10_000, pointsReversed: 100 });
    expect((await shop.refund(orderNumber, 3)).refund).toMatchObject({ amount: 30_000, pointsReversed: 300 });
    expect(await shop.stores.pointQueries.balance('ann')).toMatchObject({ available: 70 });
    expect(await shelf.stock('mug')).toBe('5/0/0');
  });
});

describe('an order in the database', () => {
  const anOrder = async () => {
    await shelf.product('mug', 5);
    const { orderNumber } = await shop.place();
    await settle(processes);
    return orderNumber;
  };

  it.each([
    `update orders set facts = facts || '{"total": 1}' where id = $1`,
    'update orders set total = total - 1 where id = $1',
    'update orders set points_used = 5 where id = $1',
    `update orders set user_id = 'bob' where id = $1`,
    'update orders set placed_at = now() where id = $1',
    `update orders set payment_deadline = now() + interval '1 day' where id = $1`,
    'update orders set id = gen_random_uuid() where id = $1',
    'delete from orders where id = $1',
  ])('stays what it was when it was placed: %s', async text => {
    await expect(sql(text, [await anOrder()])).rejects.toMatchObject({ code: '23001' });
  });

  it('is not emptied', async () => expect(sql('truncate orders')).rejects.toMatchObject({ code: '23001' }));

  it.each([
    [`status = 'CANCELLED'`, 'orders_end'],
    [`status = 'PENDING', ended_at = null`, 'orders_end'],
    ['ended_at = null', 'orders_status'],
    [`progress = '[]'`, 'orders_objects'],
    ['version = 0', 'orders_version_check'],
  ])('ends once, and keeps its shape: %s', async (change, constraint) => {
    await expect(sql(`update orders set ${change} where id = $1`, [await anOrder()])).rejects.toMatchObject({
      constraint,
    });
  });
});
