import assert from 'node:assert/strict';
import type { Reservation } from '@org/domain';
import type { Adapters } from '../adapters.js';
import { twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';
import { AN_INSTANT, aReservation, born } from './samples.js';

export type ReservationRepositoryFixture = Pick<Adapters, 'unitOfWork' | 'reservations' | 'ids'>;
type Fixture = ReservationRepositoryFixture;

const hold = ({ unitOfWork, reservations }: Fixture, id: string, reservation: Reservation) =>
  unitOfWork.run(tx => reservations.save(tx, [born(id, reservation)]));

const stored = async ({ unitOfWork, reservations }: Fixture, id: string) =>
  (await unitOfWork.run(tx => reservations.load(tx, [id]))).get(id)?.state;

export const reservationRepositoryContract = contract<Fixture>('ReservationRepository', {
  async 'gets a store of its own for every case'(fixture, another) {
    await hold(fixture, 'hold-1', aReservation(fixture.ids.next()));
    sameData(await stored(await another(), 'hold-1'), { status: 'NONE' });
  },
  async 'takes any key that a caller may choose, and tells keys apart by case'(fixture) {
    const keys = ['a', 'A', '0', '...', 'a:b_c-d.E', 'x'.repeat(64), 'X'.repeat(64)];
    const states = keys.map((_, index) => aReservation(fixture.ids.next(), { discount: index }));
    for (const [index, key] of keys.entries()) await hold(fixture, key, states[index] as Reservation);
    for (const [index, key] of keys.entries()) sameData(await stored(fixture, key), states[index], key);
  },
  async 'keeps instants to the millisecond and money to the largest safe integer'(fixture) {
    const full = aReservation(fixture.ids.next(), {
      ...{ status: 'CONFIRMED', discount: Number.MAX_SAFE_INTEGER },
      ...{ expiresAt: 253_402_300_799_999, endedAt: AN_INSTANT + 1 },
    });
    await hold(fixture, 'hold-1', full);
    sameData(await stored(fixture, 'hold-1'), full);
  },
  async 'throws when a coupon would be held twice at a time'(fixture) {
    const couponId = fixture.ids.next();
    await hold(fixture, 'hold-1', aReservation(couponId));
    await assert.rejects(hold(fixture, 'hold-2', aReservation(couponId)));
    sameData(await stored(fixture, 'hold-2'), { status: 'NONE' });
  },
  async 'lets a coupon be held again after its hold has ended'(fixture) {
    const { unitOfWork, reservations } = fixture;
    const couponId = fixture.ids.next();
    for (const [index, status] of (['RELEASED', 'EXPIRED', 'CONFIRMED'] as const).entries()) {
      const id = `hold-${index}`;
      await hold(fixture, id, aReservation(couponId));
      const state = aReservation(couponId, { status, endedAt: AN_INSTANT });
      await unitOfWork.run(tx => reservations.save(tx, [{ id, expectedVersion: 1, version: 2, state }]));
    }
    await hold(fixture, 'hold-3', aReservation(couponId));
  },
  async 'gives a coupon to one of twenty that hold it at the same time'(fixture) {
    const couponId = fixture.ids.next();
    const outcomes = await twenty(index =>
      hold(fixture, `hold-${index}`, aReservation(couponId)).then(
        () => 'held',
        () => 'refused',
      ),
    );
    assert.equal(outcomes.filter(outcome => outcome === 'held').length, 1);
  },
});
