import type { CouponRequest, CouponRequestView, LiveReservation } from '@org/application';
import type { IssuedCoupon, Refusal } from '@org/domain';
import { orNull, utc } from '../instants.js';
import { dataForClients } from '../problem.js';
import {
  about,
  amount,
  type Body,
  callerId,
  either,
  instant,
  matching,
  named,
  nullable,
  object,
  oneBy,
  page,
  refusalCode,
  refusalData,
  text,
  uuid,
  whole,
  word,
} from './shapes.js';

const facts = {
  couponId: uuid,
  policyId: uuid,
  policyVersion: about(whole(1), 'The version of the terms that the coupon is pinned to.'),
  userId: callerId,
  sequence: about(whole(1), 'Place among all coupons of the policy, without gaps.'),
  issuedAt: instant,
  validFrom: instant,
  expiresAt: about(nullable(instant), 'Exclusive; null = never.'),
};

export const coupon = oneBy('Coupon', 'status', {
  ISSUED: ['IssuedCoupon', facts],
  RESERVED: [
    'ReservedCoupon',
    {
      ...facts,
      reservationId: about(
        matching('^([A-Za-z0-9._:-]{1,64}|order/[0-9a-f-]{36}/coupon/[0-9]+)$'),
        'The key of the caller, or that of an order.',
      ),
      orderNumber: callerId,
      reservedUntil: about(instant, 'Exclusive.'),
    },
  ],
  USED: ['UsedCoupon', { ...facts, orderNumber: callerId, usedAt: instant }],
  EXPIRED: ['ExpiredCoupon', { ...facts, expiredAt: instant }],
  REVOKED: ['RevokedCoupon', { ...facts, revokedAt: instant, reason: text }],
});
export const couponPage = page('CouponPage', coupon);

export function couponBody(of: IssuedCoupon): Body<typeof coupon> {
  const { policyId, policyVersion, userId, sequence, issuedAt, validFrom, expiresAt } = of.facts;
  const body = {
    ...{ couponId: of.id, policyId, policyVersion, userId, sequence },
    issuedAt: utc(issuedAt),
    validFrom: utc(validFrom),
    expiresAt: orNull(expiresAt, utc),
  };
  switch (of.status) {
    case 'ISSUED':
      return { ...body, status: of.status };
    case 'RESERVED': {
      const { reservationId, orderNumber, until } = of.hold;
      return { ...body, status: of.status, reservationId, orderNumber, reservedUntil: utc(until) };
    }
    case 'USED':
      return { ...body, status: of.status, orderNumber: of.use.orderNumber, usedAt: utc(of.use.usedAt) };
    case 'EXPIRED':
      return { ...body, status: of.status, expiredAt: utc(of.at) };
    case 'REVOKED':
      return { ...body, status: of.status, revokedAt: utc(of.at), reason: of.reason };
  }
}

const result = {
  ISSUED: { coupon },
  REFUSED: { code: refusalCode, data: refusalData },
};

/** What came of a wish for a coupon. */
type Result =
  | { readonly status: 'ISSUED'; readonly coupon: IssuedCoupon }
  | { readonly status: 'REFUSED'; readonly refusal: Refusal };

export const resultBody = (of: Result) =>
  of.status === 'ISSUED'
    ? { status: of.status, coupon: couponBody(of.coupon) }
    : { status: of.status, code: of.refusal.code, data: dataForClients(of.refusal.data) };

const requestId = uuid;
export const couponRequest = oneBy('CouponRequest', 'status', {
  PENDING: ['PendingCouponRequest', { requestId }],
  ISSUED: ['GrantedCouponRequest', { requestId, ...result.ISSUED }],
  REFUSED: ['RefusedCouponRequest', { requestId, ...result.REFUSED }],
});

/** A request with what came of it so far. */
export const requestBody = (of: CouponRequestView): Body<typeof couponRequest> =>
  of.status === 'PENDING'
    ? { requestId: of.requestId, status: of.status }
    : { requestId: of.requestId, ...resultBody(of) };

/** How ends what was asked for is told later, also where that is known already. */
export const acceptedRequest = named('AcceptedCouponRequest', object({ requestId, status: word('PENDING') }));
export const acceptedRequestBody = ({ requestId: id }: CouponRequest): Body<typeof acceptedRequest> => ({
  requestId: id,
  status: 'PENDING',
});

export const couponUse = named(
  'CouponUse',
  object({
    couponId: uuid,
    status: word('USED'),
    usedAt: instant,
    orderNumber: callerId,
    discount: about(amount, 'What it took off, minor units of the currency of the policy.'),
  }),
);
export const couponLeft = named(
  'CouponLeft',
  object({ couponId: uuid, status: word('ISSUED', 'RESERVED', 'EXPIRED', 'REVOKED') }),
);

/** A use that was undone stays one where the policy gives nothing back. */
export const undoneUse = either(couponUse, couponLeft);

/** A coupon after its use was written or undone, or after it was taken away. */
export const usedBody = (of: IssuedCoupon): Body<typeof undoneUse> =>
  of.status === 'USED'
    ? {
        couponId: of.id,
        status: of.status,
        usedAt: utc(of.use.usedAt),
        orderNumber: of.use.orderNumber,
        discount: of.use.discount,
      }
    : { couponId: of.id, status: of.status };

export const reservation = named(
  'Reservation',
  object({
    reservationId: callerId,
    couponId: uuid,
    orderNumber: callerId,
    status: word('RESERVED', 'CONFIRMED', 'RELEASED', 'EXPIRED'),
    discount: about(amount, 'What it takes off, minor units of the currency of the policy.'),
    expiresAt: about(instant, 'Exclusive.'),
  }),
);

export const reservationBody = (of: LiveReservation): Body<typeof reservation> => ({
  reservationId: of.reservationId,
  couponId: of.couponId,
  orderNumber: of.orderNumber,
  status: of.status,
  discount: of.discount,
  expiresAt: utc(of.expiresAt),
});
