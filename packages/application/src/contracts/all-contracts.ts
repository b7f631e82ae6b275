import type { Adapters } from '../adapters.js';
import { accountQueriesContract, loginHistoryContract } from './account-queries-contract.js';
import { accountRepositoryContract } from './account-repository-contract.js';
import {
  accountsAsAggregates,
  refreshTokensAsAggregates,
  sessionsAsAggregates,
  throttlesAsAggregates,
} from './account-samples.js';
import { aggregateRepositoryContract } from './aggregate-repository-contract.js';
import { couponsAsAggregates, policiesAsAggregates, reservationsAsAggregates } from './aggregate-samples.js';
import { cacheContract } from './cache-contract.js';
import { campaignRepositoryContract } from './campaign-repository-contract.js';
import { catalogueQueriesContract } from './catalogue-queries-contract.js';
import {
  cartsAsAggregates,
  productsAsAggregates,
  stockAsAggregates,
  stockHoldsAsAggregates,
} from './catalogue-samples.js';
import { clockContract } from './clock-contract.js';
import { codeJobsContract } from './code-jobs-contract.js';
import { codeRepositoryContract } from './code-repository-contract.js';
import type { Contract } from './contract.js';
import { couponQueriesContract } from './coupon-queries-contract.js';
import { couponRepositoryContract } from './coupon-repository-contract.js';
import { couponRequestsContract } from './coupon-requests-contract.js';
import { passwordHasherContract, personalDataContract, tokenSecretsContract } from './credentials-contracts.js';
import { deadLettersContract } from './dead-letters-contract.js';
import { eventBusContract } from './event-bus-contract.js';
import { eventBusFailuresContract } from './event-bus-failures-contract.js';
import { eventFeedContract } from './event-feed-contract.js';
import { eventLogContract } from './event-log-contract.js';
import { groupProgressContract } from './group-progress-contract.js';
import { idempotencyStoreContract } from './idempotency-store-contract.js';
import { lockContract, lockFencesContract } from './lock-contract.js';
import { orderPointsContract } from './order-points-contract.js';
import { orderQueriesContract } from './order-queries-contract.js';
import { orderRepositoryContract } from './order-repository-contract.js';
import { ordersAsAggregates } from './order-samples.js';
import { overdueCouponsContract } from './overdue-coupons-contract.js';
import { paymentEventsContract } from './payment-events-contract.js';
import { codeSecretsContract, idGeneratorContract, stopwatchContract } from './plain-ports-contracts.js';
import { pointLedgerContract } from './point-ledger-contract.js';
import { pointQueriesContract } from './point-queries-contract.js';
import { policyQueriesContract } from './policy-queries-contract.js';
import { policyRepositoryContract } from './policy-repository-contract.js';
import { quotaGateContract } from './quota-gate-contract.js';
import { reservationRepositoryContract } from './reservation-repository-contract.js';
import { sessionRepositoryContract, throttleRepositoryContract } from './session-repository-contract.js';
import { stockRepositoryContract } from './stock-repository-contract.js';
import { stuckOrdersContract } from './stuck-orders-contract.js';
import { ticketStoreContract } from './ticket-store-contract.js';
import { unitOfWorkContract } from './unit-of-work-contract.js';

/** A store that has an adapter for every port. */
export interface StoreFixture extends Adapters {
  /** Lets at least so much time of the store pass: waits, or moves its clock. */
  elapse(ms: number): Promise<void> | void;
}

/** A contract for a part of a store, as one for the whole: `part` takes the part out of it. */
function over<Part>(
  contract: Contract<Part>,
  part: (store: StoreFixture) => Promise<Part> | Part,
  name = contract.name,
): Contract<StoreFixture> {
  return {
    name,
    cases: contract.cases.map(each => ({
      ...each,
      run: async (store, another) => each.run(await part(store), async () => part(await another())),
    })),
  };
}

const itself = (store: StoreFixture) => store;

/** Every contract there is, for who has adapters of all ports: one loop runs them all. */
export const allContracts: readonly Contract<StoreFixture>[] = [
  over(unitOfWorkContract, itself),
  over(aggregateRepositoryContract, policiesAsAggregates, 'PolicyRepository as AggregateRepository'),
  over(aggregateRepositoryContract, couponsAsAggregates, 'CouponRepository as AggregateRepository'),
  over(aggregateRepositoryContract, reservationsAsAggregates, 'ReservationRepository as AggregateRepository'),
  over(policyRepositoryContract, itself),
  over(campaignRepositoryContract, itself),
  over(couponRepositoryContract, itself),
  over(overdueCouponsContract, itself),
  over(reservationRepositoryContract, itself),
  over(codeRepositoryContract, itself),
  over(codeJobsContract, itself),
  over(eventLogContract, itself),
  over(eventFeedContract, itself),
  over(eventBusContract, itself),
  over(eventBusFailuresContract, itself),
  over(groupProgressContract, itself),
  over(deadLettersContract, itself),
  over(idempotencyStoreContract, itself),
  over(ticketStoreContract, itself),
  over(couponQueriesContract, itself),
  over(couponRequestsContract, itself),
  over(policyQueriesContract, itself),
  over(pointLedgerContract, itself),
  over(pointQueriesContract, itself),
  over(clockContract, itself),
  over(idGeneratorContract, itself),
  over(stopwatchContract, itself),
  over(codeSecretsContract, itself),
  over(aggregateRepositoryContract, productsAsAggregates, 'ProductRepository as AggregateRepository'),
  over(aggregateRepositoryContract, stockAsAggregates, 'StockRepository as AggregateRepository'),
  over(aggregateRepositoryContract, stockHoldsAsAggregates, 'StockHoldRepository as AggregateRepository'),
  over(aggregateRepositoryContract, cartsAsAggregates, 'CartRepository as AggregateRepository'),
  over(stockRepositoryContract, itself),
  over(catalogueQueriesContract, itself),
  over(aggregateRepositoryContract, accountsAsAggregates, 'AccountRepository as AggregateRepository'),
  over(aggregateRepositoryContract, sessionsAsAggregates, 'SessionRepository as AggregateRepository'),
  over(aggregateRepositoryContract, refreshTokensAsAggregates, 'RefreshTokenRepository as AggregateRepository'),
  over(aggregateRepositoryContract, throttlesAsAggregates, 'ThrottleRepository as AggregateRepository'),
  over(accountRepositoryContract, itself),
  over(sessionRepositoryContract, itself),
  over(throttleRepositoryContract, itself),
  over(loginHistoryContract, itself),
  over(accountQueriesContract, itself),
  over(passwordHasherContract, itself),
  over(tokenSecretsContract, itself),
  over(personalDataContract, itself),
  over(aggregateRepositoryContract, ordersAsAggregates, 'OrderRepository as AggregateRepository'),
  over(orderRepositoryContract, itself),
  over(stuckOrdersContract, itself),
  over(paymentEventsContract, itself),
  over(orderQueriesContract, itself),
  over(orderPointsContract, itself),
  over(lockContract, itself),
  over(lockFencesContract, itself),
  over(cacheContract, itself),
  over(quotaGateContract, itself),
];
