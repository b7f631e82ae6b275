import type { Adapters } from '@org/application';
import type { DataSource } from 'typeorm';
import { HmacCodeSecrets } from '../node/hmac-code-secrets.js';
import { ProcessStopwatch } from '../node/process-stopwatch.js';
import { UuidV7Generator } from '../node/uuid-v7-generator.js';
import { PostgresCampaignRepository } from './postgres-campaign-repository.js';
import { PostgresCartRepository } from './postgres-cart-repository.js';
import { PostgresCatalogueQueries } from './postgres-catalogue-queries.js';
import { PostgresClock } from './postgres-clock.js';
import { PostgresCodeRepository } from './postgres-code-repository.js';
import { PostgresCouponQueries } from './postgres-coupon-queries.js';
import { PostgresCouponRepository } from './postgres-coupon-repository.js';
import { PostgresEventLog } from './postgres-event-log.js';
import { PostgresIdempotencyStore } from './postgres-idempotency-store.js';
import { PostgresPointLedger } from './postgres-point-ledger.js';
import { PostgresPointQueries } from './postgres-point-queries.js';
import { PostgresPolicyRepository } from './postgres-policy-repository.js';
import { PostgresProductRepository } from './postgres-product-repository.js';
import { PostgresReservationRepository } from './postgres-reservation-repository.js';
import { PostgresStockHoldRepository } from './postgres-stock-hold-repository.js';
import { PostgresStockRepository } from './postgres-stock-repository.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';

/** All ports over one initialised and migrated data source. */
export function postgresAdapters(dataSource: DataSource): Adapters {
  const ids = new UuidV7Generator();
  return {
    unitOfWork: new PostgresUnitOfWork(dataSource),
    clock: new PostgresClock(),
    ids,
    policies: new PostgresPolicyRepository(),
    campaigns: new PostgresCampaignRepository(),
    coupons: new PostgresCouponRepository(),
    reservations: new PostgresReservationRepository(),
    codes: new PostgresCodeRepository(ids),
    codeSecrets: new HmacCodeSecrets(),
    events: new PostgresEventLog(),
    idempotency: new PostgresIdempotencyStore(),
    queries: new PostgresCouponQueries(dataSource),
    stopwatch: new ProcessStopwatch(),
    products: new PostgresProductRepository(),
    stock: new PostgresStockRepository(),
    stockHolds: new PostgresStockHoldRepository(),
    carts: new PostgresCartRepository(),
    catalogueQueries: new PostgresCatalogueQueries(dataSource),
    pointLedger: new PostgresPointLedger(),
    pointQueries: new PostgresPointQueries(dataSource),
  };
}
