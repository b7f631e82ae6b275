import type { CouponId, ReservationId, UserId } from '../ids.js';
import type { CouponEvent } from './coupon.js';
import { evolveReservation, type Reservation, reservationTransitions } from './reservation.js';

const owner = { couponId: 'c1' as CouponId, userId: 'ann' as UserId };
const key = 'r1' as ReservationId;
const reserved: CouponEvent = {
  type: 'CouponReserved',
  reservationId: key,
  orderNumber: 'o1',
  discount: 30,
  until: 500,
  at: 200,
};
const ends: CouponEvent[] = [
  { type: 'ReservationConfirmed', reservationId: key, at: 300 },
  { type: 'ReservationReleased', reservationId: key, at: 300 },
  { type: 'ReservationExpired', reservationId: key, at: 500 },
];
const none: Reservation = { status: 'NONE' };
const open = evolveReservation(none, reserved, owner);

describe('a reservation', () => {
  it('begins with the hold on its coupon', () =>
    expect(open).toEqual({
      status: 'RESERVED',
      ...owner,
      orderNumber: 'o1',
      discount: 30,
      expiresAt: 500,
      endedAt: null,
    }));

  it.each(ends)('ends once: $type, and no other end changes that', end => {
    const ended = evolveReservation(open, end, owner);
    expect(ended).toMatchObject({
      status: end.type.replace('Reservation', '').toUpperCase(),
      endedAt: (end as { at: number }).at,
    });
    for (const later of ends) expect(evolveReservation(ended, later, owner)).toEqual(ended);
  });

  it('can reach every status, and each end is final', () => {
    const reached = new Set(['NONE', ...Object.values(reservationTransitions).flatMap(row => Object.values(row))]);
    expect([...reached].sort()).toEqual(Object.keys(reservationTransitions).sort());
  });
});
