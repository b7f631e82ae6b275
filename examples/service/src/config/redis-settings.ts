import { redisPrefix, redisUrl, wholeNumber } from './readers.js';
import { optional, setting } from './setting.js';

const DAY = 86_400;

/** What is shared through Redis, or kept by each process. */
export const redisSettings = {
  redisUrl: optional(
    'REDIS_URL',
    redisUrl,
    'Redis for locks, the cache and the gate: `redis://user:password@host:6379/0`, `redis+sentinel://host:26379,host:26379/name/0` or `redis+cluster://host:6379,host:6379`; `rediss` instead of `redis` goes through TLS. Without it, each process has its own.',
    true,
  ),
  redisPrefix: setting(
    'REDIS_PREFIX',
    'promotions:',
    redisPrefix,
    'What all keys in Redis begin with. Services over the same database have the same, others another one.',
  ),
  redisCircuitSeconds: setting(
    'REDIS_CIRCUIT_SECONDS',
    '30',
    wholeNumber(1, 3_600),
    'How long a Redis that failed half of its last ten calls is not asked again; the service goes without it meanwhile.',
  ),
  cachePolicySeconds: setting(
    'CACHE_POLICY_SECONDS',
    '300',
    wholeNumber(0, DAY),
    'How long a policy may be shown from the cache; 0 = never. A change ends that at once.',
  ),
  cacheCouponsSeconds: setting(
    'CACHE_COUPONS_SECONDS',
    '1',
    wholeNumber(0, DAY),
    "How old the first page of a user's coupons may be; 0 = it is read anew each time. What the user does ends that at once where Redis is shared, or in the same process.",
  ),
  cacheBalanceSeconds: setting('CACHE_BALANCE_SECONDS', '1', wholeNumber(0, DAY), 'The same for a balance of points.'),
  cacheEntries: setting(
    'CACHE_ENTRIES',
    '10000',
    wholeNumber(1, 10_000_000),
    'Most answers that a process keeps by itself, without Redis.',
  ),
  cacheWarmUp: setting(
    'CACHE_WARM_UP',
    '200',
    wholeNumber(0, 10_000),
    'So many of the newest active policies are in the cache before the first request; 0 = none.',
  ),
};
