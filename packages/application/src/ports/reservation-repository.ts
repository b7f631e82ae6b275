import type { Reservation } from '@org/domain';
import type { AggregateRepository } from './aggregate-repository.js';

/** Reservations by the caller's key. A reservation is written by whoever holds the lock of its coupon. */
export type ReservationRepository = AggregateRepository<Reservation>;
