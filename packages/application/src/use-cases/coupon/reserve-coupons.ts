import {
  type Cart,
  cartOfAmount,
  needsCart,
  type PolicyTerms,
  priceOfCoupon,
  type Reservation,
  type ReservationId,
  refusal,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';
import { type CouponBatch, openCoupons } from './coupon-batch.js';

/**
 * What the discount is worked out from: the whole cart, or just the amount of the order (one eligible line). An order
 * that was priced already, with all its coupons together, brings the `discount` itself, minor units.
 */
export type OrderBasis =
  | { readonly cart: Omit<Cart, 'at'> }
  | { readonly amount: number; readonly currency: string }
  | { readonly discount: number };

export interface ReserveInput {
  readonly reservationId: string;
  readonly couponId: string;
  /** Whose coupon it must be; null = anybody's (a service acts). */
  readonly owner: string | null;
  readonly orderNumber: string;
  readonly basis: OrderBasis;
  readonly ttlSeconds: number;
  readonly origin: Origin;
}

export type LiveReservation = Exclude<Reservation, { status: 'NONE' }> & { readonly reservationId: string };

export interface Reserved {
  readonly reservation: LiveReservation;
  /** False when the key was there before. */
  readonly created: boolean;
}

type Stores = Pick<Adapters, 'clock' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'events'>;

/** Holds coupons for orders. The same key again is answered with the same reservation, whatever became of it. */
export const reserveCoupons =
  (stores: Stores): UseCase<ReserveInput, Outcome<Reserved>> =>
  async (tx, inputs) => {
    const batch = await openCoupons(
      stores,
      tx,
      inputs.map(({ couponId }) => couponId),
      inputs.map(({ reservationId }) => reservationId),
    );
    const outcomes = inputs.map(input => reserveOne(batch, input));
    await batch.save();
    return outcomes;
  };

/** Holds one coupon, in a batch that has opened it. */
export function reserveOne(batch: CouponBatch, input: ReserveInput): Outcome<Reserved> {
  const { reservationId, couponId, orderNumber, ttlSeconds, origin } = input;
  const before = batch.reservation(reservationId);
  if (before.status !== 'NONE') return sameAgain(before, input, batch.now);
  if (!owns(batch, input)) return refused(refusal('COUPON_NOT_FOUND', { couponId }));
  const price = discountOf(batch, input);
  if (!price.accepted) return price;
  const outcome = batch.decide(
    couponId,
    {
      type: 'Reserve',
      reservationId: reservationId as ReservationId,
      orderNumber,
      discount: price.value,
      until: batch.now + ttlSeconds * 1000,
      at: batch.now,
    },
    origin,
  );
  if (!outcome.accepted) return outcome;
  return done({ reservation: stored(batch, reservationId), created: true });
}

export function stored(batch: CouponBatch, reservationId: string): LiveReservation {
  const reservation = batch.reservation(reservationId);
  if (reservation.status === 'NONE') throw new Error(`reservation ${reservationId} was not opened`);
  return { ...reservation, reservationId };
}

function sameAgain(
  before: Exclude<Reservation, { status: 'NONE' }>,
  input: ReserveInput,
  now: number,
): Outcome<Reserved> {
  const { reservationId, couponId, owner, orderNumber } = input;
  if (owner !== null && before.userId !== owner) return refused(refusal('RESERVATION_ID_TAKEN', { reservationId }));
  if (before.couponId !== couponId || before.orderNumber !== orderNumber) {
    const data = { reservationId, couponId: before.couponId, orderNumber: before.orderNumber };
    return refused(refusal('RESERVATION_ID_REUSED', data));
  }
  const over = before.status === 'RESERVED' && before.expiresAt <= now;
  const reservation = over ? ({ ...before, status: 'EXPIRED', endedAt: before.expiresAt } as const) : before;
  return done({ reservation: { ...reservation, reservationId }, created: false });
}

/** Somebody else's coupon is as good as none. */
export function owns(
  batch: CouponBatch,
  { couponId, owner }: { readonly couponId: string; readonly owner: string | null },
) {
  const coupon = batch.coupon(couponId);
  return coupon.status !== 'NONE' && (owner === null || coupon.facts.userId === owner);
}

/** The discount in minor units that the coupon gives on this order now, by the terms it is pinned to. */
export function discountOf(
  batch: CouponBatch,
  { couponId, basis }: { readonly couponId: string; readonly basis: OrderBasis },
): Outcome<number> {
  const terms = batch.terms(couponId);
  if (!terms) return refused(refusal('COUPON_NOT_FOUND', { couponId }));
  if ('discount' in basis) return done(basis.discount);
  const cart = cartOf(terms, basis, batch.now);
  if (!cart) return refused(refusal('CART_REQUIRED', { couponId }));
  const price = priceOfCoupon(cart, terms);
  return price.accepted ? done(price.discount) : refused(price.refusal);
}

const cartOf = (terms: PolicyTerms, basis: Exclude<OrderBasis, { discount: number }>, now: number) => {
  if ('cart' in basis) return { ...basis.cart, at: now };
  return needsCart(terms) ? null : cartOfAmount(basis.amount, basis.currency, now);
};
