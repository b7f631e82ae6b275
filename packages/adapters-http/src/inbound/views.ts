import { createHash } from 'node:crypto';
import type { CouponRequestView, LiveReservation, PolicyView } from '@org/application';
import type { IssuedCoupon, Refusal } from '@org/domain';
import { utc, zoned } from './instants.js';
import { dataForClients } from './problem.js';

const orNull = (instant: number | null, write: (instant: number) => string) =>
  instant === null ? null : write(instant);

/** A policy with all its fields; times carry the offset of its own zone. */
export function policyBody({ policyId, version, status, terms, createdAt }: PolicyView) {
  const local = (instant: number | null) => orNull(instant, at => zoned(at, terms.timeZone));
  const { issuePeriod, validity, ...rest } = terms;
  return {
    id: policyId,
    version,
    status,
    ...rest,
    issuePeriod: { from: local(issuePeriod.from), until: local(issuePeriod.until) },
    validity: { ...validity, from: local(validity.from), until: local(validity.until) },
    createdAt: zoned(createdAt, terms.timeZone),
  };
}

export const etagOf = ({ revision }: { readonly revision: number }): string => `"${revision}"`;

/** The ETag of what has no revision of its own: another body has another one. */
export const hashTagOf = (body: object): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`;

/** What only a coupon of this status has to tell. */
function stateOf(coupon: IssuedCoupon): object {
  switch (coupon.status) {
    case 'ISSUED':
      return {};
    case 'RESERVED': {
      const { reservationId, orderNumber, until } = coupon.hold;
      return { reservationId, orderNumber, reservedUntil: utc(until) };
    }
    case 'USED':
      return { orderNumber: coupon.use.orderNumber, usedAt: utc(coupon.use.usedAt) };
    case 'EXPIRED':
      return { expiredAt: utc(coupon.at) };
    case 'REVOKED':
      return { revokedAt: utc(coupon.at), reason: coupon.reason };
  }
}

export function couponBody(coupon: IssuedCoupon) {
  const { id, status, facts } = coupon;
  return {
    couponId: id,
    policyId: facts.policyId,
    policyVersion: facts.policyVersion,
    userId: facts.userId,
    sequence: facts.sequence,
    status,
    issuedAt: utc(facts.issuedAt),
    validFrom: utc(facts.validFrom),
    expiresAt: orNull(facts.expiresAt, utc),
    ...stateOf(coupon),
  };
}

/** What came of a wish for a coupon. */
type Result =
  | { readonly status: 'ISSUED'; readonly coupon: IssuedCoupon }
  | { readonly status: 'REFUSED'; readonly refusal: Refusal };

export const resultBody = (result: Result) =>
  result.status === 'ISSUED'
    ? { status: result.status, coupon: couponBody(result.coupon) }
    : { status: result.status, code: result.refusal.code, data: dataForClients(result.refusal.data) };

/** A request with what came of it so far. */
export const requestBody = (request: CouponRequestView) => ({
  requestId: request.requestId,
  ...(request.status === 'PENDING' ? { status: request.status } : resultBody(request)),
});

/** A coupon after its use was written or undone. */
export const usedBody = (coupon: IssuedCoupon) =>
  coupon.status === 'USED'
    ? {
        couponId: coupon.id,
        status: coupon.status,
        usedAt: utc(coupon.use.usedAt),
        orderNumber: coupon.use.orderNumber,
        discount: coupon.use.discount,
      }
    : { couponId: coupon.id, status: coupon.status };

export const reservationBody = (reservation: LiveReservation) => ({
  reservationId: reservation.reservationId,
  couponId: reservation.couponId,
  orderNumber: reservation.orderNumber,
  status: reservation.status,
  discount: reservation.discount,
  expiresAt: utc(reservation.expiresAt),
});
