import type { Transitions } from '../decider.js';
import type { CouponId, ReservationId, UserId } from '../ids.js';
import type { Instant } from '../time.js';
import type { CouponEvent } from './coupon.js';

/**
 * The record of one hold under the caller's key: what the same key is answered with again.
 * The coupon decides; its events move the reservation.
 */
export type Reservation =
  | { readonly status: 'NONE' }
  | {
      readonly status: ReservationStatus;
      readonly couponId: CouponId;
      readonly userId: UserId;
      readonly orderNumber: string;
      /** Minor units. */
      readonly discount: number;
      readonly expiresAt: Instant;
      /** Null while RESERVED. */
      readonly endedAt: Instant | null;
    };

export type ReservationStatus = 'RESERVED' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED';

/** A reservation ends once: nothing follows its end. */
export const reservationTransitions = {
  NONE: { CouponReserved: 'RESERVED' },
  RESERVED: { ReservationConfirmed: 'CONFIRMED', ReservationReleased: 'RELEASED', ReservationExpired: 'EXPIRED' },
  CONFIRMED: {},
  RELEASED: {},
  EXPIRED: {},
} as const satisfies Transitions<Reservation['status'], CouponEvent['type']>;

/** The key of the reservation that an event is about; null = none. */
export const reservationIdOf = (event: CouponEvent): ReservationId | null =>
  'reservationId' in event ? event.reservationId : null;

/** The reservation after an event of its coupon. `owner` tells whose coupon it is. */
export function evolveReservation(
  reservation: Reservation,
  event: CouponEvent,
  owner: { readonly couponId: CouponId; readonly userId: UserId },
): Reservation {
  if (event.type === 'CouponReserved') {
    const { orderNumber, discount, until } = event;
    return { status: 'RESERVED', ...owner, orderNumber, discount, expiresAt: until, endedAt: null };
  }
  if (reservation.status === 'NONE') return reservation;
  const next: Partial<Record<CouponEvent['type'], ReservationStatus>> = reservationTransitions[reservation.status];
  const status = next[event.type];
  return status && 'at' in event ? { ...reservation, status, endedAt: event.at } : reservation;
}
