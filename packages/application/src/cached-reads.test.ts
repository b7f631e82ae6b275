import { followPolicies, forgetting } from './cache-upkeep.js';
import { cachedCouponQueries, cachedPointQueries, forgottenBy } from './cached-reads.js';
import { InMemoryCache, inMemoryAdapters, RealTimer } from './memory/index.js';
import { createPoints } from './points.js';
import { aShop, origin, value } from './promotions.fixtures.js';
import { createPromotions } from './promotions.js';

const MINUTE = 60_000;
const ages = { policyMs: 5 * MINUTE, couponsMs: MINUTE, balanceMs: MINUTE };

/** A process over a store, with its own cache; `reads` counts what it has asked the store. */
function aProcess(store = aShop()) {
  const reads = { policy: 0, coupons: 0, balance: 0 };
  const cache = new InMemoryCache(store.stopwatch);
  const queries = cachedCouponQueries(
    Object.assign(Object.create(store.queries) as typeof store.queries, {
      policy: (id: string) => {
        reads.policy++;
        return store.queries.policy(id);
      },
      couponsOfUser: (filter: Parameters<typeof store.queries.couponsOfUser>[0]) => {
        reads.coupons++;
        return store.queries.couponsOfUser(filter);
      },
    }),
    cache,
    ages,
  );
  const pointQueries = cachedPointQueries(
    Object.assign(Object.create(store.pointQueries) as typeof store.pointQueries, {
      balance: (userId: string) => {
        reads.balance++;
        return store.pointQueries.balance(userId);
      },
    }),
    cache,
    ages,
  );
  const adapters = { ...store, ...forgetting(store.unitOfWork, store.events, cache) };
  const promotions = createPromotions(adapters);
  return { store, reads, cache, queries, pointQueries, adapters, promotions, points: createPoints(adapters) };
}

const coupons = (userId: string, cursor: string | null = null) => ({ userId, status: null, limit: 50, cursor });

describe('policies', () => {
  it('are read once in five minutes, and at once when they change', async () => {
    const { store, queries, promotions, reads } = aProcess();
    const policyId = await store.policy();
    expect((await queries.policy(policyId))?.status).toBe('ACTIVE');
    expect((await queries.policy(policyId))?.status).toBe('ACTIVE');
    expect(reads.policy).toBe(1);
    value(await promotions.managePolicy({ input: { change: 'Pause', policyId, origin } }));
    expect((await queries.policy(policyId))?.status).toBe('PAUSED');
    store.clock.advance(5 * MINUTE);
    await queries.policy(policyId);
    expect(reads.policy).toBe(3);
  });

  it('that another process changes are followed', async () => {
    const here = aProcess();
    const there = aProcess(here.store);
    const policyId = await here.store.policy();
    const following = await followPolicies(
      { ...here.store, cache: here.cache, timer: new RealTimer() },
      { everyMs: 5, report: error => expect(error).toBeUndefined() },
    );
    await here.queries.policy(policyId);
    value(await there.promotions.managePolicy({ input: { change: 'Pause', policyId, origin } }));
    const seen = async () => (await here.queries.policy(policyId))?.status;
    while ((await seen()) === 'ACTIVE') await new Promise(resolve => setTimeout(resolve, 5));
    expect(await seen()).toBe('PAUSED');
    await following.stop();
  });
});

describe('what belongs to a user', () => {
  it('is read once, and shows what he does at once', async () => {
    const { store, queries, promotions, reads } = aProcess();
    const policyId = await store.policy();
    expect((await queries.couponsOfUser(coupons('ann'))).items).toHaveLength(0);
    await queries.couponsOfUser(coupons('ann'));
    expect(reads.coupons).toBe(1);
    const input = { policyId, userId: 'ann', way: 'FIRST_COME', code: null, cause: null, origin } as const;
    value(await promotions.issue({ input }));
    expect((await queries.couponsOfUser(coupons('ann'))).items).toHaveLength(1);
    await queries.couponsOfUser(coupons('ann', 'a cursor')).catch(() => undefined);
    expect(reads.coupons).toBe(3);
  });

  it('is one balance for each, and as old as it may be at most', async () => {
    const { store, points, pointQueries, reads } = aProcess();
    const earn = (userId: string, amount: number) =>
      points.move({
        input: {
          ...{ change: 'Earn', userId, points: amount, key: `${userId}-${amount}`, origin },
          ...{ reason: null, orderNumber: null, availableAt: null, expiresAt: null },
        },
      });
    await earn('ann', 100);
    await earn('bob', 7);
    expect((await pointQueries.balance('ann')).available).toBe(100);
    expect((await pointQueries.balance('bob')).available).toBe(7);
    await earn('ann', 50);
    expect((await pointQueries.balance('ann')).available).toBe(150);
    expect(reads.balance).toBe(3);
    await pointQueries.balance('ann');
    store.clock.advance(MINUTE);
    await pointQueries.balance('ann');
    expect(reads.balance).toBe(4);
  });

  it("is never another one's, whatever the cache has under the key", async () => {
    const { cache, store } = aProcess();
    const policyId = await store.policy();
    await store.issue(policyId, 'ann');
    const wrong = Object.assign(Object.create(cache) as InMemoryCache, {
      get: async () => ({ userId: 'bob', value: { available: 9, items: [] } }),
    });
    expect((await cachedPointQueries(store.pointQueries, wrong, ages).balance('ann')).available).toBe(0);
    expect((await cachedCouponQueries(store.queries, wrong, ages).couponsOfUser(coupons('ann'))).items).toHaveLength(1);
  });
});

describe('an age of zero', () => {
  it('reads anew each time', async () => {
    const store = inMemoryAdapters();
    const off = { policyMs: 0, couponsMs: 0, balanceMs: 0 };
    const none = { get: () => Promise.reject(new Error('asked')), forget: async () => undefined };
    expect((await cachedPointQueries(store.pointQueries, none, off).balance('ann')).available).toBe(0);
    expect(await cachedCouponQueries(store.queries, none, off).policy('none')).toBeNull();
  });
});

describe('events', () => {
  it('make old what they are about, each thing once', () => {
    const event = (type: string, data: object, streamId = 's', key = 'k') =>
      ({ streamId, streamVersion: 1, type, data: { ...data }, key, origin }) as const;
    const forgotten = forgottenBy([
      event('coupon.issued.v1', { userId: 'a/b' }),
      event('coupon.used.v1', { userId: 'a/b' }),
      event('point.earned.v1', {}, 'points:cem', 'cem'),
      event('coupon-policy.edited.v1', {}, 'p-1'),
      event('stock.held.v1', { userId: 'dee' }),
    ]);
    expect(forgotten).toEqual({ keys: ['points/cem', 'policies/p-1'], prefixes: ['coupons/a%2Fb/'] });
  });

  it('of a transaction that failed make it old, too: it may be written', async () => {
    const store = inMemoryAdapters();
    const forgotten: unknown[] = [];
    const { unitOfWork, events } = forgetting(store.unitOfWork, store.events, {
      forget: async what => void forgotten.push(what),
    });
    const failing = unitOfWork.run(async tx => {
      await events.append(tx, [
        { streamId: 'p-1', streamVersion: 1, type: 'coupon-policy.edited.v1', data: {}, key: 'p-1', origin },
      ]);
      throw new Error('cut');
    });
    await expect(failing).rejects.toThrow('cut');
    expect(forgotten).toEqual([{ keys: ['policies/p-1'], prefixes: [] }]);
  });
});
