export {
  type AccountQueriesFixture,
  accountQueriesContract,
  loginHistoryContract,
} from './account-queries-contract.js';
export { type AccountRepositoryFixture, accountRepositoryContract } from './account-repository-contract.js';
export {
  accountsAsAggregates,
  refreshTokensAsAggregates,
  sessionsAsAggregates,
  throttlesAsAggregates,
} from './account-samples.js';
export type { AggregateRepositoryFixture, Samples } from './aggregate-fixture.js';
export { aggregateRepositoryContract } from './aggregate-repository-contract.js';
export { couponsAsAggregates, policiesAsAggregates, reservationsAsAggregates } from './aggregate-samples.js';
export { allContracts, type StoreFixture } from './all-contracts.js';
export { QUICK_BUS } from './bus-samples.js';
export { type CacheFixture, cacheContract } from './cache-contract.js';
export { type CampaignRepositoryFixture, campaignRepositoryContract } from './campaign-repository-contract.js';
export { type CatalogueQueriesFixture, catalogueQueriesContract } from './catalogue-queries-contract.js';
export {
  cartsAsAggregates,
  productsAsAggregates,
  stockAsAggregates,
  stockHoldsAsAggregates,
} from './catalogue-samples.js';
export { type ClockFixture, clockContract } from './clock-contract.js';
export { codeJobsContract } from './code-jobs-contract.js';
export { type CodeRepositoryFixture, codeRepositoryContract } from './code-repository-contract.js';
export { type Capability, type Contract, type ContractCase, contract } from './contract.js';
export { type CouponQueriesFixture, couponQueriesContract } from './coupon-queries-contract.js';
export { type CouponRepositoryFixture, couponRepositoryContract } from './coupon-repository-contract.js';
export { type CouponRequestsFixture, couponRequestsContract } from './coupon-requests-contract.js';
export {
  type PasswordHasherFixture,
  type PersonalDataFixture,
  passwordHasherContract,
  personalDataContract,
  type TokenSecretsFixture,
  tokenSecretsContract,
} from './credentials-contracts.js';
export { deadLettersContract } from './dead-letters-contract.js';
export { eventBusContract } from './event-bus-contract.js';
export { type EventBusFixture, eventBusFailuresContract } from './event-bus-failures-contract.js';
export { type EventFeedFixture, eventFeedContract } from './event-feed-contract.js';
export { type EventLogFixture, eventLogContract } from './event-log-contract.js';
export { type GroupProgressFixture, groupProgressContract } from './group-progress-contract.js';
export { type IdempotencyStoreFixture, idempotencyStoreContract } from './idempotency-store-contract.js';
export { type LockFixture, lockContract, lockFencesContract } from './lock-contract.js';
export { type OrderPointsFixture, orderPointsContract } from './order-points-contract.js';
export { type OrderQueriesFixture, orderQueriesContract } from './order-queries-contract.js';
export { type OrderRepositoryFixture, orderRepositoryContract } from './order-repository-contract.js';
export { ordersAsAggregates } from './order-samples.js';
export { overdueCouponsContract } from './overdue-coupons-contract.js';
export { type PaymentEventsFixture, paymentEventsContract } from './payment-events-contract.js';
export {
  type CodeSecretsFixture,
  codeSecretsContract,
  type IdGeneratorFixture,
  idGeneratorContract,
  type StopwatchFixture,
  stopwatchContract,
} from './plain-ports-contracts.js';
export { type PointLedgerFixture, pointLedgerContract } from './point-ledger-contract.js';
export { type PointQueriesFixture, pointQueriesContract } from './point-queries-contract.js';
export { policyQueriesContract } from './policy-queries-contract.js';
export { type PolicyRepositoryFixture, policyRepositoryContract } from './policy-repository-contract.js';
export { type QuotaGateFixture, quotaGateContract } from './quota-gate-contract.js';
export { type ReservationRepositoryFixture, reservationRepositoryContract } from './reservation-repository-contract.js';
export { type CaseResult, type RunOptions, runCase, runContract, skipReason } from './run.js';
export {
  type SessionRepositoryFixture,
  sessionRepositoryContract,
  type ThrottleRepositoryFixture,
  throttleRepositoryContract,
} from './session-repository-contract.js';
export { type StockRepositoryFixture, stockRepositoryContract } from './stock-repository-contract.js';
export { type StuckOrdersFixture, stuckOrdersContract } from './stuck-orders-contract.js';
export { type UnitOfWorkFixture, unitOfWorkContract } from './unit-of-work-contract.js';
