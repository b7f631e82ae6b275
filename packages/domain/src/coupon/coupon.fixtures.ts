import type { PolicyId, ReservationId, UserId } from '../ids.js';
import type { Coupon, CouponCommand, CouponEvent, CouponFacts } from './coupon.js';
import { coupon } from './coupon-decider.js';

export const facts = (more: Partial<CouponFacts> = {}): CouponFacts => ({
  policyId: '01890000-0000-7000-8000-000000000001' as PolicyId,
  policyVersion: 1,
  userId: 'ann' as UserId,
  sequence: 1,
  ordinal: 1,
  way: 'FIRST_COME',
  code: null,
  cause: null,
  issuedAt: 100,
  validFrom: 100,
  expiresAt: 1_000,
  ...more,
});

export const issue = (more: Partial<CouponFacts> = {}): CouponCommand => ({ type: 'Issue', facts: facts(more) });
export const reserve = (
  key: string,
  more: { at?: number; until?: number; orderNumber?: string } = {},
): CouponCommand => ({
  type: 'Reserve',
  reservationId: key as ReservationId,
  orderNumber: 'order-1',
  discount: 30,
  at: 200,
  until: 500,
  ...more,
});
export const confirm = (key: string, at = 300): CouponCommand => ({
  type: 'Confirm',
  reservationId: key as ReservationId,
  at,
});
export const release = (key: string, at = 300): CouponCommand => ({
  type: 'Release',
  reservationId: key as ReservationId,
  at,
});
export const use = (at = 300, orderNumber = 'order-1'): CouponCommand => ({
  type: 'Use',
  orderNumber,
  discount: 30,
  at,
});
export const cancelUse = (at = 400, restore = true, of: string | null = null): CouponCommand => ({
  type: 'CancelUse',
  reservationId: of as ReservationId | null,
  restore,
  reason: 'returned',
  at,
});
export const revoke = (at = 300): CouponCommand => ({ type: 'Revoke', reason: 'fraud', at });
export const expire = (at: number): CouponCommand => ({ type: 'Expire', at });

/** The coupon after commands that are all accepted. */
export const given = (...commands: CouponCommand[]): Coupon =>
  commands.reduce<Coupon>((state, command) => when(state, command).state, coupon.initial);

export function when(state: Coupon, command: CouponCommand): { state: Coupon; events: readonly CouponEvent[] } {
  const decision = coupon.decide(state, command);
  if (!decision.accepted) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
  return { state: decision.events.reduce(coupon.evolve, state), events: decision.events };
}

export const refusalOf = (state: Coupon, command: CouponCommand) => {
  const decision = coupon.decide(state, command);
  return decision.accepted ? null : decision.refusal;
};
