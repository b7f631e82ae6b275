import type { HttpConfig, TokenKey } from '@org/adapters-http';
import type { KafkaSettings, TopicOptions } from '@org/adapters-kafka';
import {
  type AccountsOptions,
  type BusOptions,
  type CacheAges,
  flatShippingRates,
  type OrdersOptions,
} from '@org/application';
import type { Timetable } from '../jobs/scheduler.js';
import { stepsOf } from '../roles.js';
import type { Config } from './config.js';

/** What the HTTP adapter wants to know of the configuration. */
export const httpConfigOf = (config: Config, key: TokenKey): HttpConfig => ({
  jwt: { key, issuer: config.jwtIssuer, audience: config.jwtAudience, signingKey: config.jwtPrivateKey },
  rateLimitPerUser: config.rateLimitPerUser,
  rateLimitPerAddress: config.rateLimitPerAddress,
  trustProxy: config.trustProxy,
  metricsToken: config.metricsToken,
  maxListeners: config.maxListeners,
  maxListenersPerUser: config.maxListenersPerUser,
  drainDelay: config.drainDelaySeconds * 1_000,
  closeTimeout: config.shutdownTimeoutSeconds * 1_000,
});

/** What the user area wants to know of it. */
export function accountsOptionsOf(config: Config): AccountsOptions {
  const lockMs = config.loginLockSeconds * 1_000;
  return {
    refreshGraceSeconds: config.refreshGraceSeconds,
    sessionDays: config.sessionDays,
    loginLimits: { attempts: config.loginMaxFailures, windowMs: lockMs, lockMs },
  };
}

/** How the bus in this process delivers. */
export const busOptionsOf = (config: Config): BusOptions => ({
  maxIdleMs: config.busIdleMs,
  maxBatch: config.busBatch,
  retries: config.busRetries,
  retryDelayMs: config.busRetryDelayMs,
  leaseMs: config.busLeaseSeconds * 1_000,
});

/** How the brokers are reached. @throws Error when there are none */
export function kafkaOf(config: Config): KafkaSettings {
  const { kafkaBrokers, kafkaSsl, kafkaSslCa, kafkaSaslMechanism: mechanism } = config;
  if (!kafkaBrokers) throw new Error('KAFKA_BROKERS is missing');
  const login = { username: config.kafkaSaslUsername ?? '', password: config.kafkaSaslPassword ?? '' };
  return {
    brokers: kafkaBrokers,
    ...(kafkaSsl === 'on' && { ssl: kafkaSslCa ? { ca: kafkaSslCa.replaceAll('\\n', '\n') } : true }),
    ...(mechanism && { sasl: { mechanism, ...login } as NonNullable<KafkaSettings['sasl']> }),
  };
}

const DAY_MS = 86_400_000;

/** How the topics should be. */
export function topicOptionsOf({ kafkaTopicPrefix, kafkaPartitions, kafkaRetentionDays }: Config): TopicOptions {
  const retentions = Object.entries(kafkaRetentionDays ?? {}).map(([name, days]) => [name, days * DAY_MS] as const);
  return { prefix: kafkaTopicPrefix, partitions: kafkaPartitions ?? {}, retentionMs: Object.fromEntries(retentions) };
}

/** How old what is shown may be. */
export const cacheAgesOf = (config: Config): CacheAges => ({
  policyMs: config.cachePolicySeconds * 1_000,
  couponsMs: config.cacheCouponsSeconds * 1_000,
  balanceMs: config.cacheBalanceSeconds * 1_000,
});

/** What the area of orders wants to know of it. */
export const ordersOptionsOf = (config: Config): OrdersOptions => ({
  paymentDeadlineSeconds: config.paymentDeadlineSeconds,
  shippingRates: flatShippingRates(config.shippingFee),
  debt: config.pointsDebt,
  steps: stepsOf(config.roles),
});

const MINUTE = 60;

/** How often each job runs, seconds. Codes are begun at once where they are ordered; this finds what a kill left behind. */
export const timetableOf = (config: Config): Timetable => ({
  'reservation-timeout': config.sweepIntervalSeconds,
  'stock-timeout': config.sweepIntervalSeconds,
  'coupon-expiry': config.expiryIntervalSeconds,
  'points-expiry': config.expiryIntervalSeconds,
  'payment-timeout': 1,
  'order-recovery': 30,
  'idempotency-cleanup': 10 * MINUTE,
  'event-partitions': 360 * MINUTE,
  'code-jobs': 5,
  'account-cleanup': 10 * MINUTE,
  'dead-letter-redrive': 5 * MINUTE,
  'personal-data-resealing': 10 * MINUTE,
});
