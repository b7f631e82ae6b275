import type {
  Coupon,
  CouponFacts,
  CouponId,
  Limits,
  Policy,
  PolicyId,
  PolicyTerms,
  Reservation,
  ReservationId,
  UserId,
} from '@org/domain';
import type { Adapters } from '../adapters.js';

export const SECOND = 1_000;
export const DAY = 86_400_000;
/** 2026-03-01T12:34:56.789Z: has milliseconds to lose. */
export const AN_INSTANT = 1_772_368_496_789;

export const noLimits: Limits = { total: null, perUser: null, perDay: null, budget: null };

/** Terms of a plain policy: one tenth off, had in every way, without an end. */
export const terms = (changed: Partial<PolicyTerms> = {}): PolicyTerms => ({
  name: 'Ten percent',
  description: '',
  code: null,
  currency: 'KRW',
  timeZone: 'Asia/Seoul',
  discount: {
    type: 'PERCENTAGE',
    percent: '10',
    maxAmount: null,
    rounding: { mode: 'HALF_UP', unit: 1 },
    everyNthUnit: null,
    groupSize: null,
    maxUnits: null,
    maxUnitsPer: 'ORDER',
  },
  conditions: {
    minimumOrder: null,
    minimumQuantity: null,
    requires: { products: [], categories: [] },
    products: { include: [], exclude: [] },
    categories: { include: [], exclude: [] },
    channels: { include: [], exclude: [] },
    segments: { include: [], exclude: [] },
    excludeSaleItems: false,
    weekdays: [],
    hours: null,
    firstOrderOnly: false,
  },
  limits: noLimits,
  issuance: ['FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT'],
  issuePeriod: { from: null, until: null },
  validity: { from: null, until: null, untilInclusive: false, daysAfterIssue: null },
  stacking: { mode: 'STACKABLE', group: null, priority: 0, percentBase: 'INITIAL' },
  restoreOnCancel: true,
  refund: 'NONE',
  ...changed,
});

type StoredPolicy = Exclude<Policy, { status: 'NONE' }>;

export const aPolicy = (changed: Partial<StoredPolicy> = {}): StoredPolicy => ({
  status: 'ACTIVE',
  version: 1,
  terms: terms(),
  createdAt: AN_INSTANT,
  ...changed,
});

/** Facts of the coupon with this sequence number: of a user of its own, issued a millisecond after the one before it. */
export const facts = (policyId: string, sequence: number, changed: Partial<CouponFacts> = {}): CouponFacts => ({
  policyId: policyId as PolicyId,
  policyVersion: 1,
  userId: `user-${sequence}` as UserId,
  sequence,
  ordinal: 1,
  way: 'FIRST_COME',
  code: null,
  cause: null,
  issuedAt: AN_INSTANT + sequence,
  validFrom: AN_INSTANT + sequence,
  expiresAt: null,
  ...changed,
});

export const user = (name: string): UserId => name as UserId;

export const issued = (fact: CouponFacts): Coupon => ({ status: 'ISSUED', facts: fact });

export const reserved = (fact: CouponFacts, until: number, discount = 1_000): Coupon => ({
  status: 'RESERVED',
  facts: fact,
  hold: { reservationId: `hold-${fact.sequence}` as ReservationId, orderNumber: 'order-1', discount, until },
});

export const used = (fact: CouponFacts, discount = 1_000): Coupon => ({
  status: 'USED',
  facts: fact,
  use: {
    orderNumber: 'order-1',
    discount,
    usedAt: fact.issuedAt + SECOND,
    reservationId: null,
    cancelledAt: null,
  },
});

export const aReservation = (
  couponId: string,
  changed: Partial<Exclude<Reservation, { status: 'NONE' }>> = {},
): Reservation => ({
  status: 'RESERVED',
  couponId: couponId as CouponId,
  userId: user('ann'),
  orderNumber: 'order-1',
  discount: 1_000,
  expiresAt: AN_INSTANT + 600_001,
  endedAt: null,
  ...changed,
});

/** The first state of an aggregate at version 1. */
export const born = <State>(id: string, state: State) => ({ id, expectedVersion: 0, version: 1, state });

/** How many coupons the campaigns that the cases make say they have issued, when the case is not about it. */
const AMPLE = 1_000_000;

/** A policy with its campaign, ready for coupons. The figures are ample, so that no store misses its coupons. */
export async function anOpenPolicy(
  { unitOfWork, ids, policies, campaigns }: Pick<Adapters, 'unitOfWork' | 'ids' | 'policies' | 'campaigns'>,
  { policy = aPolicy(), count = AMPLE }: { readonly policy?: StoredPolicy; readonly count?: number } = {},
): Promise<string> {
  const policyId = ids.next();
  await unitOfWork.run(async tx => {
    await policies.save(tx, [born(policyId, policy)]);
    await campaigns.open(tx, policyId, policy.terms.limits);
    const campaign = (await campaigns.lock(tx, [policyId])).get(policyId);
    if (campaign && count > 0)
      await campaigns.save(tx, [{ ...campaign, issued: count, day: '2026-03-01', issuedToday: count }]);
  });
  return policyId;
}
