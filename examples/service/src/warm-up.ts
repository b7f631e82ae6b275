import { ProcessTimer } from '@org/adapters-persistence';
import { type Cache, type CouponQueries, type EventFeed, followPolicies } from '@org/application';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';

/** As many policies at a time are read into the cache. */
const AT_A_TIME = 20;

/** Reads the newest active policies, so that the first who ask for them don't wait. Answers how many. */
export async function warmUp(queries: Pick<CouponQueries, 'policies' | 'policy'>, most: number): Promise<number> {
  let warm = 0;
  for (let cursor: string | null = null; warm < most; ) {
    const limit = Math.min(AT_A_TIME, most - warm);
    const page: Awaited<ReturnType<CouponQueries['policies']>> = await queries.policies({
      ...{ status: 'ACTIVE', limit, cursor },
    });
    await Promise.all(page.items.map(({ policyId }) => queries.policy(policyId)));
    warm += page.items.length;
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return warm;
}

/** Warms the cache up and keeps it true to what other processes change. */
export async function startCacheUpkeep(
  { queries, ...feed }: { readonly queries: CouponQueries; readonly eventFeed: EventFeed; readonly cache: Cache },
  { cachePolicySeconds, cacheWarmUp }: Pick<Config, 'cachePolicySeconds' | 'cacheWarmUp'>,
  logger: Logger,
): Promise<{ stop(): Promise<void> }> {
  if (cachePolicySeconds === 0) return { stop: async () => undefined };
  const upkeep = await followPolicies(
    { ...feed, timer: new ProcessTimer() },
    { report: err => logger.warn({ err }, 'policies are looked after later') },
  );
  // A cold cache is no reason not to start.
  await warmUp(queries, cacheWarmUp).catch(err => logger.warn({ err }, 'the cache is cold'));
  return upkeep;
}
