import { type Refusal, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { type CouponRequest, requested } from '../../coupon-requests.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';

/** A wish for a coupon that need not be decided at once. */
export type RequestInput = Omit<CouponRequest, 'requestId'>;

type Stores = Pick<Adapters, 'ids' | 'policies' | 'events'>;

/** More policies than this are never on sale at a time. */
const MOST_REMEMBERED = 10_000;

/**
 * Accepts requests: each is one event, durable when the call returns and decided later by who subscribes to it. Only
 * a policy that does not exist is refused here; whatever else may be wrong is told by the outcome.
 */
export function requestCoupons(stores: Stores): UseCase<RequestInput, Outcome<CouponRequest>> {
  // A policy that was there once is there for ever.
  const known = new Set<string>();

  async function learn(tx: Transaction, policyIds: readonly string[]) {
    const unknown = [...new Set(policyIds)].filter(id => !known.has(id));
    if (unknown.length === 0) return;
    if (known.size > MOST_REMEMBERED) known.clear();
    for (const [id, { state }] of await stores.policies.load(tx, unknown)) if (state.status !== 'NONE') known.add(id);
  }

  return async (tx, inputs) => {
    await learn(
      tx,
      inputs.map(({ policyId }) => policyId),
    );
    const outcomes = inputs.map((input): Outcome<CouponRequest> => {
      const { policyId } = input;
      if (!known.has(policyId)) return refused(noPolicy(policyId));
      return done({ ...input, requestId: stores.ids.next() });
    });
    const events = outcomes.flatMap(outcome => (outcome.accepted ? [requested(outcome.value)] : []));
    if (events.length > 0) await stores.events.append(tx, events);
    return outcomes;
  };
}

const noPolicy = (policyId: string): Refusal => refusal('POLICY_NOT_FOUND', { policyId });
