import assert from 'node:assert/strict';
import type { Coupon, CouponStatus, Instant, IssuedCoupon } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { rolledBack } from './concurrency.js';
import { contract } from './contract.js';
import { sameData, sameEntries } from './same-data.js';
import {
  anOpenPolicy,
  aPolicy,
  born,
  DAY,
  facts,
  issued,
  noLimits,
  reserved,
  SECOND,
  terms,
  used,
  user,
} from './samples.js';

export type CouponQueriesFixture = Pick<
  Adapters,
  'unitOfWork' | 'policies' | 'campaigns' | 'coupons' | 'codes' | 'queries' | 'clock' | 'ids'
>;
type Fixture = CouponQueriesFixture;

const issuedAt = (policyId: string, sequence: number, now: Instant, expiresAt: Instant | null = null) =>
  facts(policyId, sequence, {
    ...{ userId: user('ann'), ordinal: sequence, expiresAt },
    ...{ issuedAt: now - 30 * DAY + sequence, validFrom: now - 30 * DAY + sequence },
  });

/** Coupons in every state, with what they are by the time of the store. */
const everyState = (policyId: string, now: Instant): readonly (readonly [Coupon, CouponStatus])[] => {
  const fact = (sequence: number, expiresAt: Instant | null = null) => issuedAt(policyId, sequence, now, expiresAt);
  const [past, future] = [now - SECOND, now + DAY];
  return [
    [issued(fact(1)), 'ISSUED'],
    [issued(fact(2, future)), 'ISSUED'],
    [issued(fact(3, past)), 'EXPIRED'],
    [reserved(fact(4), future), 'RESERVED'],
    [reserved(fact(5), past), 'ISSUED'],
    [reserved(fact(6, past), past), 'EXPIRED'],
    [reserved(fact(7, past), future), 'RESERVED'],
    [used(fact(8, past)), 'USED'],
    [{ status: 'EXPIRED', facts: fact(9, past), at: past }, 'EXPIRED'],
    [{ status: 'REVOKED', facts: fact(10), at: past, reason: 'mistake' }, 'REVOKED'],
  ];
};

/** Ann has a coupon in every state, of one policy that has issued `count`; answers their ids in the order of issue. */
async function aWallet(fixture: Fixture, count = 10) {
  const { unitOfWork, clock, coupons, ids } = fixture;
  const limits = { ...noLimits, total: 100 };
  const policyId = await anOpenPolicy(fixture, { policy: aPolicy({ terms: terms({ limits }) }), count });
  const entries = await unitOfWork.run(async tx => {
    const states = everyState(policyId, await clock.now(tx));
    const changes = states.map(([state]) => born(ids.next(), state));
    await coupons.save(tx, changes);
    return states.map(([state, now], i) => ({ id: changes[i]?.id ?? '', state, now }));
  });
  return { policyId, entries };
}

const view = ({ id, status, facts: { sequence } }: IssuedCoupon) => ({ id, status, sequence });

/** The ids of all pages, the newest first. */
async function walk(fixture: Fixture, userId: string, status: CouponStatus | null, limit: number) {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 100; page++) {
    const { items, nextCursor } = await fixture.queries.couponsOfUser({ userId, status, limit, cursor });
    assert.ok(items.length <= limit);
    ids.push(...items.map(({ id }) => id));
    if (nextCursor === null) return ids;
    cursor = nextCursor;
  }
  throw new Error('the pages come to no end');
}

const statuses = ['ISSUED', 'RESERVED', 'USED', 'EXPIRED', 'REVOKED'] as const;

