import type { Adapters } from '../../adapters.js';
import { type CouponRequest, requestRefused, requestStream } from '../../coupon-requests.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { issueCoupons } from './issue-coupons.js';

type Stores = Pick<Adapters, 'clock' | 'ids' | 'policies' | 'campaigns' | 'coupons' | 'events'>;

/** Version 1 of a request is its acceptance, the next one its refusal. */
const ACCEPTED = 1;

/**
 * Decides requests in the order in which they were accepted. A winner's coupon keeps the request as its cause, and a
 * refusal is the second event of the request: so a request that comes again finds its outcome, and keeps it whatever
 * has become possible since.
 */
export const decideRequests =
  (stores: Stores) =>
  async (tx: Transaction, requests: readonly CouponRequest[]): Promise<void> => {
    const open = await notRefused(stores, tx, requests);
    const outcomes = await issueCoupons(stores)(
      tx,
      open.map(({ requestId, policyId, userId, origin }) => ({
        ...{ policyId, userId, way: 'FIRST_COME', code: null, cause: requestStream(requestId), origin },
      })),
    );
    const refusals = open.flatMap((request, i) => {
      const outcome = outcomes[i];
      return outcome && !outcome.accepted ? [requestRefused(request, outcome.refusal)] : [];
    });
    if (refusals.length > 0) await stores.events.append(tx, refusals);
  };

/** Looks under the locks of the campaigns: whoever is at the same requests at the same time is waited for. */
async function notRefused({ campaigns, events }: Stores, tx: Transaction, requests: readonly CouponRequest[]) {
  const [, versions] = await Promise.all([
    campaigns.lock(
      tx,
      requests.map(({ policyId }) => policyId),
    ),
    events.versions(
      tx,
      requests.map(({ requestId }) => requestStream(requestId)),
    ),
  ]);
  return requests.filter((_, i) => versions[i] === ACCEPTED);
}
