import { accept, type Decider, type Decision, refuse } from '../decider.js';
import { refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import type { Coupon, CouponCommand, CouponEvent, CouponRefusal, Hold } from './coupon.js';

type CouponDecision = Decision<CouponEvent, CouponRefusal>;
type Command<Type extends CouponCommand['type']> = Extract<CouponCommand, { type: Type }>;

/**
 * The coupon as the time has made it: an overdue hold is over and an overdue coupon is expired, whether or not
 * somebody has written it down yet. The events say what is still to be written.
 */
export function settle(coupon: Coupon, at: Instant): { readonly coupon: Coupon; readonly events: CouponEvent[] } {
  const events: CouponEvent[] = [];
  let now = coupon;
  const happen = (event: CouponEvent) => {
    events.push(event);
    now = evolve(now, event);
  };
  if (now.status === 'RESERVED' && now.hold.until <= at)
    happen({ type: 'ReservationExpired', reservationId: now.hold.reservationId, at });
  if (now.status === 'ISSUED' && now.facts.expiresAt !== null && now.facts.expiresAt <= at)
    happen({ type: 'CouponExpired', at });
  return { coupon: now, events };
}

const reservedBy = (hold: Hold) => refusal('COUPON_RESERVED', { orderNumber: hold.orderNumber, retryAt: hold.until });

/** Why a coupon that is not ISSUED, or not valid yet, can't be spent; null = it can. */
export function spendRefusal(coupon: Coupon, at: Instant): CouponRefusal | null {
  switch (coupon.status) {
    case 'NONE':
      return refusal('COUPON_NOT_FOUND');
    case 'ISSUED':
      return coupon.facts.validFrom <= at
        ? null
        : refusal('COUPON_NOT_YET_VALID', { validFrom: coupon.facts.validFrom });
    case 'RESERVED':
      return reservedBy(coupon.hold);
    case 'USED':
      return refusal('COUPON_USED', { orderNumber: coupon.use.orderNumber, usedAt: coupon.use.usedAt });
    case 'EXPIRED':
      return refusal('COUPON_EXPIRED', { expiresAt: coupon.facts.expiresAt });
    case 'REVOKED':
      return refusal('COUPON_REVOKED', { revokedAt: coupon.at });
  }
}

function reserve(coupon: Coupon, { type: _, ...command }: Command<'Reserve'>): CouponDecision {
  // The holder's own hold never stands in the way: the same key again changes nothing.
  if (coupon.status === 'RESERVED' && coupon.hold.reservationId === command.reservationId) return accept();
  const no = spendRefusal(coupon, command.at);
  return no ? refuse(no) : accept({ type: 'CouponReserved', ...command });
}

function use(coupon: Coupon, { orderNumber, discount, at }: Command<'Use'>): CouponDecision {
  if (coupon.status === 'RESERVED' && coupon.hold.orderNumber === orderNumber)
    return accept({ type: 'ReservationConfirmed', reservationId: coupon.hold.reservationId, at });
  const no = spendRefusal(coupon, at);
  return no ? refuse(no) : accept({ type: 'CouponUsed', orderNumber, discount, at });
}

/** `settled` tells whether the hold was ended by the time in this very decision. */
function endHold(
  coupon: Coupon,
  command: Command<'Confirm' | 'Release'>,
  settled: readonly CouponEvent[],
): CouponDecision {
  const { reservationId, at } = command;
  if (coupon.status === 'RESERVED' && coupon.hold.reservationId === reservationId)
    return accept({
      type: command.type === 'Confirm' ? 'ReservationConfirmed' : 'ReservationReleased',
      reservationId,
      at,
    });
  const justExpired = settled.some(
    event => event.type === 'ReservationExpired' && event.reservationId === reservationId,
  );
  // Releasing what the time has already released is what the caller wanted.
  if (justExpired && command.type === 'Release') return accept();
  return refuse(refusal(justExpired ? 'RESERVATION_EXPIRED' : 'RESERVATION_NOT_ACTIVE', { reservationId }));
}

function cancelUse(coupon: Coupon, { reservationId, restore, reason, at }: Command<'CancelUse'>): CouponDecision {
  const isMeant = coupon.status === 'USED' && (reservationId === null || coupon.use.reservationId === reservationId);
  if (!isMeant) return refuse(refusal('COUPON_NOT_USED', { status: coupon.status }));
  if (coupon.use.cancelledAt !== null)
    return refuse(refusal('USE_ALREADY_CANCELLED', { cancelledAt: coupon.use.cancelledAt }));
  const cancelled: CouponEvent = { type: 'UseCancelled', restored: restore, reason, at };
  return accept(cancelled, ...settle(evolve(coupon, cancelled), at).events);
}

function revoke(coupon: Coupon, { reason, at }: Command<'Revoke'>): CouponDecision {
  const no = coupon.status === 'ISSUED' ? null : spendRefusal(coupon, at);
  return no ? refuse(no) : accept({ type: 'CouponRevoked', reason, at });
}

function decide(stored: Coupon, command: CouponCommand): CouponDecision {
  if (command.type === 'Issue')
    return stored.status === 'NONE'
      ? accept({ type: 'CouponIssued', ...command.facts })
      : refuse(refusal('COUPON_ALREADY_EXISTS'));
  if (stored.status === 'NONE') return refuse(refusal('COUPON_NOT_FOUND'));
  const { coupon, events } = settle(stored, command.at);
  const decision = decideSettled(coupon, command, events);
  return decision.accepted ? accept(...events, ...decision.events) : decision;
}

function decideSettled(
  coupon: Coupon,
  command: Exclude<CouponCommand, { type: 'Issue' }>,
  settled: readonly CouponEvent[],
): CouponDecision {
  switch (command.type) {
    case 'Reserve':
      return reserve(coupon, command);
    case 'Confirm':
    case 'Release':
      return endHold(coupon, command, settled);
    case 'Use':
      return use(coupon, command);
    case 'CancelUse':
      return cancelUse(coupon, command);
    case 'Revoke':
      return revoke(coupon, command);
    case 'Expire':
      return accept();
  }
}

function evolve(coupon: Coupon, event: CouponEvent): Coupon {
  if (event.type === 'CouponIssued') {
    const { type: _, ...facts } = event;
    return { status: 'ISSUED', facts };
  }
  if (coupon.status === 'NONE') return coupon;
  const { facts } = coupon;
  switch (event.type) {
    case 'CouponReserved': {
      const { reservationId, orderNumber, discount, until } = event;
      return { status: 'RESERVED', facts, hold: { reservationId, orderNumber, discount, until } };
    }
    case 'ReservationConfirmed': {
      if (coupon.status !== 'RESERVED') return coupon;
      const { reservationId, orderNumber, discount } = coupon.hold;
      return {
        status: 'USED',
        facts,
        use: { orderNumber, discount, usedAt: event.at, reservationId, cancelledAt: null },
      };
    }
    case 'ReservationReleased':
    case 'ReservationExpired':
      return { status: 'ISSUED', facts };
    case 'CouponUsed': {
      const { orderNumber, discount, at } = event;
      return {
        status: 'USED',
        facts,
        use: { orderNumber, discount, usedAt: at, reservationId: null, cancelledAt: null },
      };
    }
    case 'UseCancelled':
      if (coupon.status !== 'USED') return coupon;
      return event.restored
        ? { status: 'ISSUED', facts }
        : { ...coupon, use: { ...coupon.use, cancelledAt: event.at } };
    case 'CouponExpired':
      return { status: 'EXPIRED', facts, at: event.at };
    case 'CouponRevoked':
      return { status: 'REVOKED', facts, at: event.at, reason: event.reason };
  }
}

/** The rules of one coupon and of the hold on it. Times go by the command, which carries the time of the database. */
export const coupon: Decider<Coupon, CouponCommand, CouponEvent, CouponRefusal> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};

/**
 * What the events changed of the money that `before` took from the policy's budget, in minor units:
 * positive = taken, negative = given back (pricing rule 16).
 */
export function budgetChange(before: Coupon, events: readonly CouponEvent[]): number {
  let taken = 0;
  let state = before;
  for (const event of events) {
    if (event.type === 'CouponReserved' || event.type === 'CouponUsed') taken += event.discount;
    if ((event.type === 'ReservationReleased' || event.type === 'ReservationExpired') && state.status === 'RESERVED')
      taken -= state.hold.discount;
    if (event.type === 'UseCancelled' && state.status === 'USED') taken -= state.use.discount;
    state = evolve(state, event);
  }
  return taken;
}
