import type { CouponEvent, CouponFacts, Instant, PolicyEvent, PolicyTerms } from '@org/domain';
import type { NewEvent, Origin } from './ports/event-log.js';

/** Types on the wire: `<area>.<event>.v<n>`. A new meaning of the data is a new version. */
export const eventTypes = {
  CouponIssued: 'coupon.issued.v1',
  CouponReserved: 'coupon.reserved.v1',
  ReservationConfirmed: 'coupon.reservation-confirmed.v1',
  ReservationReleased: 'coupon.reservation-released.v1',
  ReservationExpired: 'coupon.reservation-expired.v1',
  CouponUsed: 'coupon.used.v1',
  UseCancelled: 'coupon.use-cancelled.v1',
  CouponExpired: 'coupon.expired.v1',
  CouponRevoked: 'coupon.revoked.v1',
  PolicyCreated: 'coupon-policy.created.v1',
  PolicyEdited: 'coupon-policy.edited.v1',
  PolicyActivated: 'coupon-policy.activated.v1',
  PolicyPaused: 'coupon-policy.paused.v1',
  PolicyEnded: 'coupon-policy.ended.v1',
} as const satisfies Record<CouponEvent['type'] | PolicyEvent['type'], string>;

const iso = (at: Instant) => new Date(at).toISOString();
const instants = new Set(['at', 'until', 'issuedAt', 'validFrom', 'expiresAt']);

/** Plain JSON in the field names of the API, with instants as RFC 3339 text. */
export function dataOf({ type: _, ...fields }: { readonly type: string }) {
  const data: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    data[name] = typeof value === 'number' && instants.has(name) ? iso(value) : value;
  return data;
}

interface Stream<Event> {
  readonly id: string;
  readonly expectedVersion: number;
  readonly events: readonly Event[];
  readonly origin: Origin;
}

const isoOrNull = (at: Instant | null) => (at === null ? null : iso(at));

/** Terms with their instants as RFC 3339 text, in UTC. */
const termsOnTheWire = ({ issuePeriod, validity, ...terms }: PolicyTerms) => ({
  ...terms,
  issuePeriod: { from: isoOrNull(issuePeriod.from), until: isoOrNull(issuePeriod.until) },
  validity: { ...validity, from: isoOrNull(validity.from), until: isoOrNull(validity.until) },
});

export const couponEvents = (
  { id, expectedVersion, events, origin }: Stream<CouponEvent>,
  facts: CouponFacts,
): NewEvent[] =>
  events.map((event, i) => ({
    streamId: id,
    streamVersion: expectedVersion + i + 1,
    type: eventTypes[event.type],
    data: { couponId: id, policyId: facts.policyId, userId: facts.userId, ...dataOf(event) },
    key: facts.policyId,
    origin,
  }));

export const policyEvents = ({ id, expectedVersion, events, origin }: Stream<PolicyEvent>): NewEvent[] =>
  events.map((event, i) => ({
    streamId: id,
    streamVersion: expectedVersion + i + 1,
    type: eventTypes[event.type],
    data: { policyId: id, ...dataOf(event), ...('terms' in event && { terms: termsOnTheWire(event.terms) }) },
    key: id,
    origin,
  }));
