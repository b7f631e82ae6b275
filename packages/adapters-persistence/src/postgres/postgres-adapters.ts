import type { Adapters, BusOptions, PasswordHasher, PersonalData } from '@org/application';
import { InMemoryCache, InMemoryLock, InMemoryQuotaGate } from '@org/application/memory';
import type { DataSource } from 'typeorm';
import { withoutPersonalData } from '../node/aes-personal-data.js';
import { Argon2PasswordHasher } from '../node/argon2-password-hasher.js';
import { HmacCodeSecrets } from '../node/hmac-code-secrets.js';
import { ProcessStopwatch } from '../node/process-stopwatch.js';
import { RandomTokens } from '../node/random-tokens.js';
import { UuidV7Generator } from '../node/uuid-v7-generator.js';
import { PostgresAccountQueries } from './postgres-account-queries.js';
import { PostgresAccountRepository } from './postgres-account-repository.js';
import { postgresBus } from './postgres-bus.js';
import { PostgresCampaignRepository } from './postgres-campaign-repository.js';
import { PostgresCartRepository } from './postgres-cart-repository.js';
import { PostgresCatalogueQueries } from './postgres-catalogue-queries.js';
import { PostgresClock } from './postgres-clock.js';
import { PostgresCodeRepository } from './postgres-code-repository.js';
import { PostgresCouponQueries } from './postgres-coupon-queries.js';
import { PostgresCouponRepository } from './postgres-coupon-repository.js';
import { PostgresIdempotencyStore } from './postgres-idempotency-store.js';
import { PostgresLockFences } from './postgres-lock-fences.js';
import { PostgresLoginHistory } from './postgres-login-history.js';
import { PostgresOrderQueries } from './postgres-order-queries.js';
import { PostgresOrderRepository } from './postgres-order-repository.js';
import { PostgresPointLedger } from './postgres-point-ledger.js';
import { PostgresPointQueries } from './postgres-point-queries.js';
import { PostgresPolicyRepository } from './postgres-policy-repository.js';
import { PostgresProductRepository } from './postgres-product-repository.js';
import { PostgresReservationRepository } from './postgres-reservation-repository.js';
import {
  PostgresRefreshTokenRepository,
  PostgresSessionRepository,
  PostgresThrottleRepository,
} from './postgres-session-repository.js';
import { PostgresStockHoldRepository } from './postgres-stock-hold-repository.js';
import { PostgresStockRepository } from './postgres-stock-repository.js';
import { PostgresTicketStore } from './postgres-ticket-store.js';

export interface PostgresAdaptersOptions {
  /** What keeps personal data. Without it everything works but accounts. */
  readonly personalData?: PersonalData;
  /** Default: Argon2id. */
  readonly passwords?: PasswordHasher;
  readonly bus?: BusOptions;
}

/** All ports over one initialised and migrated data source; lock, cache and gate are those of this process alone. */
export function postgresAdapters(dataSource: DataSource, options: PostgresAdaptersOptions = {}): Adapters {
  const { personalData = withoutPersonalData, passwords = new Argon2PasswordHasher() } = options;
  const ids = new UuidV7Generator();
  const stopwatch = new ProcessStopwatch();
  const bus = postgresBus(dataSource, { ids, stopwatch }, options.bus);
  const fences = new PostgresLockFences();
  return {
    ...bus,
    fences,
    lock: new InMemoryLock({ unitOfWork: bus.unitOfWork, fences }),
    cache: new InMemoryCache(stopwatch),
    quotaGate: new InMemoryQuotaGate(stopwatch),
    clock: new PostgresClock(),
    ids,
    policies: new PostgresPolicyRepository(),
    campaigns: new PostgresCampaignRepository(),
    coupons: new PostgresCouponRepository(),
    reservations: new PostgresReservationRepository(),
    codes: new PostgresCodeRepository(ids),
    codeSecrets: new HmacCodeSecrets(),
    idempotency: new PostgresIdempotencyStore(),
    queries: new PostgresCouponQueries(dataSource),
    stopwatch,
    products: new PostgresProductRepository(),
    stock: new PostgresStockRepository(),
    stockHolds: new PostgresStockHoldRepository(),
    carts: new PostgresCartRepository(),
    catalogueQueries: new PostgresCatalogueQueries(dataSource),
    pointLedger: new PostgresPointLedger(),
    pointQueries: new PostgresPointQueries(dataSource),
    orders: new PostgresOrderRepository(),
    orderQueries: new PostgresOrderQueries(dataSource),
    tickets: new PostgresTicketStore(),
    accounts: new PostgresAccountRepository(personalData),
    sessions: new PostgresSessionRepository(),
    refreshTokens: new PostgresRefreshTokenRepository(),
    throttles: new PostgresThrottleRepository(),
    loginHistory: new PostgresLoginHistory(),
    accountQueries: new PostgresAccountQueries(dataSource, personalData),
    passwords,
    tokenSecrets: new RandomTokens(),
    personalData,
  };
}
