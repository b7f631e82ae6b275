import type { Adapters, NewEvent } from '@org/application';
import {
  type Coupon,
  type CouponFacts,
  type CouponId,
  definePolicy,
  type Limits,
  type PolicyId,
  type PolicyTerms,
  type ReservationId,
  type UserId,
} from '@org/domain';

/** 2026-03-01T12:34:56.789Z: has milliseconds to lose. */
export const AN_INSTANT = 1_772_368_496_789;

/** A plain policy: ten percent off, had in every way, without an end. */
export function aPolicyWith(limits: Partial<Limits> = {}): PolicyTerms {
  const defined = definePolicy({
    name: 'Ten percent',
    currency: 'KRW',
    discount: { type: 'PERCENTAGE', percent: '10' },
    issuance: ['FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT'],
    limits,
  });
  if (!defined.ok) throw new Error(JSON.stringify(defined.violations));
  return defined.value;
}

/** An active policy with its campaign at zero. */
export async function anActivePolicy(stores: Adapters, limits: Partial<Limits> = {}): Promise<PolicyId> {
  const policyId = stores.ids.next() as PolicyId;
  const terms = aPolicyWith(limits);
  await stores.unitOfWork.run(async tx => {
    const state = { status: 'ACTIVE', version: 1, terms, createdAt: AN_INSTANT } as const;
    await stores.policies.save(tx, [{ id: policyId, expectedVersion: 0, version: 2, state }]);
    await stores.campaigns.open(tx, policyId, terms.limits);
  });
  return policyId;
}

export const factsOf = (policyId: PolicyId, sequence: number, changed: Partial<CouponFacts> = {}): CouponFacts => ({
  policyId,
  policyVersion: 1,
  userId: `user-${sequence}` as UserId,
  sequence,
  ordinal: 1,
  way: 'FIRST_COME',
  code: null,
  cause: null,
  issuedAt: AN_INSTANT,
  validFrom: AN_INSTANT,
  expiresAt: null,
  ...changed,
});

export interface Given {
  readonly id: CouponId;
  readonly state: Exclude<Coupon, { status: 'NONE' }>;
}

/** Stores coupons as they are and counts them in the campaign: what a correct caller does. */
export async function storeCoupons(
  stores: Adapters,
  policyId: PolicyId,
  states: readonly Given['state'][],
): Promise<Given[]> {
  const given = states.map(state => ({ id: stores.ids.next() as CouponId, state }));
  await stores.unitOfWork.run(async tx => {
    const campaign = (await stores.campaigns.lock(tx, [policyId])).get(policyId);
    if (!campaign) throw new Error('no campaign');
    await stores.coupons.save(
      tx,
      given.map(({ id, state }) => ({ id, expectedVersion: 0, version: 1, state })),
    );
    await stores.campaigns.save(tx, [{ ...campaign, issued: campaign.issued + given.length }]);
  });
  return given;
}

export const heldUntil = (facts: CouponFacts, until: number, reservationId = `hold-${facts.sequence}`) =>
  ({
    status: 'RESERVED',
    facts,
    hold: { reservationId: reservationId as ReservationId, orderNumber: 'order-1', discount: 500, until },
  }) as const;

export const anEvent = (streamId: string, streamVersion = 1): NewEvent => ({
  streamId,
  streamVersion,
  type: 'test.happened.v1',
  data: { streamId },
  key: 'a key',
  origin: { actor: 'somebody', traceparent: null },
});
