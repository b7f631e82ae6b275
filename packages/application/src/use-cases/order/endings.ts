import type { Origin } from '../../ports/event-log.js';
import type { EndReservationInput } from '../coupon/end-reservations.js';
import type { PointInput } from '../points/move-points.js';
import type { EndStockHoldInput } from '../stock/end-stock-holds.js';
import type { EndedOrder } from './order-batch.js';

/** A hold of an order that is over. `Post`: the order is completed. `Void`: it is cancelled. */
export interface Ending {
  readonly id: string;
  readonly orderNumber: string;
  readonly end: 'Post' | 'Void';
  readonly origin: Origin;
}

/** What becomes of the holds of an order that is over. */
export const endOf = ({ status }: EndedOrder['order']): Ending['end'] => (status === 'COMPLETED' ? 'Post' : 'Void');

/** The same in the words of stock, coupons and points. */
export const endOfLine = ({ id, end, origin }: Ending): EndStockHoldInput => ({ holdId: id, end, origin });

export const endOfDiscount = ({ id, end, origin }: Ending): EndReservationInput => ({
  ...{ reservationId: id, end: end === 'Post' ? 'Confirm' : 'Release' },
  ...{ owner: null, origin },
});

export const endOfPoints = ({ id, end, origin }: Ending): PointInput =>
  end === 'Post' ? { change: 'Post', pointId: id, points: null, origin } : { change: 'Void', pointId: id, origin };
