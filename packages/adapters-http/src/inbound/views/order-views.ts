import type { ChangedOrder, OrderView } from '@org/application';
import {
  unitNets as netsOf,
  type OrderLine,
  orderSteps,
  type PlacedOrder,
  type QuotedDiscount,
  type Refund,
  refundedAmount,
  refundedUnits,
  refundStatusOf,
} from '@org/domain';
import { orNull, utc } from '../instants.js';
import { discount, shipping, unitNets } from './quote-views.js';
import {
  about,
  amount,
  type Body,
  callerId,
  count,
  currency,
  flag,
  instant,
  listOf,
  named,
  nullable,
  object,
  page,
  text,
  uriReference,
  uuid,
  whole,
  word,
} from './shapes.js';

export const trackingUrlOf = (orderNumber: string): string => `/api/v3/orders/${orderNumber}/status`;

const orderNumber = uuid;
const orderStatus = word('PENDING', 'AWAITING_PAYMENT', 'COMPLETED', 'CANCELLED');
export const step = word(...orderSteps);

export const acceptedOrder = named(
  'AcceptedOrder',
  object({
    orderNumber,
    status: word('PENDING'),
    trackingUrl: about(uriReference, 'Tells how it ends.'),
    estimatedSeconds: about(whole(1), 'Until it is decided, more or less.'),
  }),
);
/** What was accepted: how it ends is told later, also where that is known already (orders rule 3). */
export const acceptedBody = (number: string, estimatedSeconds: number): Body<typeof acceptedOrder> => ({
  orderNumber: number,
  status: 'PENDING',
  trackingUrl: trackingUrlOf(number),
  estimatedSeconds,
});

export const cancelledOrder = named('CancelledOrder', object({ orderNumber, status: orderStatus }));
export const cancelledBody = (number: string, { status }: PlacedOrder): Body<typeof cancelledOrder> => ({
  orderNumber: number,
  status,
});

export const paymentOutcome = word(
  ...(['KEPT', 'PAID', 'PAYMENT_AMOUNT_MISMATCH', 'PAYMENT_FAILED', 'PAYMENT_CANCELLED', 'REFUND_DUE'] as const),
  ...(['CANCELLED_AFTER_COMPLETION', 'EVENT_ID_REUSED', 'NO_EFFECT'] as const),
);
export const recordedPayment = named(
  'RecordedPayment',
  object({ orderNumber, eventId: callerId, outcome: about(nullable(paymentOutcome), 'What came of it.') }),
);
export const paymentRecordedBody = (changed: ChangedOrder, eventId: string): Body<typeof recordedPayment> => ({
  orderNumber: changed.orderNumber,
  eventId,
  outcome: changed.order.payments.find(payment => payment.eventId === eventId)?.outcome ?? null,
});

const lineQuantity = object({ lineId: callerId, quantity: whole(1) });
/** What a refund gives, as the event of it tells it too. */
export const refundFields = {
  refundId: uuid,
  amount: about(amount, 'Money, minor units.'),
  lines: listOf(lineQuantity),
  pointsReturned: about(count, 'Spent points that came back.'),
  pointsReversed: about(count, 'Points earned with the order that were taken back.'),
  couponsRestored: about(listOf(uuid), 'Coupons whose use was cancelled.'),
};
const couponRestored = about(flag, 'Whether `couponsRestored` has any.');
export const why = {
  reason: about(nullable(text), 'In the words of who did it.'),
  restock: about(flag, 'Whether the units are free again.'),
};
export const refund = named('Refund', object({ ...refundFields, couponRestored }));

export function refundBody(of: Refund): Body<typeof refund> {
  const { refundId, lines, amount: money, pointsReturned, pointsReversed, couponsRestored } = of;
  return {
    refundId,
    amount: money,
    lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    pointsReturned,
    pointsReversed,
    couponRestored: couponsRestored.length > 0,
    couponsRestored,
  };
}

const steps = listOf(object({ step, status: word('PENDING', 'HELD', 'POSTED', 'VOIDED', 'REFUSED', 'SKIPPED') }));
const reason = about(nullable(text), 'Why it was cancelled: a code, or the words of who did it; null = it was not.');

export const orderProgress = named('OrderStatus', object({ orderNumber, status: orderStatus, reason, steps }));

