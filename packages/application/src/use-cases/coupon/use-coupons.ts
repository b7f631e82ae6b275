import { type CouponId, type IssuedCoupon, type ReservationId, refusal, settle, spendRefusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import { isOfAnOrder } from '../../own-holds.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';
import { type CouponBatch, openCoupons } from './coupon-batch.js';
import { discountOf, type OrderBasis, owns } from './reserve-coupons.js';

interface Addressed {
  readonly couponId: string;
  /** Whose coupon it must be; null = anybody's. */
  readonly owner: string | null;
  readonly origin: Origin;
}

export type CouponChangeInput = Addressed &
  (
    | { readonly change: 'Use'; readonly orderNumber: string; readonly basis: OrderBasis }
    | {
        readonly change: 'CancelUse';
        readonly reason: string;
        /** The use that came of this reservation and no other. Default: whichever it is. */
        readonly reservationId?: string;
      }
    | { readonly change: 'Revoke'; readonly reason: string }
  );

type Stores = Pick<Adapters, 'clock' | 'coupons' | 'reservations' | 'policies' | 'campaigns' | 'events'>;

/** Uses coupons, cancels uses, revokes coupons. */
export const changeCoupons =
  (stores: Stores): UseCase<CouponChangeInput, Outcome<IssuedCoupon>> =>
  async (tx, inputs) => {
    const batch = await openCoupons(
      stores,
      tx,
      inputs.map(({ couponId }) => couponId),
      [],
    );
    const outcomes = inputs.map(input => changeOne(batch, input));
    await batch.save();
    return outcomes;
  };

function changeOne(batch: CouponBatch, input: CouponChangeInput): Outcome<IssuedCoupon> {
  const { couponId, origin } = input;
  if (!owns(batch, input)) return refused(refusal('COUPON_NOT_FOUND', { couponId }));
  const command = commandOf(batch, input);
  if (!command.accepted) return command;
  const outcome = batch.decide(couponId, command.value, origin);
  if (!outcome.accepted) return outcome;
  if (outcome.value.status === 'NONE') throw new Error(`coupon ${couponId} is gone`);
  return done({ ...outcome.value, id: couponId as CouponId });
}

function commandOf(batch: CouponBatch, input: CouponChangeInput) {
  const at = batch.now;
  switch (input.change) {
    case 'Revoke':
      return done({ type: 'Revoke', reason: input.reason, at } as const);
    case 'CancelUse': {
      const restore = batch.terms(input.couponId)?.restoreOnCancel ?? true;
      const reservationId = (input.reservationId ?? null) as ReservationId | null;
      return done({ type: 'CancelUse', reservationId, restore, reason: input.reason, at } as const);
    }
    case 'Use': {
      const { orderNumber } = input;
      const { coupon } = settle(batch.coupon(input.couponId), at);
      // What an order holds itself, it ends itself.
      const isOrders = coupon.status === 'RESERVED' && isOfAnOrder(coupon.hold.reservationId);
      const no = isOrders ? spendRefusal(coupon, at) : null;
      if (no) return refused(no);
      // Held for this very order: the price was taken when it was reserved.
      if (coupon.status !== 'ISSUED') return done({ type: 'Use', orderNumber, discount: 0, at } as const);
      const price = discountOf(batch, input);
      return price.accepted ? done({ type: 'Use', orderNumber, discount: price.value, at } as const) : price;
    }
  }
}