export const couponQueriesContract = contract<Fixture>('CouponQueries: coupons', {
  async 'gets a store of its own for every case'(fixture, another) {
    const { policyId } = await aWallet(fixture);
    const other = await another();
    sameData([await other.queries.policy(policyId), await walk(other, 'ann', null, 50)], [null, []]);
  },
  async 'tells the time of the store'({ unitOfWork, queries, clock }) {
    const before = await unitOfWork.run(tx => clock.now(tx));
    const now = await queries.now();
    const after = await unitOfWork.run(tx => clock.now(tx));
    assert.ok(before <= now && now <= after, `${before} ≤ ${now} ≤ ${after}`);
  },
  async 'answers null for what does not exist'({ queries, ids }) {
    sameData([await queries.coupon(ids.next()), await queries.statistics(ids.next())], [null, null]);
    assert.equal(await queries.issued(ids.next()), 0);
    sameEntries((await queries.holders(ids.next(), 10)) ?? new Map([['?', 0]]), []);
  },
  async 'tells every coupon as the time of the store has made it'(fixture) {
    const { entries } = await aWallet(fixture);
    for (const { id, state, now } of entries) {
      const found = await fixture.queries.coupon(id);
      assert.equal(found?.status, now, `coupon ${state.status === 'NONE' ? '' : state.facts.sequence}`);
      if (state.status === now) sameData(found, { id, ...state });
      else sameData(found?.facts, state.status === 'NONE' ? null : state.facts);
    }
  },
  async 'lists the coupons of a user, newest first, and those of nobody else'(fixture) {
    const { entries } = await aWallet(fixture);
    const page = { status: null, limit: 50, cursor: null };
    const { items, nextCursor } = await fixture.queries.couponsOfUser({ userId: 'ann', ...page });
    const expected = entries.map(({ id, now }, index) => ({ id, status: now, sequence: index + 1 })).reverse();
    sameData(items.map(view), expected);
    assert.equal(nextCursor, null);
    sameData(await fixture.queries.couponsOfUser({ userId: 'bob', ...page }), { items: [], nextCursor: null });
  },
  async 'lists by what the coupons are now, not by what was written last'(fixture) {
    const { entries } = await aWallet(fixture);
    for (const status of statuses) {
      const expected = entries.filter(({ now }) => now === status).map(({ id }) => id);
      sameData(await walk(fixture, 'ann', status, 50), expected.reverse(), status);
    }
  },
  async 'pages through a list without loss or double, whatever the size of the page'(fixture) {
    const { entries } = await aWallet(fixture);
    const expected = entries.map(({ id }) => id).reverse();
    for (const limit of [1, 3, 5, 10, 11]) sameData(await walk(fixture, 'ann', null, limit), expected, `by ${limit}`);
    for (const limit of [1, 2]) assert.equal((await walk(fixture, 'ann', 'EXPIRED', limit)).length, 3, `by ${limit}`);
  },
  async 'pages through coupons of one millisecond without loss or double'(fixture) {
    const { unitOfWork, coupons, ids } = fixture;
    const policyId = await anOpenPolicy(fixture);
    const saved = Array.from({ length: 9 }, (_, i) => {
      const { issuedAt: at } = facts(policyId, 1);
      const fact = facts(policyId, i + 1, { userId: user('ann'), ordinal: i + 1, issuedAt: at, validFrom: at });
      return born(ids.next(), issued(fact));
    });
    await unitOfWork.run(tx => coupons.save(tx, saved));
    const seen = await walk(fixture, 'ann', null, 2);
    sameData([...seen].sort(), saved.map(({ id }) => id).sort());
  },
  async 'pages on from where it was while newer coupons come in'(fixture) {
    const { unitOfWork, clock, coupons, ids, queries } = fixture;
    const { policyId, entries } = await aWallet(fixture, 20);
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let sequence = 11; sequence <= 20; sequence++) {
      const page: Awaited<ReturnType<typeof queries.couponsOfUser>> = await queries.couponsOfUser({
        ...{ userId: 'ann', status: null },
        ...{ limit: 3, cursor },
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      if (cursor === null) break;
      await unitOfWork.run(async tx => {
        const fact = issuedAt(policyId, sequence, await clock.now(tx));
        await coupons.save(tx, [born(ids.next(), issued({ ...fact, issuedAt: fact.issuedAt + DAY }))]);
      });
    }
    sameData(seen, entries.map(({ id }) => id).reverse());
  },
  async 'counts the coupons of a policy by what they are now'(fixture) {
    const { policyId } = await aWallet(fixture);
    await fixture.unitOfWork.run(async tx => {
      const campaign = (await fixture.campaigns.lock(tx, [policyId])).get(policyId);
      if (campaign) await fixture.campaigns.save(tx, [{ ...campaign, budgetTaken: 4_000 }]);
    });
    sameData(await fixture.queries.statistics(policyId), {
      ...{ policyId, issued: 10, available: 3, reserved: 2, used: 1, expired: 3, revoked: 1 },
      ...{ remaining: 90, budgetTaken: 4_000 },
    });
    assert.equal(await fixture.queries.issued(policyId), 10);
    const unlimited = await anOpenPolicy(fixture, { count: 0 });
    sameData(await fixture.queries.statistics(unlimited), {
      ...{ policyId: unlimited, issued: 0, available: 0, reserved: 0, used: 0, expired: 0, revoked: 0 },
      ...{ remaining: null, budgetTaken: 0 },
    });
  },
  async 'tells the holders of a policy, or null when they are too many'(fixture) {
    const { unitOfWork, coupons, ids, queries } = fixture;
    const { policyId } = await aWallet(fixture, 13);
    const others = [
      facts(policyId, 11, { userId: user('bob') }),
      facts(policyId, 12, { userId: user('cem') }),
      facts(policyId, 13, { userId: user('bob'), ordinal: 2 }),
    ];
    await unitOfWork.run(tx =>
      coupons.save(
        tx,
        others.map(fact => born(ids.next(), issued(fact))),
      ),
    );
    const expected = [
      ['ann', 10],
      ['bob', 2],
      ['cem', 1],
    ] as const;
    for (const limit of [3, 4]) {
      const holders = await queries.holders(policyId, limit);
      assert.ok(holders, `three holders, limit ${limit}`);
      sameEntries(holders, expected);
    }
    assert.equal(await queries.holders(policyId, 2), null);
  },
  async 'shows nothing of what was taken back'(fixture) {
    const { unitOfWork, coupons, campaigns, ids, queries } = fixture;
    const { policyId, entries } = await aWallet(fixture);
    await rolledBack(unitOfWork, async tx => {
      const campaign = (await campaigns.lock(tx, [policyId])).get(policyId);
      if (campaign) await campaigns.save(tx, [{ ...campaign, issued: 11, budgetTaken: 5 }]);
      const fact = facts(policyId, 11, { userId: user('ann'), ordinal: 11 });
      await coupons.save(tx, [born(ids.next(), issued(fact))]);
    });
    assert.equal((await walk(fixture, 'ann', null, 50)).length, entries.length);
    assert.equal((await queries.statistics(policyId))?.budgetTaken, 0);
    assert.equal(await queries.issued(policyId), 10);
  },
});
