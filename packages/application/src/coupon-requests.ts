import type { Refusal } from '@org/domain';
import type { DeliveredEvent } from './ports/event-bus.js';
import type { NewEvent, Origin } from './ports/event-log.js';
import { outwardData } from './wire.js';

/** Types on the wire, as those of coupons. */
export const couponRequestEventTypes = {
  CouponRequested: 'coupon.requested.v1',
  RequestRefused: 'coupon.request-refused.v1',
} as const;

const STREAMS = 'coupon-request/';

/**
 * The stream of a request, which is also the cause of its coupon: so a request gets one coupon, however often it is
 * handled. No cause that a client names has a slash.
 */
export const requestStream = (requestId: string): string => STREAMS + requestId;

/** The request that a coupon was issued for; null = it was had in another way. */
export const requestIdOf = (cause: unknown): string | null =>
  typeof cause === 'string' && cause.startsWith(STREAMS) ? cause.slice(STREAMS.length) : null;

/** Somebody's wish for a coupon that was accepted and is decided later. */
export interface CouponRequest {
  readonly requestId: string;
  readonly policyId: string;
  readonly userId: string;
  readonly origin: Origin;
}

const eventOf = (
  { requestId, policyId, userId, origin }: CouponRequest,
  streamVersion: number,
  type: string,
  more: object = {},
): NewEvent => ({
  ...{ streamId: requestStream(requestId), streamVersion, type, key: policyId, origin },
  data: { requestId, policyId, userId, ...more },
});

export const requested = (request: CouponRequest): NewEvent =>
  eventOf(request, 1, couponRequestEventTypes.CouponRequested);

export const requestRefused = (request: CouponRequest, { code, data }: Refusal): NewEvent =>
  eventOf(request, 2, couponRequestEventTypes.RequestRefused, { code, data: outwardData(data) });

/** The request that an event tells of, read back as it was written. */
export function requestOf({ data, origin }: Pick<DeliveredEvent, 'data' | 'origin'>): CouponRequest {
  const { requestId, policyId, userId } = data as Omit<CouponRequest, 'origin'>;
  return { requestId, policyId, userId, origin };
}

/** What became of a request, of `coupon.request-refused.v1`. */
export function refusalOf({ data: { code, data } }: Pick<DeliveredEvent, 'data'>): Refusal {
  return { code: String(code), data: data as Refusal['data'] };
}
