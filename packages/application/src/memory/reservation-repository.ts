import type { Reservation } from '@org/domain';
import type { ReservationRepository } from '../ports/reservation-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { Table } from './table.js';

export class InMemoryReservationRepository extends InMemoryAggregates<Reservation> implements ReservationRepository {
  private readonly live = new Table<string>('live reservations by coupon');

  constructor() {
    super('reservations', { status: 'NONE' });
  }

  protected override async uphold(tx: Transaction, id: string, before: Reservation, after: Reservation) {
    if (before.status === 'RESERVED' && after.status !== 'RESERVED') {
      await this.live.lock(tx, [before.couponId]);
      this.live.set(tx, before.couponId, undefined);
    }
    if (before.status !== 'RESERVED' && after.status === 'RESERVED') await this.live.insert(tx, after.couponId, id);
  }
}
