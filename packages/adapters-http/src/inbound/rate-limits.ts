import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Call } from './call.js';
import { Problem } from './problem.js';

const WINDOW_SECONDS = 60;

/** Counts the requests of one key a minute; null = may go on. Tells the state in the headers of the answer. */
export type RateLimit = (key: string, call: Call) => Promise<Problem | null>;

/**
 * A limit in the memory of this process; `perMinute` 0 = none. Headers as in draft-ietf-httpapi-ratelimit-headers
 * (`RateLimit-Limit`, `-Remaining`, `-Reset` in seconds, and the policy).
 */
export function rateLimit(perMinute: number): RateLimit | null {
  if (perMinute === 0) return null;
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  const fixed = ['RateLimit-Policy', `${perMinute};w=${WINDOW_SECONDS}`, 'RateLimit-Limit', String(perMinute)];
  const headers = ({ remainingPoints, msBeforeNext }: RateLimiterRes) => [
    ...fixed,
    'RateLimit-Remaining',
    String(remainingPoints),
    'RateLimit-Reset',
    String(Math.ceil(msBeforeNext / 1000)),
  ];
  return async (key, call) => {
    try {
      call.limitHeaders = headers(await limiter.consume(key));
      return null;
    } catch (met) {
      if (!(met instanceof RateLimiterRes)) throw met;
      call.limitHeaders = headers(met);
      const retryAfter = Math.max(1, Math.ceil(met.msBeforeNext / 1000));
      return new Problem('RATE_LIMITED', { headers: ['Retry-After', String(retryAfter)] });
    }
  };
}
