import type { Adapters } from '@org/application';
import type { CouponFacts, PolicyId, UserId } from '@org/domain';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';
import { AN_INSTANT, anActivePolicy, anEvent, factsOf, heldUntil, storeCoupons } from './store.fixtures.js';

let database: TestDatabase;
let stores: Adapters;
beforeAll(async () => {
  database = await createTestDatabase();
  stores = postgresAdapters(database.dataSource);
});
afterAll(() => database.drop());

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);
const breach = (constraint: string) => expect.objectContaining({ code: expect.stringMatching(/^23/), constraint });

/** What a caller with a bug does: adds coupons without looking at any figure. */
const addBlindly = (policyId: PolicyId, sequence: number, changed: Partial<CouponFacts> = {}) =>
  stores.unitOfWork.run(tx => {
    const state = { status: 'ISSUED', facts: factsOf(policyId, sequence, changed) } as const;
    return stores.coupons.save(tx, [{ id: stores.ids.next(), expectedVersion: 0, version: 1, state }]);
  });

const coupons = (policyId: PolicyId, count: number) =>
  Array.from({ length: count }, (_, i) => ({ status: 'ISSUED', facts: factsOf(policyId, i + 1) }) as const);

describe('limits hold against any caller', () => {
  it('adds no coupon that its campaign does not count', async () => {
    const policyId = await anActivePolicy(stores, { total: 10 });
    await storeCoupons(stores, policyId, coupons(policyId, 3));
    await expect(addBlindly(policyId, 4)).rejects.toEqual(breach('coupons_uncounted'));
    expect(await sql('select count(*)::int as n from coupons where policy_id = $1', [policyId])).toEqual([{ n: 3 }]);
  });

  it('adds no coupon above the total, counted or not', async () => {
    const policyId = await anActivePolicy(stores, { total: 3 });
    await storeCoupons(stores, policyId, coupons(policyId, 3));
    await expect(addBlindly(policyId, 4)).rejects.toEqual(breach('coupons_limits'));
    await expect(sql('update campaigns set issued = 4 where policy_id = $1', [policyId])).rejects.toEqual(
      breach('campaigns_total'),
    );
  });

  it.each([
    ['the same sequence twice', { sequence: 1, userId: 'ann' as UserId }, 'coupons_sequence'],
    ['the same ordinal of a user twice', { userId: 'user-1' as UserId }, 'coupons_ordinal'],
    ['an ordinal above the limit per user', { userId: 'user-1' as UserId, ordinal: 2 }, 'coupons_limits'],
    ['a sequence of zero', { sequence: 0 }, 'coupons_counted'],
  ])('refuses %s', async (_, changed, constraint) => {
    const policyId = await anActivePolicy(stores, { total: 10, perUser: 1 });
    await storeCoupons(stores, policyId, coupons(policyId, 2));
    await expect(addBlindly(policyId, 3, changed)).rejects.toEqual(breach(constraint));
  });

  it('gives a user one coupon for one cause', async () => {
    const policyId = await anActivePolicy(stores);
    const caused = (sequence: number, ordinal: number) =>
      ({
        status: 'ISSUED',
        facts: factsOf(policyId, sequence, { userId: 'ann' as UserId, ordinal, cause: 'birthday' }),
      }) as const;
    await storeCoupons(stores, policyId, [caused(1, 1)]);
    await expect(storeCoupons(stores, policyId, [caused(2, 2)])).rejects.toEqual(breach('coupons_cause'));
  });

  it.each([
    ['more of the day than the limit per day', 'issued_today = 6', 'campaigns_per_day'],
    ['more of the budget than there is', 'budget_taken = 1001', 'campaigns_budget'],
    ['less of the budget than nothing', 'budget_taken = -1', 'campaigns_budget'],
  ])('refuses %s', async (_, change, constraint) => {
    const policyId = await anActivePolicy(stores, { perDay: 5, budget: 1000 });
    await expect(sql(`update campaigns set ${change} where policy_id = $1`, [policyId])).rejects.toEqual(
      breach(constraint),
    );
  });

  it('holds a coupon once at a time', async () => {
    const couponId = stores.ids.next();
    const hold = (id: string) =>
      sql(
        `insert into reservations (id, version, coupon_id, user_id, order_number, discount, status, expires_at)
         values ($1, 1, $2, 'ann', 'order-1', 5, 'RESERVED', now())`,
        [id, couponId],
      );
    await hold('first');
    await expect(hold('second')).rejects.toEqual(breach('reservations_held'));
  });
});

