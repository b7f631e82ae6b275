import type { OrderEvent, PaymentRecord, Refund, RefundLine } from '@org/domain';
import type { Described, EventDescription } from './description.js';
import { amountOf, at, couponId, instantOf, lineId, money, orderNumber, pointId, quantity, userId } from './fields.js';
import {
  about,
  type FieldSchemas,
  flag,
  type JsonSchema,
  listOf,
  nullable,
  object,
  oneOf,
  schemaWords,
  text,
  whole,
} from './json-schema.js';
import { orderFacts } from './order-facts.js';

const { callerId } = schemaWords;
const step = about(oneOf('STOCK', 'COUPON', 'POINTS'), 'What has to be held.');
const pointHold = nullable(about(pointId, 'The hold on points; null = none.'));
const reason = about(text, 'A refusal code, or the words of who cancelled.', 'OUT_OF_STOCK');

/** Enough to end the holds and to empty the cart without reading the order. */
const end = {
  lineCount: about(whole(1), 'Lines of the order.', 1),
  couponCount: about(whole(0), 'Coupons of the order.', 1),
  fromCart: about(flag, 'Whether what is ordered leaves the shopping cart.', false),
};

const payment: FieldSchemas<PaymentRecord> = {
  eventId: about(callerId, "The payment service's own id of its event.", 'evt-1'),
  type: oneOf('COMPLETED', 'FAILED', 'CANCELLED'),
  paymentId: about(callerId, 'The payment.', 'pay-1'),
  amount: money,
  occurredAt: nullable(
    instantOf('By the clock of the payment service; it decides nothing.', '2026-11-21T01:00:00.000Z'),
  ),
  outcome: about(
    oneOf(
      ...['PAID', 'KEPT', 'PAYMENT_AMOUNT_MISMATCH', 'PAYMENT_FAILED', 'PAYMENT_CANCELLED', 'REFUND_DUE'],
      ...['CANCELLED_AFTER_COMPLETION', 'EVENT_ID_REUSED', 'NO_EFFECT'],
    ),
    'What came of it.',
  ),
};

const refundLine: FieldSchemas<RefundLine> = { lineId, quantity };
const refund: FieldSchemas<Refund> = {
  refundId: about(schemaWords.uuid, 'The refund.', '0193f2a9-5e0f-7f61-a2c8-3b9d1e7f4c05'),
  lines: listOf(object(refundLine)),
  amount: amountOf('Money that goes back', 10_500),
  pointsReturned: about(whole(0), 'Spent points that came back.', 0),
  pointsReversed: about(whole(0), 'Points earned with the order that were taken back.', 0),
  couponsRestored: listOf(couponId),
  reason: nullable(about(text, 'In the words of who refunds.', 'returned')),
  restock: about(flag, 'Whether the units are free again.', true),
};

const described = (meaning: string, fields: Readonly<Record<string, JsonSchema>>): EventDescription => ({
  meaning,
  key: 'userId',
  schema: object({ orderNumber, userId, ...fields, at }),
});

export const orderEventDescriptions: Described<OrderEvent> = {
  OrderPlaced: described('An order was accepted: what it needs is to be held.', {
    ...orderFacts,
    refused: about(flag, 'It can’t be had, as was clear at once: nothing is asked for.', false),
  }),
  StepRefused: described('Something that an order needs can’t be held.', {
    step,
    code: about(text, 'The refusal.', 'OUT_OF_STOCK'),
    data: about({ type: 'object' }, 'What explains the refusal.', { productId: 'mug', optionId: 'blue', free: 1 }),
  }),
  CancelRequested: described('An order shall be cancelled while it is still under way.', { reason }),
  OrderHeld: described('Everything is held for an order; its payment is missing.', { pointHold }),
  PaymentRecorded: described('A payment service has told of a payment.', payment),
  OrderCompleted: described('An order is complete, and what was held for it is posted.', { pointHold, ...end }),
  OrderCancelled: described('An order is cancelled, and what was held for it is voided.', {
    reason,
    voids: about(listOf(step), 'What is held, in the order in which it is voided.'),
    pointHold,
    ...end,
  }),
  OrderRefunded: described('Units of a completed order went back.', refund),
};
