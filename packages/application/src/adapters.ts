import type { AccountAdapters } from './account-adapters.js';
import type { CampaignRepository } from './ports/campaign-repository.js';
import type { CartRepository } from './ports/cart-repository.js';
import type { CatalogueQueries } from './ports/catalogue-queries.js';
import type { Clock } from './ports/clock.js';
import type { CodeRepository } from './ports/code-repository.js';
import type { CodeSecrets } from './ports/code-secrets.js';
import type { CouponQueries } from './ports/coupon-queries.js';
import type { CouponRepository } from './ports/coupon-repository.js';
import type { EventLog } from './ports/event-log.js';
import type { IdGenerator } from './ports/id-generator.js';
import type { IdempotencyStore } from './ports/idempotency-store.js';
import type { OrderQueries } from './ports/order-queries.js';
import type { OrderRepository } from './ports/order-repository.js';
import type { PointLedger } from './ports/point-ledger.js';
import type { PointQueries } from './ports/point-queries.js';
import type { PolicyRepository } from './ports/policy-repository.js';
import type { ProductRepository } from './ports/product-repository.js';
import type { ReservationRepository } from './ports/reservation-repository.js';
import type { StockHoldRepository } from './ports/stock-hold-repository.js';
import type { StockRepository } from './ports/stock-repository.js';
import type { Stopwatch } from './ports/stopwatch.js';
import type { UnitOfWork } from './ports/unit-of-work.js';

/** One adapter for every port. */
export interface Adapters extends AccountAdapters {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly policies: PolicyRepository;
  readonly campaigns: CampaignRepository;
  readonly coupons: CouponRepository;
  readonly reservations: ReservationRepository;
  readonly codes: CodeRepository;
  readonly codeSecrets: CodeSecrets;
  readonly events: EventLog;
  readonly idempotency: IdempotencyStore;
  readonly queries: CouponQueries;
  readonly stopwatch: Stopwatch;
  readonly products: ProductRepository;
  readonly stock: StockRepository;
  readonly stockHolds: StockHoldRepository;
  readonly carts: CartRepository;
  readonly catalogueQueries: CatalogueQueries;
  readonly pointLedger: PointLedger;
  readonly pointQueries: PointQueries;
  readonly orders: OrderRepository;
  readonly orderQueries: OrderQueries;
}
