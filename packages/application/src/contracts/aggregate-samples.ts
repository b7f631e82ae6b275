import type { Coupon, Policy, Reservation, ReservationId } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { AggregateRepositoryFixture } from './aggregate-fixture.js';
import {
  AN_INSTANT,
  anOpenPolicy,
  aPolicy,
  aReservation,
  DAY,
  facts,
  issued,
  SECOND,
  terms,
  used,
  user,
} from './samples.js';

/** A new id for every index, the same one when asked again. */
export function idsByIndex(next: () => string): (index: number) => string {
  const made = new Map<number, string>();
  return index => {
    const id = made.get(index) ?? next();
    made.set(index, id);
    return id;
  };
}

/** Fixture of `aggregateRepositoryContract` over policies. */
export function policiesAsAggregates(
  stores: Pick<Adapters, 'unitOfWork' | 'policies' | 'ids'>,
): AggregateRepositoryFixture<Policy> {
  const { unitOfWork, policies, ids } = stores;
  return {
    unitOfWork,
    repository: policies,
    samples: {
      initial: { status: 'NONE' },
      id: idsByIndex(() => ids.next()),
      life: index => {
        const draft = aPolicy({ status: 'DRAFT', createdAt: AN_INSTANT + index });
        const edited = terms({
          name: '금요일 러시 🎉 "10%"',
          limits: { total: 5, perUser: 1, perDay: null, budget: null },
        });
        return [
          draft,
          { ...draft, status: 'ACTIVE' },
          { ...draft, status: 'ACTIVE', version: 2, terms: edited },
          { ...draft, status: 'PAUSED', version: 2, terms: edited },
          { ...draft, status: 'ENDED', version: 2, terms: edited },
        ];
      },
    },
  };
}

/** Fixture of `aggregateRepositoryContract` over coupons, of a policy that it makes. */
export async function couponsAsAggregates(
  stores: Pick<Adapters, 'unitOfWork' | 'policies' | 'campaigns' | 'coupons' | 'ids'>,
): Promise<AggregateRepositoryFixture<Coupon>> {
  const { unitOfWork, coupons, ids } = stores;
  const policyId = await anOpenPolicy(stores);
  return {
    unitOfWork,
    repository: coupons,
    samples: {
      initial: { status: 'NONE' },
      id: idsByIndex(() => ids.next()),
      life: index => {
        const fact = facts(policyId, index + 1, { expiresAt: AN_INSTANT + 30 * DAY });
        const cancelledAt = fact.issuedAt + 2 * SECOND;
        const reservationId = `hold:${index}.a-b_C` as ReservationId;
        const hold = { reservationId, orderNumber: 'order-1', discount: 1_000, until: fact.issuedAt + 600_001 };
        const use = { orderNumber: 'order-1', discount: 1_000, usedAt: fact.issuedAt + SECOND, cancelledAt: null };
        return [
          issued(fact),
          { status: 'RESERVED', facts: fact, hold },
          { status: 'USED', facts: fact, use: { ...use, reservationId } },
          issued(fact),
          used(fact),
          { status: 'USED', facts: fact, use: { ...use, reservationId: null, cancelledAt } },
          { status: 'REVOKED', facts: fact, at: AN_INSTANT + DAY, reason: '고객 요청 – "중복" 🙂' },
          { status: 'EXPIRED', facts: fact, at: AN_INSTANT + 31 * DAY },
        ];
      },
    },
  };
}

/** Fixture of `aggregateRepositoryContract` over reservations. Their ids are the longest that a caller may choose. */
export function reservationsAsAggregates(
  stores: Pick<Adapters, 'unitOfWork' | 'reservations' | 'ids'>,
): AggregateRepositoryFixture<Reservation> {
  const { unitOfWork, reservations, ids } = stores;
  const couponOf = idsByIndex(() => ids.next());
  return {
    unitOfWork,
    repository: reservations,
    samples: {
      initial: { status: 'NONE' },
      id: index => `Hold_of:the-order.${index}`.padEnd(64, 'x'),
      life: index => {
        const held = aReservation(couponOf(index), { userId: user('u'.repeat(64)), orderNumber: 'O'.repeat(64) });
        const ended = { endedAt: AN_INSTANT + 1 };
        return [
          held,
          aReservation(couponOf(index), { ...held, ...ended, status: 'CONFIRMED' }),
          aReservation(couponOf(index), { ...held, ...ended, status: 'RELEASED' }),
          aReservation(couponOf(index), { ...held, ...ended, status: 'EXPIRED' }),
        ];
      },
    },
  };
}
