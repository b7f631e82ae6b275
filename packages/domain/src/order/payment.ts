import type { Money } from '../money.js';
import type { Instant } from '../time.js';
import type { PlacedOrder } from './order.js';

export type PaymentType = 'COMPLETED' | 'FAILED' | 'CANCELLED';

/** What a payment service tells of one payment. */
export interface Payment {
  /** The service's own id of the event: the same again changes nothing. */
  readonly eventId: string;
  readonly type: PaymentType;
  readonly paymentId: string;
  readonly amount: Money;
  /** By the clock of the service; it decides nothing (orders rule 8). */
  readonly occurredAt: Instant | null;
}

/**
 * What came of a payment event.
 * - `KEPT`: not everything is held yet; it is looked at again when it is.
 * - `PAID`: the order is paid.
 * - `PAYMENT_AMOUNT_MISMATCH`: another amount or currency than is due; not paid.
 * - `PAYMENT_FAILED`, `PAYMENT_CANCELLED`: the order ends.
 * - `REFUND_DUE`: money came although nothing was due.
 * - `CANCELLED_AFTER_COMPLETION`: somebody has to look at it; the books stay as they are.
 * - `EVENT_ID_REUSED`: an event of this id has told of another order before, and one event is one payment: somebody has to
 *   look at it.
 * - `NO_EFFECT`: it says what is known already, or is about an order that is paid elsewhere.
 */
export type PaymentOutcome =
  | 'KEPT'
  | 'PAID'
  | 'PAYMENT_AMOUNT_MISMATCH'
  | 'PAYMENT_FAILED'
  | 'PAYMENT_CANCELLED'
  | 'REFUND_DUE'
  | 'CANCELLED_AFTER_COMPLETION'
  | 'EVENT_ID_REUSED'
  | 'NO_EFFECT';

export interface PaymentRecord extends Payment {
  readonly outcome: PaymentOutcome;
}

type Rule = (order: PlacedOrder, payment: Payment) => PaymentOutcome;

/**
 * Money for an order that is over: due back, unless this payment was counted before or is none of our business. What
 * is due has the currency of the order; money of another one is for somebody to look at.
 */
const late: Rule = ({ facts, paymentId, payments }, payment) => {
  const isCounted =
    paymentId === payment.paymentId ||
    payments.some(before => before.outcome === 'REFUND_DUE' && before.paymentId === payment.paymentId);
  if (isCounted || facts.payment === 'NONE' || payment.amount.amount === 0) return 'NO_EFFECT';
  return payment.amount.currency === facts.currency ? 'REFUND_DUE' : 'PAYMENT_AMOUNT_MISMATCH';
};

const pays: Rule = ({ facts: { total, currency } }, { amount }) =>
  amount.amount === total && amount.currency === currency ? 'PAID' : 'PAYMENT_AMOUNT_MISMATCH';

const always =
  (outcome: PaymentOutcome): Rule =>
  () =>
    outcome;

/** The outcome of every event in every status (orders rules 8 to 10). */
const rules: Readonly<Record<PlacedOrder['status'], Readonly<Record<PaymentType, Rule>>>> = {
  PENDING: { COMPLETED: always('KEPT'), FAILED: always('KEPT'), CANCELLED: always('KEPT') },
  AWAITING_PAYMENT: {
    COMPLETED: pays,
    FAILED: always('PAYMENT_FAILED'),
    CANCELLED: always('PAYMENT_CANCELLED'),
  },
  COMPLETED: {
    COMPLETED: late,
    FAILED: always('NO_EFFECT'),
    CANCELLED: ({ paymentId }, payment) =>
      paymentId === payment.paymentId ? 'CANCELLED_AFTER_COMPLETION' : 'NO_EFFECT',
  },
  CANCELLED: { COMPLETED: late, FAILED: always('NO_EFFECT'), CANCELLED: always('NO_EFFECT') },
};

/** What comes of a payment event that arrives now. */
export const outcomeOf: Rule = (order, payment) => rules[order.status][payment.type](order, payment);

/** Whether the order still expects to be told of its payment. */
export const isPayable = ({ facts: { payment, total } }: Pick<PlacedOrder, 'facts'>): boolean =>
  payment === 'EXTERNAL' && total > 0;
