import type { Adapters } from '../adapters.js';
import type { BusOptions } from '../bus/settings.js';
import type { IdGenerator } from '../ports/id-generator.js';
import { inMemoryAccountAdapters } from './account-adapters.js';
import { inMemoryBus } from './bus-adapters.js';
import { InMemoryCache } from './cache.js';
import { InMemoryCampaignRepository } from './campaign-repository.js';
import { InMemoryCartRepository } from './cart-repository.js';
import { InMemoryCatalogueQueries } from './catalogue-queries.js';
import { InMemoryCodeRepository } from './code-repository.js';
import { InMemoryCouponQueries } from './coupon-queries.js';
import { InMemoryCouponRepository } from './coupon-repository.js';
import { InMemoryIdempotencyStore } from './idempotency-store.js';
import { InMemoryLock } from './lock.js';
import { InMemoryLockFences } from './lock-fences.js';
import { ManualClock } from './manual-clock.js';
import { ManualStopwatch } from './manual-stopwatch.js';
import { InMemoryOrderQueries } from './order-queries.js';
import { InMemoryOrderRepository } from './order-repository.js';
import { InMemoryPointLedger } from './point-ledger.js';
import { InMemoryPointQueries } from './point-queries.js';
import { InMemoryPolicyRepository } from './policy-repository.js';
import { PredictableSecrets } from './predictable-secrets.js';
import { InMemoryProductRepository } from './product-repository.js';
import { InMemoryQuotaGate } from './quota-gate.js';
import { InMemoryReservationRepository } from './reservation-repository.js';
import { SequentialIds } from './sequential-ids.js';
import { InMemoryStockHoldRepository } from './stock-hold-repository.js';
import { InMemoryStockRepository } from './stock-repository.js';
import { InMemoryTicketStore } from './ticket-store.js';

export interface InMemoryOptions {
  /** The time of the store. Default: a new `ManualClock`, which stands still. */
  readonly clock?: ManualClock;
  /** Default: a new `SequentialIds`. */
  readonly ids?: IdGenerator;
  readonly bus?: BusOptions;
}

/** Every port, over one store of its own that is empty. */
export function inMemoryAdapters(options: InMemoryOptions = {}) {
  const { clock = new ManualClock(), ids = new SequentialIds(), bus = {} } = options;
  const stopwatch = new ManualStopwatch(clock);
  const policies = new InMemoryPolicyRepository();
  const campaigns = new InMemoryCampaignRepository();
  const coupons = new InMemoryCouponRepository(clock);
  const codes = new InMemoryCodeRepository(ids);
  const products = new InMemoryProductRepository();
  const stockHolds = new InMemoryStockHoldRepository(clock);
  const stock = new InMemoryStockRepository(stockHolds);
  const carts = new InMemoryCartRepository();
  const pointLedger = new InMemoryPointLedger(clock);
  const reservations = new InMemoryReservationRepository();
  const messages = inMemoryBus({ coupons, clock, stopwatch, ids }, bus);
  const fences = new InMemoryLockFences();
  const orders = new InMemoryOrderRepository(clock, { stockHolds, reservations, pointLedger });
  return {
    ...inMemoryAccountAdapters(clock),
    ...messages,
    policies,
    campaigns,
    coupons,
    reservations,
    codes,
    codeSecrets: new PredictableSecrets(),
    idempotency: new InMemoryIdempotencyStore(clock),
    queries: new InMemoryCouponQueries({ policies, campaigns, coupons, codes, clock, events: messages.events }),
    clock,
    stopwatch,
    pointLedger,
    pointQueries: new InMemoryPointQueries(pointLedger, clock),
    ids,
    products,
    stock,
    stockHolds,
    carts,
    orders,
    orderQueries: new InMemoryOrderQueries(orders, messages.events),
    tickets: new InMemoryTicketStore(clock),
    fences,
    lock: new InMemoryLock({ unitOfWork: messages.unitOfWork, fences }),
    cache: new InMemoryCache(stopwatch),
    quotaGate: new InMemoryQuotaGate(stopwatch),
    catalogueQueries: new InMemoryCatalogueQueries({ products, stock, stockHolds, carts, clock }),
  } satisfies Adapters;
}

export type InMemoryAdapters = ReturnType<typeof inMemoryAdapters>;
