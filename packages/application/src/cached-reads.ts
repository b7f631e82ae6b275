import type { Cache } from './ports/cache.js';
import type { CouponQueries } from './ports/coupon-queries.js';
import type { NewEvent } from './ports/event-log.js';
import type { PointQueries } from './ports/point-queries.js';

/** How old an answer may be, ms; 0 = it is read anew each time. What changes it here is seen at once. */
export interface CacheAges {
  readonly policyMs: number;
  readonly couponsMs: number;
  readonly balanceMs: number;
}

/** What is not there may come any time, and anybody may ask for it. */
const ABSENT_MS = 1_000;

const encoded = encodeURIComponent;
const keys = {
  policy: (policyId: string) => `policies/${encoded(policyId)}`,
  couponsOf: (userId: string) => `coupons/${encoded(userId)}/`,
  balance: (userId: string) => `points/${encoded(userId)}`,
};

interface Owned<Value> {
  readonly userId: string;
  readonly value: Value;
}

/** What belongs to a user says so: whatever went wrong with a key, nobody is shown what is another one's. */
async function ofUser<Value>(
  cache: Cache,
  { key, userId, ttlMs }: { readonly key: string; readonly userId: string; readonly ttlMs: number },
  load: () => Promise<Value>,
): Promise<Value> {
  const found = await cache.get<Owned<Value>>({ key, ttlMs }, async () => ({ userId, value: await load() }));
  return found?.userId === userId ? found.value : load();
}

/** The same queries, for those who only look: policies and the first pages of coupon lists come from the cache. */
export function cachedCouponQueries(
  queries: CouponQueries,
  cache: Cache,
  { policyMs, couponsMs }: Pick<CacheAges, 'policyMs' | 'couponsMs'>,
): CouponQueries {
  const cached: Partial<CouponQueries> = {
    ...(policyMs > 0 && {
      policy: policyId =>
        cache.get({ key: keys.policy(policyId), ttlMs: policyMs, absentTtlMs: Math.min(ABSENT_MS, policyMs) }, () =>
          queries.policy(policyId),
        ),
    }),
    ...(couponsMs > 0 && {
      couponsOfUser: filter => {
        const { userId, status, limit, cursor } = filter;
        if (cursor !== null) return queries.couponsOfUser(filter);
        const key = `${keys.couponsOf(userId)}${status ?? 'ALL'}/${limit}`;
        return ofUser(cache, { key, userId, ttlMs: couponsMs }, () => queries.couponsOfUser(filter));
      },
    }),
  };
  return Object.assign(Object.create(queries) as CouponQueries, cached);
}

/** The same queries, with balances from the cache. */
export function cachedPointQueries(
  queries: PointQueries,
  cache: Cache,
  { balanceMs }: Pick<CacheAges, 'balanceMs'>,
): PointQueries {
  const cached: Partial<PointQueries> = {
    ...(balanceMs > 0 && {
      balance: userId =>
        ofUser(cache, { key: keys.balance(userId), userId, ttlMs: balanceMs }, () => queries.balance(userId)),
    }),
  };
  return Object.assign(Object.create(queries) as PointQueries, cached);
}

const text = (value: unknown) => (typeof value === 'string' ? [value] : []);

/** Where a type begins with it, what an event of that type makes old. */
const madeOld: readonly (readonly [string, (event: NewEvent) => { keys?: string[]; prefixes?: string[] }])[] = [
  ['coupon-policy.', ({ streamId }) => ({ keys: [keys.policy(streamId)] })],
  ['coupon.', ({ data }) => ({ prefixes: text(data.userId).map(keys.couponsOf) })],
  ['point.', ({ key }) => ({ keys: [keys.balance(key)] })],
];

/** What these events make old in the cache, each thing once. */
export function forgottenBy(events: readonly NewEvent[]) {
  const forgotten = { keys: new Set<string>(), prefixes: new Set<string>() };
  for (const event of events)
    for (const [area, old] of madeOld) {
      if (!event.type.startsWith(area)) continue;
      const { keys: own = [], prefixes = [] } = old(event);
      for (const key of own) forgotten.keys.add(key);
      for (const prefix of prefixes) forgotten.prefixes.add(prefix);
    }
  return { keys: [...forgotten.keys], prefixes: [...forgotten.prefixes] };
}
