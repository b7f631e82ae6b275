import {
  needsStep,
  type Order,
  type OrderEvent,
  type OrderFacts,
  type OrderStep,
  type OrderStepStatus,
  orderSteps,
  type PlacedOrder,
} from './order.js';
import type { PaymentRecord } from './payment.js';

type Steps = PlacedOrder['steps'];
type Event<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>;

const stepsOf = (of: (step: OrderStep) => OrderStepStatus) =>
  Object.fromEntries(orderSteps.map(step => [step, of(step)])) as unknown as Steps;

const placed = (facts: OrderFacts): PlacedOrder => ({
  status: 'PENDING',
  facts,
  reason: null,
  refusals: [],
  steps: stepsOf(step => (needsStep(facts, step) ? 'PENDING' : 'SKIPPED')),
  pointHold: null,
  payments: [],
  paymentId: null,
  refundDue: 0,
  refunds: [],
  endedAt: null,
});

/** Each status of a step by what it is now; what is not named stays. */
const moved = (steps: Steps, next: Partial<Record<OrderStepStatus, OrderStepStatus>>) =>
  stepsOf(step => next[steps[step]] ?? steps[step]);

function recorded(order: PlacedOrder, payment: PaymentRecord): PlacedOrder {
  const before = order.payments.findIndex(({ eventId }) => eventId === payment.eventId);
  const payments = before < 0 ? [...order.payments, payment] : order.payments.with(before, payment);
  return {
    ...order,
    payments,
    paymentId: payment.outcome === 'PAID' ? payment.paymentId : order.paymentId,
    refundDue: order.refundDue + (payment.outcome === 'REFUND_DUE' ? payment.amount.amount : 0),
  };
}

function cancelled(order: PlacedOrder, { reason, voids, at }: Event<'OrderCancelled'>): PlacedOrder {
  const isHeld = new Set(voids);
  const steps = stepsOf(step => (isHeld.has(step) ? 'VOIDED' : order.steps[step]));
  return { ...order, status: 'CANCELLED', reason, steps: moved(steps, { PENDING: 'SKIPPED' }), endedAt: at };
}

/** The order after an event. */
export function evolveOrder(order: Order, event: OrderEvent): Order {
  if (event.type === 'OrderPlaced') return placed(event.facts);
  if (order.status === 'NONE') return order;
  switch (event.type) {
    case 'StepRefused': {
      const { step, code, data } = event;
      const refusals = [...order.refusals, { step, code, data }];
      return { ...order, refusals, reason: order.reason ?? code, steps: { ...order.steps, [step]: 'REFUSED' } };
    }
    case 'CancelRequested':
      return { ...order, reason: event.reason };
    case 'PaymentRecorded':
      return recorded(order, event.payment);
    case 'OrderHeld': {
      const steps = moved(order.steps, { PENDING: 'HELD' });
      return { ...order, status: 'AWAITING_PAYMENT', steps, pointHold: event.pointHold };
    }
    case 'OrderCompleted': {
      const steps = moved(order.steps, { PENDING: 'POSTED', HELD: 'POSTED' });
      return { ...order, status: 'COMPLETED', steps, pointHold: event.pointHold, endedAt: event.at };
    }
    case 'OrderCancelled':
      return { ...cancelled(order, event), pointHold: event.pointHold };
    case 'OrderRefunded':
      return { ...order, refunds: [...order.refunds, event.refund] };
  }
}
