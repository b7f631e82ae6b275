export type { AccountAdapters } from './account-adapters.js';
export { accountEventTypes } from './account-events.js';
export {
  type Accounts,
  type AccountsOptions,
  type ChangePasswordInput,
  createAccounts,
  type LogInInput,
  type SignUpInput,
} from './accounts.js';
export type { Adapters } from './adapters.js';
export { type CircuitSettings, circuitSettings } from './breaker/circuit.js';
export {
  type BreakerOptions,
  CircuitBreaker,
  type CircuitFigures,
  CircuitOpenError,
  type CircuitStatus,
  type GuardedOptions,
  guarded,
} from './breaker/circuit-breaker.js';
export { causeOf, sliceOf } from './bus/aside.js';
export { attempt, type Backoff, Interrupted, isOfInfrastructure } from './bus/attempts.js';
export { type InProcessBus, type InProcessBusParts, inProcessBus } from './bus/in-process-bus.js';
export { type OneByOneOptions, oneByOne } from './bus/one-by-one.js';
export { type RedriverParts, startRedriver } from './bus/redriver.js';
export { type BusNotice, type BusOptions, type BusSettings, busSettings } from './bus/settings.js';
export { checkSubscription } from './bus/subscriptions.js';
export { afterCommit, typesOf, waking } from './bus/waking.js';
export { type FollowOptions, followPolicies, forgetting } from './cache-upkeep.js';
export { type CacheAges, cachedCouponQueries, cachedPointQueries, forgottenBy } from './cached-reads.js';
export { type Catalogue, createCatalogue } from './catalogue.js';
export { catalogueEventTypes } from './catalogue-events.js';
export { type CoalesceOptions, coalesce } from './coalesce.js';
export {
  type CouponRequest,
  couponRequestEventTypes,
  refusalOf,
  requestIdOf,
  requestOf,
  requestStream,
} from './coupon-requests.js';
export { type EventType, eventDescriptions, receivedEventDescriptions } from './event-descriptions.js';
export type { EventDescription } from './event-schemas/description.js';
export { exampleOf, type JsonSchema, schemaWords } from './event-schemas/json-schema.js';
export { loggedEventTypes } from './event-types.js';
export { eventTypes } from './events.js';
export { GateKeeper, type GateKeeperOptions } from './gate-keeper.js';
export { IssueDesk, type IssueDeskOptions } from './issue-desk.js';
export { couponRequestSubscription } from './issue-worker.js';
export { orderEventTypes, orderStream } from './order-events.js';
export { PaymentRefusedError, paymentEventTypes, paymentSubscription } from './order-payments.js';
export { orderSubscriptions, type StepWork } from './order-saga.js';
export { createOrders, type Orders, type OrdersOptions, type OrderWish } from './orders.js';
export { done, type Outcome, refused } from './outcome.js';
export { PaymentWatch, type WatchedOutcome, type WatchedPayment } from './payment-watch.js';
export { pointEventTypes } from './point-events.js';
export { createPoints, type Points, type PointsOptions } from './points.js';
export type * from './ports/account-queries.js';
export * from './ports/account-repository.js';
export type * from './ports/aggregate-repository.js';
export * from './ports/cache.js';
export type * from './ports/campaign-repository.js';
export type * from './ports/cart-repository.js';
export type * from './ports/catalogue-queries.js';
export type * from './ports/clock.js';
export type * from './ports/code-repository.js';
export type * from './ports/code-secrets.js';
export type * from './ports/coupon-queries.js';
export type * from './ports/coupon-repository.js';
export type * from './ports/credentials.js';
export * from './ports/customer-segments.js';
export * from './ports/dead-letters.js';
export * from './ports/errors.js';
export * from './ports/event-bus.js';
export * from './ports/event-feed.js';
export type * from './ports/event-log.js';
export * from './ports/group-progress.js';
export type * from './ports/id-generator.js';
export type * from './ports/idempotency-store.js';
export * from './ports/lock.js';
export type * from './ports/lock-fences.js';
export type * from './ports/login-history.js';
export type * from './ports/order-queries.js';
export type * from './ports/order-repository.js';
export type * from './ports/point-ledger.js';
export type * from './ports/point-queries.js';
export type * from './ports/policy-repository.js';
export type * from './ports/product-repository.js';
export * from './ports/quota-gate.js';
export type * from './ports/reservation-repository.js';
export type * from './ports/session-repository.js';
export * from './ports/shipping-rates.js';
export type * from './ports/stock-hold-repository.js';
export type * from './ports/stock-repository.js';
export type * from './ports/stopwatch.js';
export type * from './ports/ticket-store.js';
export type * from './ports/timer.js';
export * from './ports/unit-of-work.js';
export { createPromotions, type IssueStrategy, type Promotions, type PromotionsOptions } from './promotions.js';
export type { Outlet } from './push/listener.js';
export { createPush, type Listening, type Push, type PushAdapters, type PushOptions } from './push/push.js';
export { TICKET_SECONDS, type Ticket, type Tickets } from './push/tickets.js';
export { type UserEvent, userEventTypes } from './push/user-events.js';
export { Recent } from './recent.js';
export { runOnce } from './run-once.js';
export {
  type Answered,
  type Door,
  type DoorOptions,
  door,
  type Guard,
  type Item,
  type Once,
  type UseCase,
} from './use-case.js';
export { type CartInput, type ChangedCart, changeCarts } from './use-cases/cart/change-carts.js';
export { type ProductInput, type PutProduct, putProducts } from './use-cases/catalogue/put-products.js';
export { type EndReservationInput, endReservations } from './use-cases/coupon/end-reservations.js';
export { expireOverdue } from './use-cases/coupon/expire-overdue.js';
export { advanceCodeJob, type GenerateCodesInput, startCodeJobs } from './use-cases/coupon/generate-codes.js';
export { type IssueInput, issueCoupons, type ObtainedCoupon } from './use-cases/coupon/issue-coupons.js';
export { underLock } from './use-cases/coupon/issue-under-lock.js';
export { managePolicies, type PolicyInput } from './use-cases/coupon/manage-policies.js';
export { type QuoteInput, quoteCart } from './use-cases/coupon/quote-cart.js';
export { type RedeemInput, redeemCodes } from './use-cases/coupon/redeem-code.js';
export { type RequestInput, requestCoupons } from './use-cases/coupon/request-coupons.js';
export {
  type LiveReservation,
  type OrderBasis,
  type Reserved,
  type ReserveInput,
  reserveCoupons,
} from './use-cases/coupon/reserve-coupons.js';
export { type CouponChangeInput, changeCoupons } from './use-cases/coupon/use-coupons.js';
export type { CancelOrderInput, ChangedOrder, PaymentInput } from './use-cases/order/change-orders.js';
export type { Placed, PlaceOrderInput, WishedLine } from './use-cases/order/place-orders.js';
export type { Refunded, RefundInput } from './use-cases/order/refund-orders.js';
export { type MoveOptions, movePoints, type PointInput, type PointsMoved } from './use-cases/points/move-points.js';
export { settlePoints } from './use-cases/points/settle-points.js';
export { type CountStockInput, countStock } from './use-cases/stock/count-stock.js';
export {
  type EndStockHoldInput,
  endStockHolds,
  type ReturnStockInput,
  returnStock,
} from './use-cases/stock/end-stock-holds.js';
export { type ExpireStockHoldsOptions, expireStockHolds } from './use-cases/stock/expire-stock-holds.js';
export { type HeldStock, type HoldStockInput, holdStock, type StoredStockHold } from './use-cases/stock/hold-stock.js';
export type { OptionRef, StockStores } from './use-cases/stock/stock-batch.js';
export type { ProfileInput } from './use-cases/user/change-account.js';
export type { Grant, TokenInput } from './use-cases/user/refresh-sessions.js';
export { VIRTUAL_PARTITIONS, virtualPartitionOf } from './virtual-partition.js';
export { outward } from './wire.js';
