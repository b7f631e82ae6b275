import {
  type Campaign,
  type Coupon,
  type CouponFacts,
  type CouponId,
  decideIssue,
  type IssueContext,
  type IssuedCoupon,
  type IssueWay,
  refusal,
  type UserId,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { couponEvents } from '../../events.js';
import { done, type Outcome, refused } from '../../outcome.js';
import { ConflictError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';

/** One wish for a coupon of a policy. */
export interface IssueInput {
  readonly policyId: string;
  readonly userId: string;
  readonly way: IssueWay;
  /** The unique code that is being redeemed, normalised; null = none. */
  readonly code: string | null;
  /** The business event that it is for: the same cause again answers the same coupon; null = none. */
  readonly cause: string | null;
  readonly origin: Origin;
}

type Stores = Pick<Adapters, 'clock' | 'ids' | 'policies' | 'campaigns' | 'coupons' | 'events'>;

/**
 * Issues coupons, in the order of the wishes and exactly as many as there are: the campaign is locked, each wish
 * is decided on what the ones before it have left, and all winners are written together.
 */
export const issueCoupons =
  (stores: Stores): UseCase<IssueInput, Outcome<IssuedCoupon>> =>
  async (tx, inputs) => {
    const outcomes = new Array<Outcome<IssuedCoupon>>(inputs.length);
    const indexed = inputs.map((input, index) => ({ input, index }));
    // In the order of the ids, so that two batches over the same policies don't deadlock.
    for (const policyId of [...new Set(inputs.map(input => input.policyId))].sort()) {
      const group = indexed.filter(({ input }) => input.policyId === policyId);
      const results = await issueOfOne(
        stores,
        tx,
        policyId,
        group.map(({ input }) => input),
      );
      group.forEach(({ index }, i) => {
        outcomes[index] = results[i] as Outcome<IssuedCoupon>;
      });
    }
    return outcomes;
  };

async function issueOfOne(stores: Stores, tx: Transaction, policyId: string, inputs: readonly IssueInput[]) {
  // All of it under the lock and all at once: an adapter that can sends them in one go.
  const [campaigns, policies, held, served, at] = await Promise.all([
    stores.campaigns.lock(tx, [policyId]),
    stores.policies.load(tx, [policyId]),
    heldBy(stores, tx, policyId, inputs),
    servedBefore(stores, tx, policyId, inputs),
    stores.clock.now(tx),
  ]);
  const campaign = campaigns.get(policyId);
  if (!campaign) return inputs.map(() => refused(refusal('POLICY_NOT_FOUND', { policyId })));
  const policy = policies.get(policyId)?.state;
  if (!policy || policy.status === 'NONE') throw new Error(`campaign ${policyId} has no policy`);
  const context = { status: policy.status, version: policy.version, terms: policy.terms, at };
  const { outcomes, after, issued } = decideAll(stores, campaign, context, inputs, { held, served });
  if (issued.length > 0) await saveIssued(stores, tx, after, issued);
  return outcomes;
}

async function heldBy(stores: Stores, tx: Transaction, policyId: string, inputs: readonly IssueInput[]) {
  const users = [...new Set(inputs.map(({ userId }) => userId))];
  const counts = await stores.coupons.held(tx, policyId, users);
  return new Map(users.map((user, i) => [user, counts[i] ?? 0]));
}

/** The coupons that wishes with a cause were answered with before, by `user cause`. */
async function servedBefore(stores: Stores, tx: Transaction, policyId: string, inputs: readonly IssueInput[]) {
  const causes = inputs.flatMap(({ userId, cause }) => (cause === null ? [] : [{ userId, cause }]));
  if (causes.length === 0) return new Map<string, IssuedCoupon>();
  const ids = await stores.coupons.servedBefore(tx, policyId, causes);
  const coupons = await stores.coupons.load(
    tx,
    ids.filter(id => id !== null),
  );
  return new Map(
    causes.flatMap(({ userId, cause }, i): [string, IssuedCoupon][] => {
      const id = ids[i];
      const state = id ? coupons.get(id)?.state : undefined;
      return id && state && state.status !== 'NONE' ? [[`${userId} ${cause}`, { ...state, id: id as CouponId }]] : [];
    }),
  );
}

interface Issued {
  readonly id: CouponId;
  readonly facts: CouponFacts;
  readonly origin: Origin;
}

interface Before {
  readonly held: Map<string, number>;
  readonly served: Map<string, IssuedCoupon>;
}

function decideAll(
  stores: Stores,
  campaign: Campaign,
  context: IssueContext,
  inputs: readonly IssueInput[],
  { held, served }: Before,
) {
  const issued: Issued[] = [];
  let after = campaign;
  const outcomes = inputs.map(({ userId, way, code, cause, origin }): Outcome<IssuedCoupon> => {
    const again = cause === null ? undefined : served.get(`${userId} ${cause}`);
    if (again) return done(again);
    const id = stores.ids.next() as CouponId;
    const had = held.get(userId) ?? 0;
    const decision = decideIssue(after, context, { couponId: id, userId: userId as UserId, way, code, cause }, had);
    if (!decision.accepted) return refused(decision.refusal);
    after = decision.campaign;
    held.set(userId, had + 1);
    issued.push({ id, facts: decision.facts, origin });
    const coupon: IssuedCoupon = { status: 'ISSUED', facts: decision.facts, id };
    if (cause !== null) served.set(`${userId} ${cause}`, coupon);
    return done(coupon);
  });
  return { outcomes, after, issued };
}

async function saveIssued(stores: Stores, tx: Transaction, campaign: Campaign, issued: readonly Issued[]) {
  const changes = issued.map(({ id, facts }) => {
    const state: Coupon = { status: 'ISSUED', facts };
    return { id, expectedVersion: 0, version: 1, state };
  });
  const events = issued.flatMap(({ id, facts, origin }) =>
    couponEvents({ id, expectedVersion: 0, events: [{ type: 'CouponIssued', ...facts }], origin }, facts),
  );
  const [written] = await Promise.all([
    stores.coupons.save(tx, changes),
    stores.campaigns.save(tx, [campaign]),
    stores.events.append(tx, events),
  ]);
  if (written.size !== issued.length) throw new ConflictError('a new coupon has the id of another one');
}
