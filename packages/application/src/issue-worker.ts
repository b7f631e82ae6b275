import type { Adapters } from './adapters.js';
import { type CouponRequest, couponRequestEventTypes, requestOf } from './coupon-requests.js';
import { handled, type Subscription } from './ports/event-bus.js';
import { afterConflicts } from './use-case.js';
import { decideRequests } from './use-cases/coupon/decide-requests.js';

/** What has to be subscribed to, in one process or in many, for requests of coupons to be decided. */
export function couponRequestSubscription(adapters: Adapters): Subscription {
  const decide = decideRequests(adapters);
  return {
    group: 'issue-worker',
    types: [couponRequestEventTypes.CouponRequested],
    handle: async events => {
      const requests = new Map<string, CouponRequest>();
      for (const event of events) requests.set(event.id, requestOf(event));
      await afterConflicts(() => adapters.unitOfWork.run(tx => decide(tx, [...requests.values()])));
      return events.map(() => handled);
    },
  };
}
