import { type IssuedCoupon, normaliseCode } from '@org/domain';
import type { Adapters } from './adapters.js';
import type { CouponRequest } from './coupon-requests.js';
import { GateKeeper, type GateKeeperOptions } from './gate-keeper.js';
import { IssueDesk, type IssueDeskOptions } from './issue-desk.js';
import { couponRequestSubscription } from './issue-worker.js';
import { refused } from './outcome.js';
import type { CodeJob } from './ports/code-repository.js';
import type { PolicyView } from './ports/coupon-queries.js';
import type { Subscription } from './ports/event-bus.js';
import { sharedDoor } from './shared-lane.js';
import { type Door, door } from './use-case.js';
import { type EndReservationInput, endReservations } from './use-cases/coupon/end-reservations.js';
import { expireOverdue, onFreedBudget } from './use-cases/coupon/expire-overdue.js';
import { advanceCodeJob, type GenerateCodesInput, startCodeJobs } from './use-cases/coupon/generate-codes.js';
import { type IssueInput, issueCoupons, type ObtainedCoupon } from './use-cases/coupon/issue-coupons.js';
import { underLock } from './use-cases/coupon/issue-under-lock.js';
import { managePolicies, type PolicyInput } from './use-cases/coupon/manage-policies.js';
import { quoteCart } from './use-cases/coupon/quote-cart.js';
import { type RedeemInput, redeemCodes } from './use-cases/coupon/redeem-code.js';
import { type RequestInput, requestCoupons } from './use-cases/coupon/request-coupons.js';
import {
  type LiveReservation,
  type Reserved,
  type ReserveInput,
  reserveCoupons,
} from './use-cases/coupon/reserve-coupons.js';
import { type CouponChangeInput, changeCoupons } from './use-cases/coupon/use-coupons.js';

/**
 * How concurrent issues share the campaigns. `GROUP_COMMIT`: those that come together are written together, whatever
 * the campaign, one batch at a time; the next one queues up for the rows while the one before commits. `ROW_LOCK`: each in its own transaction, waiting for the row.
 * `REDIS_GATE`: as `GROUP_COMMIT`, but a gate stands before it that admits as many as there are coupons, for all processes.
 */
export type IssueStrategy = 'GROUP_COMMIT' | 'ROW_LOCK' | 'REDIS_GATE';

export interface PromotionsOptions {
  /** Default `GROUP_COMMIT`. */
  readonly issueStrategy?: IssueStrategy;
  /** Most issues in one transaction. Default 1000. */
  readonly maxIssueBatch?: number;
  readonly desk?: IssueDeskOptions;
  readonly gate?: GateKeeperOptions;
}

/** The whole coupon area behind its front doors: what an inbound adapter calls. */
export interface Promotions {
  readonly issue: Door<IssueInput, ObtainedCoupon>;
  /** Accepts a wish that is decided later, by the subscriptions. */
  readonly request: Door<RequestInput, CouponRequest>;
  /** The same by another strategy: one process at a time, under a lock. */
  readonly issueUnderLock: Door<IssueInput, ObtainedCoupon>;
  readonly redeem: Door<RedeemInput, IssuedCoupon>;
  readonly reserve: Door<ReserveInput, Reserved>;
  readonly endReservation: Door<EndReservationInput, LiveReservation>;
  readonly changeCoupon: Door<CouponChangeInput, IssuedCoupon>;
  readonly managePolicy: Door<PolicyInput, PolicyView>;
  readonly startCodeJob: Door<GenerateCodesInput, CodeJob>;
  /** To be given to an `EventConsumer`: without them no request is decided. */
  readonly subscriptions: readonly Subscription[];
  readonly quote: ReturnType<typeof quoteCart>;
  readonly advanceCodeJob: ReturnType<typeof advanceCodeJob>;
  readonly expireOverdue: ReturnType<typeof expireOverdue>;
}

const oneByOne = { together: false } as const;
/** Inputs that come at the same time share a batch; two batches at a time keep the disk and the processor busy. */
const together = { together: true, maxBatch: 500, concurrency: 2 } as const;

export function createPromotions(adapters: Adapters, options: PromotionsOptions = {}): Promotions {
  const { issueStrategy = 'GROUP_COMMIT', maxIssueBatch = 1_000 } = options;
  const desk = new IssueDesk(adapters.queries, adapters.stopwatch, options.desk);
  /** Asks the store only where a sell-out is not certain. */
  const atDesk =
    (store: Door<IssueInput, ObtainedCoupon>): Door<IssueInput, ObtainedCoupon> =>
    async item => {
      const certain = item.once ? null : desk.refusalFor(item.input);
      if (certain) return { kind: 'DONE', result: refused(certain) };
      const answered = await store(item);
      if (answered.kind === 'DONE' && !answered.result.accepted)
        desk.learn(item.input.policyId, answered.result.refusal.code);
      return answered;
    };
  const issue = atDesk(
    sharedDoor(adapters, issueCoupons(adapters), ({ policyId }) => policyId, {
      ...{ maxBatch: maxIssueBatch, together: issueStrategy !== 'ROW_LOCK' },
    }),
  );
  const keeper = issueStrategy === 'REDIS_GATE' ? new GateKeeper(adapters, issue, options.gate) : null;
  const policyDoor = door(adapters, managePolicies(adapters), oneByOne);

  return {
    issue: keeper ? item => keeper.pass(item) : issue,
    issueUnderLock: atDesk(
      door(adapters, issueCoupons(adapters), {
        ...{ together: true, maxBatch: maxIssueBatch, guard: underLock(adapters) },
        // One lock, one lane: nobody waits for the lock of another campaign.
        lane: ({ policyId }) => policyId,
      }),
    ),
    async managePolicy(item) {
      const answered = await policyDoor(item);
      if ('policyId' in item.input) {
        desk.forget(item.input.policyId);
        await keeper?.forget(item.input.policyId);
      }
      return answered;
    },
    request: door(adapters, requestCoupons(adapters), together),
    subscriptions: [couponRequestSubscription(adapters)],
    redeem: sharedDoor(adapters, redeemCodes(adapters), ({ code }) => normaliseCode(code), together),
    reserve: door(adapters, onFreedBudget(adapters, reserveCoupons(adapters)), together),
    endReservation: door(adapters, endReservations(adapters), together),
    changeCoupon: door(adapters, onFreedBudget(adapters, changeCoupons(adapters)), together),
    startCodeJob: door(adapters, startCodeJobs(adapters), oneByOne),
    quote: quoteCart(adapters),
    advanceCodeJob: advanceCodeJob(adapters),
    expireOverdue: expireOverdue(adapters),
  };
}
