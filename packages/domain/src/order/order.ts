import type { CartLine } from '../cart/cart.js';
import type { QuotedDiscount, QuotedShipping } from '../coupon/pricing/quote.js';
import type { Transitions } from '../decider.js';
import type { Refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import type { Payment, PaymentRecord } from './payment.js';
import type { Refund } from './refund.js';

/** What has to be held before an order can go on, in the order in which it is asked for; it is voided in reverse. */
export const orderSteps = ['STOCK', 'COUPON', 'POINTS'] as const;
export type OrderStep = (typeof orderSteps)[number];
/** SKIPPED: the order does not need the step. No step is HELD once the order is over (orders rule 5). */
export type OrderStepStatus = 'PENDING' | 'HELD' | 'POSTED' | 'VOIDED' | 'REFUSED' | 'SKIPPED';

/** `NONE` = paid elsewhere. */
export type PaymentKind = 'NONE' | 'EXTERNAL';

/** A line with the price that it was ordered for; that never changes. Amounts are minor units of the order's currency. */
export interface OrderLine extends CartLine {
  readonly optionId: string;
  readonly discount: number;
  /** What the line comes to, before points; its units differ by at most 1, see `unitNets`. */
  readonly net: number;
}

/** Everything that was settled when the order was placed. Amounts are minor units of `currency`. */
export interface OrderFacts {
  readonly userId: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly channel: string | null;
  readonly segments: readonly string[];
  readonly firstOrder: boolean;
  readonly shipping: QuotedShipping;
  readonly discounts: readonly QuotedDiscount[];
  readonly pointsUsed: number;
  /** Money due after coupons and points. */
  readonly total: number;
  readonly payment: PaymentKind;
  /** Whether the lines leave the shopping cart when the order is completed. */
  readonly fromCart: boolean;
  readonly placedAt: Instant;
  /** Exclusive; null = nothing is to be paid here. */
  readonly paymentDeadline: Instant | null;
  /** When holds end that nobody has resolved: later than any payment can come. */
  readonly holdUntil: Instant;
}

/** Why a step can't be had. */
export interface StepRefusal {
  readonly step: OrderStep;
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type OrderStatus = 'PENDING' | 'AWAITING_PAYMENT' | 'COMPLETED' | 'CANCELLED';

export type Order =
  | { readonly status: 'NONE' }
  | {
      readonly status: OrderStatus;
      readonly facts: OrderFacts;
      /** Why it was, or will be, cancelled: a code, or the words of who did it; null = it was not. */
      readonly reason: string | null;
      /** In the order of their coming; the first is the reason. */
      readonly refusals: readonly StepRefusal[];
      readonly steps: Readonly<Record<OrderStep, OrderStepStatus>>;
      /** The hold on the user's points; null = there is none, or it is not known yet. */
      readonly pointHold: string | null;
      /** Everything that a payment service has told, in the order of arrival (orders rule 8). */
      readonly payments: readonly PaymentRecord[];
      /** The payment that counts; null = none does. */
      readonly paymentId: string | null;
      /** Money that came although nothing was due, minor units. */
      readonly refundDue: number;
      readonly refunds: readonly Refund[];
      /** Null while it is not over. */
      readonly endedAt: Instant | null;
    };

export type PlacedOrder = Exclude<Order, { status: 'NONE' }>;

/** What became of the holds of an order so far. LOST: it was held, and the time has ended it. */
export type HeldSteps = Readonly<Record<OrderStep, 'PENDING' | 'HELD' | 'LOST'>>;

export type OrderCommand = { readonly at: Instant } & (
  | { readonly type: 'Place'; readonly facts: OrderFacts; readonly refusal: StepRefusal | null }
  | ({ readonly type: 'RefuseStep' } & StepRefusal)
  /** Looks at what is held, and goes on as far as that allows. */
  | { readonly type: 'Progress'; readonly held: HeldSteps; readonly pointHold: string | null }
  /** `isOfAnother` = its event has told of another order before. */
  | { readonly type: 'Pay'; readonly payment: Payment; readonly isOfAnother: boolean }
  | { readonly type: 'Cancel'; readonly reason: string | null }
  /** Ends what was not paid in time. */
  | { readonly type: 'TimeOut' }
  | { readonly type: 'Refund'; readonly refund: Refund }
);

export type OrderEvent = { readonly at: Instant } & (
  | {
      readonly type: 'OrderPlaced';
      readonly facts: OrderFacts;
      /** It can't be had, as was clear at once: nothing is asked for. */
      readonly refused: boolean;
    }
  | ({ readonly type: 'StepRefused' } & StepRefusal)
  | { readonly type: 'CancelRequested'; readonly reason: string }
  /** Stock, coupons and points are held; the payment is missing. */
  | { readonly type: 'OrderHeld'; readonly pointHold: string | null }
  | { readonly type: 'PaymentRecorded'; readonly payment: PaymentRecord }
  /** The commit point: what is held will be posted. */
  | { readonly type: 'OrderCompleted'; readonly pointHold: string | null }
  | {
      readonly type: 'OrderCancelled';
      readonly reason: string;
      /** What is held and has to be voided, in this order. */
      readonly voids: readonly OrderStep[];
      readonly pointHold: string | null;
    }
  | { readonly type: 'OrderRefunded'; readonly refund: Refund }
);

export type OrderRefusal = Refusal<
  | 'ORDER_NOT_FOUND'
  | 'ORDER_ALREADY_EXISTS'
  | 'ORDER_COMPLETED'
  | 'ORDER_NOT_COMPLETED'
  | 'ORDER_LINE_NOT_FOUND'
  | 'QUANTITY_NOT_REFUNDABLE'
>;

/** Which events may follow each status, and where they lead. A COMPLETED order goes back by refunds and stays what it is. */
export const orderTransitions = {
  NONE: { OrderPlaced: 'PENDING' },
  PENDING: {
    StepRefused: 'PENDING',
    CancelRequested: 'PENDING',
    PaymentRecorded: 'PENDING',
    OrderHeld: 'AWAITING_PAYMENT',
    OrderCompleted: 'COMPLETED',
    OrderCancelled: 'CANCELLED',
  },
  AWAITING_PAYMENT: {
    PaymentRecorded: 'AWAITING_PAYMENT',
    OrderCompleted: 'COMPLETED',
    OrderCancelled: 'CANCELLED',
  },
  COMPLETED: { PaymentRecorded: 'COMPLETED', OrderRefunded: 'COMPLETED' },
  CANCELLED: { PaymentRecorded: 'CANCELLED' },
} as const satisfies Transitions<Order['status'], OrderEvent['type']>;

/** The step is part of the order only if it has something to hold. */
export const needsStep = (
  { discounts, pointsUsed }: { readonly discounts: readonly unknown[]; readonly pointsUsed: number },
  step: OrderStep,
): boolean => ({ STOCK: true, COUPON: discounts.length > 0, POINTS: pointsUsed > 0 })[step];