describe('a status and what belongs to it', () => {
  it.each([
    `status = 'RESERVED'`,
    `status = 'USED'`,
    `status = 'EXPIRED'`,
    `status = 'REVOKED', ended_at = now()`,
    `status = 'LOST'`,
    `order_number = 'order-1'`,
    `used_at = now()`,
    `status = 'USED', used_at = now(), order_number = 'order-1', discount = -1`,
    `status = 'USED', used_at = now(), order_number = 'order-1', discount = 1, reserved_until = now()`,
  ])('never come apart: set %s', async change => {
    const policyId = await anActivePolicy(stores);
    const [given] = await storeCoupons(stores, policyId, coupons(policyId, 1));
    await expect(sql(`update coupons set ${change} where id = $1`, [given?.id])).rejects.toEqual(
      breach('coupons_status'),
    );
  });

  it('lets a hold go back to what it was', async () => {
    const policyId = await anActivePolicy(stores);
    const [given] = await storeCoupons(stores, policyId, [heldUntil(factsOf(policyId, 1), AN_INSTANT)]);
    const back = { id: given?.id ?? '', expectedVersion: 1, version: 2 };
    const state = { status: 'ISSUED', facts: factsOf(policyId, 1) } as const;
    expect(await stores.unitOfWork.run(tx => stores.coupons.save(tx, [{ ...back, state }]))).toEqual(
      new Set([back.id]),
    );
  });
});

describe('stock', () => {
  const given = (table: string, names: string, values: string) =>
    sql(`insert into ${table} (id, version, ${names}) values (gen_random_uuid()::text, 1, ${values})`);
  const item = (values: string) => given('stock_items', 'status, free, held, sold', values);
  const hold = (values: string) =>
    given(
      'stock_holds',
      'product_id, option_id, order_number, expires_at, returns, status, ended_at, quantity, returned',
      `'mug', 'blue', 'order-1', now(), '[]', ${values}`,
    );

  it.each([
    [`'COUNTED', -1, 0, 0`, 'stock_items_figures'],
    [`'COUNTED', 0, -1, 0`, 'stock_items_figures'],
    [`'UNCOUNTED', null, 0, -1`, 'stock_items_figures'],
    [`'COUNTED', null, 0, 0`, 'stock_items_status'],
    [`'UNCOUNTED', 0, 0, 0`, 'stock_items_status'],
    [`'LOST', 0, 0, 0`, 'stock_items_status'],
  ])('is never below zero, and free only when it is counted: %s', (values, constraint) =>
    expect(item(values)).rejects.toEqual(breach(constraint)),
  );

  it.each([
    [`'HELD', now(), 1, 0`, 'stock_holds_end'],
    [`'POSTED', null, 1, 0`, 'stock_holds_end'],
    [`'LOST', now(), 1, 0`, 'stock_holds_status'],
    [`'HELD', null, 0, 0`, 'stock_holds_units'],
    [`'HELD', null, 1, 1`, 'stock_holds_units'],
    [`'VOIDED', now(), 1, 1`, 'stock_holds_units'],
    [`'POSTED', now(), 1, 2`, 'stock_holds_units'],
    [`'POSTED', now(), 1, -1`, 'stock_holds_units'],
  ])('is held and comes back only as far as it was sold: %s', (values, constraint) =>
    expect(hold(values)).rejects.toEqual(breach(constraint)),
  );

  it.each([
    ['kind', `'SERVICE', 'A mug', '[]', '[]'`, 'products_kind'],
    ['options', `'GOODS', 'A mug', '[]', '{}'`, 'products_lists'],
  ])('belongs to products of a known form: %s', (_, values, constraint) =>
    expect(
      given('products', 'created_at, updated_at, kind, name, category_ids, options', `now(), now(), ${values}`),
    ).rejects.toEqual(breach(constraint)),
  );
});

describe('what is written once', () => {
  beforeAll(async () => {
    await anActivePolicy(stores);
    await stores.unitOfWork.run(tx => stores.events.append(tx, [anEvent('a stream')]));
  });

  it.each([
    `update events set type = 'test.never.v1'`,
    `delete from events`,
    `truncate events`,
    `truncate events_default`,
    `update coupon_policy_versions set terms = '{}'`,
    `delete from coupon_policy_versions`,
    `truncate coupon_policy_versions`,
  ])('stays as it is: %s', async text => {
    await expect(sql(text)).rejects.toMatchObject({ code: '23001' });
  });

  it('also where a month has its own partition', async () => {
    const [{ name }] = await sql(`select tableoid::regclass::text as name from events where stream_id = 'a stream'`);
    expect(name).toMatch(/^events_\d{4}_\d{2}$/);
    await expect(sql(`delete from ${name}`)).rejects.toMatchObject({ code: '23001' });
    await expect(sql(`truncate ${name}`)).rejects.toMatchObject({ code: '23001' });
  });
});
