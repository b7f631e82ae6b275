import { isOfAnOrder } from './own-holds.js';
import type { DeliveredEvent } from './ports/event-bus.js';
import type { OrderRequest } from './use-cases/order/hold-ids.js';
import type { OrderRef, RequestedOrder } from './use-cases/order/step-batches.js';

/** What events tell of orders, read back as it was written in `order-events.ts`. */

/** The order that an event is about; null = none: a reservation may be anybody's, whatever order it names. */
export function orderOf({ data: { orderNumber, reservationId }, origin }: DeliveredEvent): OrderRef | null {
  if (typeof orderNumber !== 'string') return null;
  return typeof reservationId === 'string' && !isOfAnOrder(reservationId) ? null : { orderNumber, origin };
}

/** An order with what it asks for, of `order.placed.v1`; null = it was refused at once. */
export function requestOf({ data, origin }: DeliveredEvent): RequestedOrder | null {
  if (data.refused === true) return null;
  const { orderNumber, placedAt, holdUntil, ...facts } = data as Wire<OrderRequest, 'placedAt' | 'holdUntil'>;
  const request = { ...facts, placedAt: Date.parse(placedAt), holdUntil: Date.parse(holdUntil) } as OrderRequest;
  return { orderNumber, request, origin };
}

/** Instants are text on the wire. */
type Wire<Facts, Instants extends keyof Facts> = Omit<Facts, Instants> &
  Record<Instants, string> & { readonly orderNumber: string };
