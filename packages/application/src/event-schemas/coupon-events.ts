import type { CouponEvent } from '@org/domain';
import type { Described, SchemasOf } from './description.js';
import {
  amountOf,
  at,
  callersOrderNumber,
  codeOrNull,
  couponId,
  holdOf,
  instantOf,
  policyId,
  policyVersion,
  userId,
} from './fields.js';
import { about, flag, type JsonSchema, nullable, object, oneOf, text, whole } from './json-schema.js';

const reservationId = holdOf('coupon', 'The reservation');
const reason = about(text, 'In the words of who did it.', 'returned');
const discount = amountOf('What it takes from the budget of the policy', 3_000);
const orderNumber = callersOrderNumber;

type Schemas<Type> = SchemasOf<CouponEvent, Type>;

const issued: Schemas<'CouponIssued'> = {
  policyId,
  policyVersion,
  userId,
  sequence: about(whole(1), 'Place among all coupons of the policy, without gaps.', 42),
  ordinal: about(whole(1), "Place among the user's own coupons of the policy.", 1),
  way: about(oneOf('FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT'), 'How it was had.'),
  code: codeOrNull,
  cause: nullable(about(text, 'The business event that it was issued for; null = none.', 'birthday-2026')),
  issuedAt: instantOf('When it was issued.', '2026-11-21T01:00:00.000Z'),
  validFrom: instantOf('From when on it can be used.', '2026-11-21T01:00:00.000Z'),
  expiresAt: nullable(instantOf('Until when, exclusive; null = for ever.')),
};
const reserved: Schemas<'CouponReserved'> = {
  reservationId,
  orderNumber,
  discount,
  until: instantOf('When the hold ends unless it was confirmed, exclusive.', '2026-11-21T01:10:00.000Z'),
  at,
};
const ended: Schemas<'ReservationConfirmed'> = { reservationId, at };
const used: Schemas<'CouponUsed'> = { orderNumber, discount, at };
const useCancelled: Schemas<'UseCancelled'> = {
  restored: about(flag, 'Whether the coupon can be used again.', true),
  reason,
  at,
};
const expired: Schemas<'CouponExpired'> = { at };
const revoked: Schemas<'CouponRevoked'> = { reason: about(text, 'In the words of who did it.', 'fraud'), at };

const described = (meaning: string, fields: Readonly<Record<string, JsonSchema>>) => ({
  meaning,
  key: 'policyId',
  schema: object({ couponId, policyId, userId, ...fields }),
});

export const couponEventDescriptions: Described<CouponEvent> = {
  CouponIssued: described('A user has got a coupon.', issued),
  CouponReserved: described('A coupon is held for an order.', reserved),
  ReservationConfirmed: described('A hold on a coupon became a use.', ended),
  ReservationReleased: described('A hold on a coupon was given up; the coupon is free.', ended),
  ReservationExpired: described('A hold on a coupon ended by time; the coupon is free.', ended),
  CouponUsed: described('A coupon was spent in an order without having been held.', used),
  UseCancelled: described('A use of a coupon was undone.', useCancelled),
  CouponExpired: described('The validity of a coupon is over, and that has been written down.', expired),
  CouponRevoked: described('A coupon was taken away for good.', revoked),
};
