export { InMemoryAccountQueries, type QueriedAccounts } from './account-queries.js';
export { InMemoryAccountRepository } from './account-repository.js';
export { type InMemoryAdapters, type InMemoryOptions, inMemoryAdapters } from './adapters.js';
export { InMemoryCache, type InMemoryCacheOptions } from './cache.js';
export { InMemoryCampaignRepository } from './campaign-repository.js';
export { InMemoryCartRepository } from './cart-repository.js';
export { type CatalogueStores, InMemoryCatalogueQueries } from './catalogue-queries.js';
export { InMemoryCodeRepository } from './code-repository.js';
export { InMemoryCouponQueries, type QueriedStores } from './coupon-queries.js';
export { InMemoryCouponRepository } from './coupon-repository.js';
export { InMemoryDeadLetters } from './dead-letters.js';
export { ConstraintError } from './errors.js';
export { InMemoryEventFeed } from './event-feed.js';
export { InMemoryEventLog } from './event-log.js';
export { type Group, InMemoryGroupProgress } from './group-progress.js';
export { InMemoryIdempotencyStore } from './idempotency-store.js';
export { InMemoryLock } from './lock.js';
export { InMemoryLockFences } from './lock-fences.js';
export { InMemoryLoginHistory } from './login-history.js';
export { ManualClock } from './manual-clock.js';
export { ManualStopwatch } from './manual-stopwatch.js';
export { InMemoryOrderQueries } from './order-queries.js';
export { type HoldTables, InMemoryOrderRepository } from './order-repository.js';
export { ParkedEvents, type ParkedRow } from './parked-events.js';
export { InMemoryPointLedger } from './point-ledger.js';
export { InMemoryPointQueries } from './point-queries.js';
export { InMemoryPolicyRepository } from './policy-repository.js';
export { PredictableSecrets } from './predictable-secrets.js';
export { InMemoryProductRepository } from './product-repository.js';
export { InMemoryQuotaGate } from './quota-gate.js';
export { RealTimer } from './real-timer.js';
export { InMemoryReservationRepository } from './reservation-repository.js';
export { SequentialIds } from './sequential-ids.js';
export {
  InMemoryRefreshTokenRepository,
  InMemorySessionRepository,
  InMemoryThrottleRepository,
} from './session-repository.js';
export { InMemoryStockHoldRepository } from './stock-hold-repository.js';
export { InMemoryStockRepository } from './stock-repository.js';
export { InMemoryTicketStore } from './ticket-store.js';
export { PredictableTokens, ToyPasswordHasher, ToyPersonalData } from './toy-credentials.js';
export { InMemoryUnitOfWork } from './unit-of-work.js';
