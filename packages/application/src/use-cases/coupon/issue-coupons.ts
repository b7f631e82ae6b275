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
import type { Holder } from '../../ports/coupon-repository.js';
import { ConflictError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { heldBefore, heldKey } from './held-before.js';

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

/** A coupon that was asked for: `created` tells it from one that the same cause got before. */
export type ObtainedCoupon = IssuedCoupon & { readonly created: boolean };

type Stores = Pick<Adapters, 'clock' | 'ids' | 'policies' | 'campaigns' | 'coupons' | 'events'>;

/**
 * Issues coupons, in the order of the wishes and exactly as many as there are: the campaigns are locked, each wish
 * is decided on what the ones before it have left, and all winners are written together.
 */
export const issueCoupons =
  (stores: Stores): UseCase<IssueInput, Outcome<ObtainedCoupon>> =>
  async (tx, inputs) => {
    const before = await load(stores, tx, inputs);
    const issued: Issued[] = [];
    const outcomes = inputs.map(input => {
      const { outcome, coupon } = decide(stores, before, input);
      if (coupon) issued.push(coupon);
      return outcome;
    });
    if (issued.length > 0) await save(stores, tx, before, issued);
    return outcomes;
  };

/** A campaign, as the wishes before have left it. */
interface Sale {
  readonly context: IssueContext;
  campaign: Campaign;
}

interface Before {
  readonly sales: ReadonlyMap<string, Sale>;
  /** How many coupons each has had, by `heldKey`. */
  readonly held: Map<string, number>;
  /** What wishes with a cause were answered with, by `causeKey`. */
  readonly served: Map<string, IssuedCoupon>;
  /** Unique codes that became coupons. */
  readonly redeemed: Set<string>;
}

const causeKey = (wish: Holder & { readonly cause: string }) => `${heldKey(wish)} ${wish.cause}`;

async function load(stores: Stores, tx: Transaction, inputs: readonly IssueInput[]): Promise<Before> {
  const policyIds = [...new Set(inputs.map(({ policyId }) => policyId))];
  // All of it under the locks and all at once: an adapter that can sends them in one go.
  const [campaigns, policies, held, served, at] = await Promise.all([
    stores.campaigns.lock(tx, policyIds),
    stores.policies.load(tx, policyIds),
    heldBefore(stores, tx, inputs),
    servedBefore(stores, tx, inputs),
    stores.clock.now(tx),
  ]);
  const saleOf = (campaign: Campaign): Sale => {
    const policy = policies.get(campaign.policyId)?.state;
    if (!policy || policy.status === 'NONE') throw new Error(`campaign ${campaign.policyId} has no policy`);
    return { campaign, context: { status: policy.status, version: policy.version, terms: policy.terms, at } };
  };
  const sales = new Map([...campaigns].map(([policyId, campaign]) => [policyId, saleOf(campaign)]));
  return { sales, held, served, redeemed: new Set() };
}

async function servedBefore({ coupons }: Stores, tx: Transaction, inputs: readonly IssueInput[]) {
  const causes = inputs.flatMap(({ policyId, userId, cause }) => (cause === null ? [] : [{ policyId, userId, cause }]));
  if (causes.length === 0) return new Map<string, IssuedCoupon>();
  const ids = await coupons.servedBefore(tx, causes);
  const found = await coupons.load(
    tx,
    ids.filter(id => id !== null),
  );
  return new Map(
    causes.flatMap((cause, i): [string, IssuedCoupon][] => {
      const id = ids[i];
      const state = id ? found.get(id)?.state : undefined;
      return id && state && state.status !== 'NONE' ? [[causeKey(cause), { ...state, id: id as CouponId }]] : [];
    }),
  );
}

interface Issued {
  readonly id: CouponId;
  readonly facts: CouponFacts;
  readonly origin: Origin;
}

interface Decided {
  readonly outcome: Outcome<ObtainedCoupon>;
  readonly coupon?: Issued;
}

/** Decides one wish, and leaves what it took to the ones after it. */
function decide({ ids }: Stores, { sales, held, served, redeemed }: Before, input: IssueInput): Decided {
  const { policyId, userId, way, code, cause, origin } = input;
  const sale = sales.get(policyId);
  if (!sale) return { outcome: refused(refusal('POLICY_NOT_FOUND', { policyId })) };
  const again = cause === null ? undefined : served.get(causeKey({ policyId, userId, cause }));
  if (again) return { outcome: done({ ...again, created: false }) };
  if (code !== null && redeemed.has(code)) return { outcome: refused(refusal('CODE_ALREADY_REDEEMED', { code })) };
  const id = ids.next() as CouponId;
  const had = held.get(heldKey(input)) ?? 0;
  const wish = { couponId: id, userId: userId as UserId, way, code, cause };
  const decision = decideIssue(sale.campaign, sale.context, wish, had);
  if (!decision.accepted) return { outcome: refused(decision.refusal) };
  const { campaign, facts } = decision;
  const coupon: IssuedCoupon = { status: 'ISSUED', facts, id };
  sale.campaign = campaign;
  held.set(heldKey(input), had + 1);
  if (code !== null) redeemed.add(code);
  if (cause !== null) served.set(causeKey({ policyId, userId, cause }), coupon);
  return { outcome: done({ ...coupon, created: true }), coupon: { id, facts, origin } };
}

async function save(stores: Stores, tx: Transaction, { sales }: Before, issued: readonly Issued[]) {
  const changes = issued.map(({ id, facts }) => {
    const state: Coupon = { status: 'ISSUED', facts };
    return { id, expectedVersion: 0, version: 1, state };
  });
  const events = issued.flatMap(({ id, facts, origin }) =>
    couponEvents({ id, expectedVersion: 0, events: [{ type: 'CouponIssued', ...facts }], origin }, facts),
  );
  const sold = new Set<string>(issued.map(({ facts }) => facts.policyId));
  const campaigns = [...sales.values()].flatMap(({ campaign }) => (sold.has(campaign.policyId) ? [campaign] : []));
  const [written] = await Promise.all([
    stores.coupons.save(tx, changes),
    stores.campaigns.save(tx, campaigns),
    stores.events.append(tx, events),
  ]);
  if (written.size !== issued.length) throw new ConflictError('a new coupon has the id of another one');
}
