export { VIRTUAL_PARTITIONS, virtualPartitionOf } from '@org/application';
export { AesPersonalData, type PersonalDataKey } from './node/aes-personal-data.js';
export { type Argon2Cost, Argon2PasswordHasher } from './node/argon2-password-hasher.js';
export { HmacCodeSecrets } from './node/hmac-code-secrets.js';
export { ProcessStopwatch } from './node/process-stopwatch.js';
export { ProcessTimer } from './node/process-timer.js';
export { RandomTokens } from './node/random-tokens.js';
export { UuidV7Generator } from './node/uuid-v7-generator.js';
export { type PostgresOptions, postgresDataSource } from './postgres/data-source.js';
export { entities } from './postgres/entities.js';
export { eventsBetween } from './postgres/events-between.js';
export { type MigrationStatus, migrate, migrationStatus, revert } from './postgres/migrate.js';
export { dropPartitionsBefore, ensurePartitions, type Month } from './postgres/partitions.js';
export { PostgresAccountQueries } from './postgres/postgres-account-queries.js';
export { PostgresAccountRepository } from './postgres/postgres-account-repository.js';
export { type PostgresAdaptersOptions, postgresAdapters } from './postgres/postgres-adapters.js';
export { postgresBus } from './postgres/postgres-bus.js';
export { PostgresCampaignRepository } from './postgres/postgres-campaign-repository.js';
export { PostgresCartRepository } from './postgres/postgres-cart-repository.js';
export { PostgresCatalogueQueries } from './postgres/postgres-catalogue-queries.js';
export { PostgresClock } from './postgres/postgres-clock.js';
export { PostgresCodeRepository } from './postgres/postgres-code-repository.js';
export { PostgresCouponQueries } from './postgres/postgres-coupon-queries.js';
export { PostgresCouponRepository } from './postgres/postgres-coupon-repository.js';
export { PostgresDeadLetters } from './postgres/postgres-dead-letters.js';
export { PostgresEventFeed } from './postgres/postgres-event-feed.js';
export { PostgresEventLog } from './postgres/postgres-event-log.js';
export { PostgresGroupProgress } from './postgres/postgres-group-progress.js';
export { PostgresIdempotencyStore } from './postgres/postgres-idempotency-store.js';
export { PostgresLoginHistory } from './postgres/postgres-login-history.js';
export { PostgresOrderQueries } from './postgres/postgres-order-queries.js';
export { PostgresOrderRepository } from './postgres/postgres-order-repository.js';
export { PostgresPointLedger } from './postgres/postgres-point-ledger.js';
export { PostgresPointQueries } from './postgres/postgres-point-queries.js';
export { PostgresPolicyRepository } from './postgres/postgres-policy-repository.js';
export { PostgresProductRepository } from './postgres/postgres-product-repository.js';
export { PostgresReservationRepository } from './postgres/postgres-reservation-repository.js';
export {
  PostgresRefreshTokenRepository,
  PostgresSessionRepository,
  PostgresThrottleRepository,
} from './postgres/postgres-session-repository.js';
export { PostgresStockHoldRepository } from './postgres/postgres-stock-hold-repository.js';
export { PostgresStockRepository } from './postgres/postgres-stock-repository.js';
export { PostgresTicketStore } from './postgres/postgres-ticket-store.js';
export { PostgresUnitOfWork, type UnitOfWorkOptions } from './postgres/postgres-unit-of-work.js';
export { clientOf, type SqlClient } from './postgres/transaction.js';