const stepsBody = ({ steps: of }: PlacedOrder) => orderSteps.map(each => ({ step: each, status: of[each] }));

export const statusBody = ({ orderNumber: number, order }: OrderView): Body<typeof orderProgress> => ({
  orderNumber: number,
  status: order.status,
  reason: order.reason,
  steps: stepsBody(order),
});

const line = {
  ...{ lineId: callerId, productId: callerId, optionId: callerId, quantity: whole(1) },
  ...{ unitPrice: amount, discount: amount },
  net: about(amount, 'What the line comes to before points, minor units.'),
  refunded: about(count, 'Units that went back.'),
};
const item = {
  ...{ orderNumber, userId: callerId, status: orderStatus, reason },
  refundStatus: word('NONE', 'PARTIAL', 'FULL'),
  currency,
  lines: listOf(named('OrderItemLine', object(line))),
  shipping,
  discounts: listOf(discount),
  pointsUsed: count,
  total: about(amount, 'Money due after coupons and points, minor units.'),
  refunded: about(amount, 'Money that went back, minor units.'),
  refundDue: about(amount, 'Money that came although nothing was due, minor units.'),
  payment: about(word('NONE', 'EXTERNAL'), 'NONE = paid elsewhere.'),
  channel: nullable(callerId),
  paymentDeadline: about(nullable(instant), 'Exclusive; null = nothing is to be paid here.'),
  createdAt: instant,
  endedAt: about(nullable(instant), 'Null while it is not over.'),
};
/** An order in a list: without what there is one of for every unit or refund. */
export const orderPage = page('OrderPage', named('OrderItem', object(item)));
/** The whole order (orders rule 1). */
export const order = named(
  'Order',
  object({
    ...item,
    lines: listOf(named('OrderLine', object({ ...line, unitNets }))),
    steps,
    refunds: listOf(named('OrderRefund', object({ ...refundFields, couponRestored, ...why }))),
  }),
);

const lineBody = ({ lineId, productId, optionId, quantity, unitPrice, discount: off, net }: OrderLine) => ({
  ...{ lineId, productId, optionId, quantity, unitPrice, discount: off, net },
});

const discountBody = (of: QuotedDiscount): Body<typeof discount> => {
  const { policyId, policyVersion, couponId, code, amount: off, allocations } = of;
  return {
    ...{ policyId, policyVersion, couponId, code, amount: off },
    allocations: allocations.map(each => ({ lineId: each.lineId, amount: each.amount })),
  };
};

/** Field by field: a store may have its own order of them. */
function amountsOf({ facts, refundDue, refunds }: PlacedOrder) {
  const { shipping: carriage, discounts, pointsUsed, total } = facts;
  const { gross, discount: off, net } = carriage;
  return {
    shipping: { gross, discount: off, net },
    discounts: discounts.map(discountBody),
    ...{ pointsUsed, total, refunded: refundedAmount({ refunds }), refundDue },
  };
}

export function orderItem({ orderNumber: number, order: of }: OrderView): Body<typeof orderPage>['items'][number] {
  const { status, facts, refunds, endedAt } = of;
  const { userId, currency: money, lines, payment, channel, placedAt, paymentDeadline } = facts;
  const units = refundedUnits({ refunds });
  return {
    ...{ orderNumber: number, userId, status, reason: of.reason, refundStatus: refundStatusOf(of), currency: money },
    lines: lines.map(each => ({ ...lineBody(each), refunded: units.get(each.lineId) ?? 0 })),
    ...amountsOf(of),
    ...{ payment, channel, paymentDeadline: orNull(paymentDeadline, utc), createdAt: utc(placedAt) },
    endedAt: orNull(endedAt, utc),
  };
}

/** All that the order consists of: the nets of its units follow from that. */
export const orderCore = (view: OrderView) => ({
  ...orderItem(view),
  steps: stepsBody(view.order),
  refunds: view.order.refunds.map(each => ({ ...refundBody(each), reason: each.reason, restock: each.restock })),
});

/** Figures are bare integers, minor units of its `currency`. */
export const orderBody = (core: ReturnType<typeof orderCore>): Body<typeof order> => ({
  ...core,
  lines: core.lines.map(each => ({ ...each, unitNets: netsOf(each.net, each.quantity) })),
});
