import type { HttpConfig, TokenKey } from '@org/adapters-http';
import type { Timetable } from '../jobs/scheduler.js';
import type { Config } from './config.js';

/** What the HTTP adapter wants to know of the configuration. */
export const httpConfigOf = (config: Config, key: TokenKey): HttpConfig => ({
  jwt: { key, issuer: config.jwtIssuer, audience: config.jwtAudience },
  rateLimitPerUser: config.rateLimitPerUser,
  rateLimitPerAddress: config.rateLimitPerAddress,
  trustProxy: config.trustProxy,
  metricsToken: config.metricsToken,
  drainDelay: config.drainDelaySeconds * 1_000,
  closeTimeout: config.shutdownTimeoutSeconds * 1_000,
});

const MINUTE = 60;

/** How often each job runs, seconds. Codes are begun at once where they are ordered; this finds what a kill left behind. */
export const timetableOf = (config: Config): Timetable => ({
  'reservation-timeout': config.sweepIntervalSeconds,
  'stock-timeout': config.sweepIntervalSeconds,
  'coupon-expiry': config.expiryIntervalSeconds,
  'points-expiry': config.expiryIntervalSeconds,
  'idempotency-cleanup': 10 * MINUTE,
  'event-partitions': 360 * MINUTE,
  'code-jobs': 5,
});
