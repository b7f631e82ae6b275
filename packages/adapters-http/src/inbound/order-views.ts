import { type OrderView, orderEventTypes, type TimelineEntry } from '@org/application';
import {
  type OrderLine,
  orderSteps,
  type PlacedOrder,
  type QuotedDiscount,
  type Refund,
  refundedAmount,
  refundedUnits,
  refundStatusOf,
  unitNets,
} from '@org/domain';
import { utc } from './instants.js';
import { dataForClients } from './problem.js';

const orNull = (instant: number | null) => (instant === null ? null : utc(instant));

export const trackingUrlOf = (orderNumber: string): string => `/api/v3/orders/${orderNumber}/status`;

/** What was accepted: how it ends is told later, also where that is known already (orders rule 3). */
export const acceptedBody = (orderNumber: string, estimatedSeconds: number) => ({
  orderNumber,
  status: 'PENDING',
  trackingUrl: trackingUrlOf(orderNumber),
  estimatedSeconds,
});

const stepsBody = ({ steps }: PlacedOrder) => orderSteps.map(step => ({ step, status: steps[step] }));

export const statusBody = ({ orderNumber, order }: OrderView) => ({
  orderNumber,
  status: order.status,
  reason: order.reason,
  steps: stepsBody(order),
});

export const refundBody = ({ refundId, lines, amount, pointsReturned, pointsReversed, couponsRestored }: Refund) => ({
  refundId,
  amount,
  lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
  pointsReturned,
  pointsReversed,
  couponRestored: couponsRestored.length > 0,
  couponsRestored,
});

const lineBody = ({ lineId, productId, optionId, quantity, unitPrice, discount, net }: OrderLine) => ({
  ...{ lineId, productId, optionId, quantity, unitPrice, discount, net },
});

const discountBody = ({ policyId, policyVersion, couponId, code, amount, allocations }: QuotedDiscount) => ({
  ...{ policyId, policyVersion, couponId, code, amount },
  allocations: allocations.map(each => ({ lineId: each.lineId, amount: each.amount })),
});

/** Field by field: a store may have its own order of them. */
function amountsOf({ facts, refundDue, refunds }: PlacedOrder) {
  const { shipping, discounts, pointsUsed, total } = facts;
  const { gross, discount, net } = shipping;
  return {
    shipping: { gross, discount, net },
    discounts: discounts.map(discountBody),
    ...{ pointsUsed, total, refunded: refundedAmount({ refunds }), refundDue },
  };
}

/** An order in a list: without what there is one of for every unit or refund. */
export function orderItem({ orderNumber, order }: OrderView) {
  const { status, reason, facts, refunds, endedAt } = order;
  const { userId, currency, lines, payment, channel, placedAt, paymentDeadline } = facts;
  const units = refundedUnits({ refunds });
  return {
    ...{ orderNumber, userId, status, reason, refundStatus: refundStatusOf(order), currency },
    lines: lines.map(line => ({ ...lineBody(line), refunded: units.get(line.lineId) ?? 0 })),
    ...amountsOf(order),
    ...{ payment, channel, paymentDeadline: orNull(paymentDeadline), createdAt: utc(placedAt) },
    endedAt: orNull(endedAt),
  };
}

/** All that the order consists of: the nets of its units follow from that. */
export const orderCore = (view: OrderView) => ({
  ...orderItem(view),
  steps: stepsBody(view.order),
  refunds: view.order.refunds.map(each => ({ ...refundBody(each), reason: each.reason, restock: each.restock })),
});

/** The whole order (orders rule 1): figures are bare integers, minor units of its `currency`. */
export const orderBody = (core: ReturnType<typeof orderCore>) => ({
  ...core,
  lines: core.lines.map(line => ({ ...line, unitNets: unitNets(line.net, line.quantity) })),
});

/** What of an event its order's owner is told; holds and segments are the shop's own business. */
const told: Readonly<Record<string, readonly string[]>> = {
  [orderEventTypes.OrderPlaced]: ['currency', 'total', 'pointsUsed', 'payment', 'paymentDeadline'],
  [orderEventTypes.StepRefused]: ['step', 'code', 'data'],
  [orderEventTypes.CancelRequested]: ['reason'],
  [orderEventTypes.OrderHeld]: [],
  [orderEventTypes.PaymentRecorded]: ['eventId', 'type', 'paymentId', 'amount', 'occurredAt', 'outcome'],
  [orderEventTypes.OrderCompleted]: [],
  [orderEventTypes.OrderCancelled]: ['reason', 'voids'],
  [orderEventTypes.OrderRefunded]: [
    ...['refundId', 'lines', 'amount', 'pointsReturned', 'pointsReversed', 'couponsRestored', 'reason', 'restock'],
  ],
};

/** The data of a refusal, as every answer tells it; other values are as they are on the wire already. */
const outward = (name: string, value: unknown) =>
  name === 'data' ? dataForClients(value as Readonly<Record<string, unknown>>) : value;

/** @param withActor whether the reader may know who did it */
export const timelineBody = ({ at, type, actor, data }: TimelineEntry, withActor: boolean) => ({
  at: utc(at),
  type,
  ...(withActor && { actor }),
  data: Object.fromEntries(
    (told[type] ?? []).flatMap(name => (name in data ? [[name, outward(name, data[name])]] : [])),
  ),
});
