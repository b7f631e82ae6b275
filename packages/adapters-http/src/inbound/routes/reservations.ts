import type { EndReservationInput, LiveReservation, Reserved, ReserveInput } from '@org/application';
import { aReservation, reservationExamples } from '../document/examples/coupon-examples.js';
import { EndReservationDto, ReserveDto } from '../dto/coupon-dto.js';
import { through } from '../idempotency.js';
import { Problem } from '../problem.js';
import { json } from '../reply.js';
import { type Route, route } from '../route.js';
import type { Service } from '../service.js';
import { reservation, reservationBody } from '../views/coupon-views.js';
import { originOf, ownerOf } from './acting.js';
import { basisOf, spendRefusals } from './coupons.js';

const area = 'Reservations';
const DEFAULT_TTL_SECONDS = 900;

const reserve = ({ promotions }: Service): Route =>
  route<ReserveDto>({
    method: 'POST',
    path: '/api/v1/coupons/reserve',
    name: 'reserveCoupon',
    area,
    summary: 'Hold a coupon for an order. The same reservationId again is answered with the same reservation.',
    roles: ['shopper', 'service', 'operator'],
    hot: true,
    keyed: true,
    body: { of: ReserveDto, examples: reservationExamples.reserve },
    answers: {
      201: { description: 'Held until `expiresAt`.', shape: reservation, example: aReservation },
      200: { description: 'It was there before.', shape: reservation, example: aReservation },
    },
    refusals: [...spendRefusals, 'RESERVATION_ID_TAKEN', 'RESERVATION_ID_REUSED'],
    handle: async ask => {
      const { reservationId, couponId, orderNumber, ttlSeconds, userId } = ask.body;
      const basis = basisOf(ask.body);
      const owner = ownerOf(ask.caller, userId);
      if (basis instanceof Problem) return basis;
      if (owner instanceof Problem) return owner;
      const input: ReserveInput = {
        reservationId,
        couponId,
        owner,
        orderNumber,
        basis,
        ttlSeconds: ttlSeconds ?? DEFAULT_TTL_SECONDS,
        origin: originOf(ask),
      };
      return through<ReserveInput, Reserved>(ask, promotions.reserve, input, ({ reservation: held, created }) =>
        created
          ? json(201, reservationBody(held), ['Location', `/api/v1/coupons/${held.couponId}`])
          : json(200, reservationBody(held)),
      );
    },
  });

const named = { userId: 'user-1' };
const ends = [
  ['confirm', 'Confirm', 'CONFIRMED', ['service', 'operator'], 'Use the coupon that is held.', [named]],
  ['release', 'Release', 'RELEASED', ['shopper', 'service', 'operator'], 'Give the coupon back.', [{}, named]],
] as const;

const endRoutes = ({ promotions }: Service): Route[] =>
  ends.map(([verb, end, status, roles, summary, examples]) =>
    route<EndReservationDto>({
      method: 'POST',
      path: `/api/v1/coupons/reservations/{reservationId}/${verb}`,
      name: `${verb}Reservation`,
      area,
      summary,
      roles,
      hot: true,
      keyed: true,
      params: { reservationId: { form: 'ID', unknown: 'RESERVATION_NOT_FOUND' } },
      body: { of: EndReservationDto, examples, optional: true },
      answers: {
        200: { description: 'Done, or done before.', shape: reservation, example: { ...aReservation, status } },
      },
      refusals: ['RESERVATION_NOT_FOUND', 'RESERVATION_EXPIRED', 'RESERVATION_NOT_ACTIVE', 'COUPON_NOT_FOUND'],
      handle: async ask => {
        const owner = ownerOf(ask.caller, ask.body.userId);
        if (owner instanceof Problem) return owner;
        const input = { reservationId: ask.params.reservationId ?? '', end, owner, origin: originOf(ask) };
        return through<EndReservationInput, LiveReservation>(ask, promotions.endReservation, input, ended =>
          json(200, reservationBody(ended)),
        );
      },
    }),
  );

export const reservationRoutes = (service: Service): Route[] => [reserve(service), ...endRoutes(service)];
