import { type ReservationId, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';
import { type CouponBatch, openCoupons } from './coupon-batch.js';
import { type LiveReservation, stored } from './reserve-coupons.js';

export interface EndReservationInput {
  readonly reservationId: string;
  readonly end: 'Confirm' | 'Release';
  /** Whose reservation it must be; null = anybody's (a service acts). */
  readonly owner: string | null;
  readonly origin: Origin;
}

type Stores = Pick<Adapters, 'clock' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'events'>;

const wanted = { Confirm: 'CONFIRMED', Release: 'RELEASED' } as const;

/** Confirms or releases holds, once each: the same end again is answered alike, the other end is refused. */
export const endReservations =
  (stores: Stores): UseCase<EndReservationInput, Outcome<LiveReservation>> =>
  async (tx, inputs) => {
    const ids = inputs.map(({ reservationId }) => reservationId);
    const known = await stores.reservations.load(tx, [...new Set(ids)]);
    const couponIds = [...known.values()].flatMap(({ state }) => (state.status === 'NONE' ? [] : [state.couponId]));
    const batch = await openCoupons(stores, tx, couponIds, ids);
    const outcomes = inputs.map(input => endReservation(batch, input));
    await batch.save();
    return outcomes;
  };

/** Ends one hold, in a batch that has opened it and its coupon. */
export function endReservation(
  batch: CouponBatch,
  { reservationId, end, owner, origin }: EndReservationInput,
): Outcome<LiveReservation> {
  const reservation = batch.reservation(reservationId);
  if (reservation.status === 'NONE' || (owner !== null && reservation.userId !== owner))
    return refused(refusal('RESERVATION_NOT_FOUND', { reservationId }));
  if (reservation.status === wanted[end]) return done({ ...reservation, reservationId });
  if (reservation.status !== 'RESERVED') {
    // A hold that the time has ended is as released as the caller wants it.
    if (reservation.status === 'EXPIRED' && end === 'Release') return done({ ...reservation, reservationId });
    const code = reservation.status === 'EXPIRED' ? 'RESERVATION_EXPIRED' : 'RESERVATION_NOT_ACTIVE';
    return refused(refusal(code, { reservationId, status: reservation.status }));
  }
  const command = { type: end, reservationId: reservationId as ReservationId, at: batch.now } as const;
  const outcome = batch.decide(reservation.couponId, command, origin);
  return outcome.accepted ? done(stored(batch, reservationId)) : outcome;
}
