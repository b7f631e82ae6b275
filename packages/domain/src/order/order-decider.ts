import { accept, type Decider, type Decision, refuse } from '../decider.js';
import { refusal } from '../refusal.js';
import { evolveOrder } from './evolve-order.js';
import {
  type Order,
  type OrderCommand,
  type OrderEvent,
  type OrderRefusal,
  type OrderStep,
  orderSteps,
  type PlacedOrder,
  type StepRefusal,
} from './order.js';
import { isPayable, outcomeOf, type Payment, type PaymentOutcome } from './payment.js';
import { refundRefusal } from './refund.js';

type Decided = Decision<OrderEvent, OrderRefusal>;
type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;

/** Events one after the other, each decided on what the ones before it have left. */
function inTurn(order: PlacedOrder, steps: readonly ((order: PlacedOrder) => readonly OrderEvent[])[]): OrderEvent[] {
  const events: OrderEvent[] = [];
  let state: Order = order;
  for (const step of steps)
    for (const event of step(state as PlacedOrder)) {
      events.push(event);
      state = evolveOrder(state, event);
    }
  return events;
}

interface Holds {
  readonly voids: readonly OrderStep[];
  readonly pointHold: string | null;
}

const cancelled = (reason: string, { voids, pointHold }: Holds, at: number): OrderEvent => ({
  ...{ type: 'OrderCancelled', reason, voids, pointHold, at },
});

/** Everything that an order has which waits for its payment, in the order in which it is voided. */
const holdsOf = ({ steps, pointHold }: PlacedOrder): Holds => ({
  voids: orderSteps.filter(step => steps[step] === 'HELD').reverse(),
  pointHold,
});

/** An order that can't be had is placed all the same, so that its buyer is told why (orders rule 3). */
function place(order: Order, { facts, refusal: no, at }: Command<'Place'>): Decided {
  if (order.status !== 'NONE') return refuse(refusal('ORDER_ALREADY_EXISTS'));
  const placed = { type: 'OrderPlaced', facts, refused: no !== null, at } as const;
  return no
    ? accept(placed, { type: 'StepRefused', ...no, at }, cancelled(no.code, { voids: [], pointHold: null }, at))
    : accept(placed);
}

function refuseStep(order: PlacedOrder, { step, code, data, at }: Command<'RefuseStep'>): Decided {
  const isNews = order.status === 'PENDING' && order.steps[step] === 'PENDING';
  return isNews ? accept({ type: 'StepRefused', step, code, data, at }) : accept();
}

const paymentRecorded = (payment: Payment, outcome: PaymentOutcome, at: number): OrderEvent => ({
  ...{ type: 'PaymentRecorded', payment: { ...payment, outcome }, at },
});

/** A payment event that arrives, or that was kept until now. */
const pay =
  (payment: Payment, at: number) =>
  (order: PlacedOrder): readonly OrderEvent[] => {
    const outcome = outcomeOf(order, payment);
    const recorded = paymentRecorded(payment, outcome, at);
    const { pointHold } = order;
    if (outcome === 'PAID') return [recorded, { type: 'OrderCompleted', pointHold, at }];
    if (outcome === 'PAYMENT_FAILED' || outcome === 'PAYMENT_CANCELLED')
      return [recorded, cancelled(outcome, holdsOf(order), at)];
    return [recorded];
  };

const timeOut =
  (at: number) =>
  (order: PlacedOrder): readonly OrderEvent[] => {
    const { paymentDeadline } = order.facts;
    const isOver = order.status === 'AWAITING_PAYMENT' && paymentDeadline !== null && paymentDeadline <= at;
    return isOver ? [cancelled('PAYMENT_TIMEOUT', holdsOf(order), at)] : [];
  };

const lost = (step: StepRefusal['step']): StepRefusal => ({ step, code: 'HOLD_EXPIRED', data: { step } });

/** Waits until every step has its answer: what is void then was held before, and nothing comes after it. */
function progress(order: PlacedOrder, { held, pointHold, at }: Command<'Progress'>): Decided {
  if (order.status !== 'PENDING') return accept();
  const open = orderSteps.filter(step => order.steps[step] === 'PENDING');
  if (open.some(step => held[step] === 'PENDING')) return accept();
  const gone = open.filter(step => held[step] === 'LOST').map(lost);
  const voids = open.filter(step => held[step] === 'HELD').reverse();
  const reason = order.reason ?? gone[0]?.code;
  const next: OrderEvent =
    reason !== undefined
      ? cancelled(reason, { voids, pointHold }, at)
      : { type: isPayable(order) ? 'OrderHeld' : 'OrderCompleted', pointHold, at };
  const refused = gone.map((no): OrderEvent => ({ type: 'StepRefused', ...no, at }));
  // What was kept is looked at also when the order ends here: money that came for nothing is due back.
  const kept = order.payments.filter(({ outcome }) => outcome === 'KEPT');
  const payments = kept.map(({ outcome: _, ...payment }) => pay(payment, at));
  return accept(...inTurn(order, [() => [...refused, next], ...payments, timeOut(at)]));
}

/** The order of arrival decides, by the time of the database (orders rule 8). */
function payNow(order: PlacedOrder, { payment, isOfAnother, at }: Command<'Pay'>): Decided {
  if (order.payments.some(({ eventId }) => eventId === payment.eventId)) return accept();
  if (isOfAnother) return accept(paymentRecorded(payment, 'EVENT_ID_REUSED', at));
  return accept(...inTurn(order, [timeOut(at), pay(payment, at)]));
}

const noReason = 'CANCELLED_BY_REQUEST';

function cancel(order: PlacedOrder, { reason, at }: Command<'Cancel'>): Decided {
  switch (order.status) {
    case 'PENDING':
      return order.reason === null ? accept({ type: 'CancelRequested', reason: reason ?? noReason, at }) : accept();
    case 'AWAITING_PAYMENT': {
      const [over] = timeOut(at)(order);
      return accept(over ?? cancelled(reason ?? noReason, holdsOf(order), at));
    }
    case 'COMPLETED':
      return refuse(refusal('ORDER_COMPLETED'));
    case 'CANCELLED':
      return accept();
  }
}

function giveBack(order: PlacedOrder, { refund, at }: Command<'Refund'>): Decided {
  const no = refundRefusal(order, refund.lines);
  if (no) return refuse(no);
  return accept({ type: 'OrderRefunded', refund, at });
}

function decide(order: Order, command: OrderCommand): Decided {
  if (command.type === 'Place') return place(order, command);
  if (order.status === 'NONE') return refuse(refusal('ORDER_NOT_FOUND'));
  switch (command.type) {
    case 'RefuseStep':
      return refuseStep(order, command);
    case 'Progress':
      return progress(order, command);
    case 'Pay':
      return payNow(order, command);
    case 'Cancel':
      return cancel(order, command);
    case 'TimeOut':
      return accept(...timeOut(command.at)(order));
    case 'Refund':
      return giveBack(order, command);
  }
}

/** The rules of an order, from its placing to its last refund. Times go by the command: the time of the database. */
export const order: Decider<Order, OrderCommand, OrderEvent, OrderRefusal> = {
  initial: { status: 'NONE' },
  decide,
  evolve: evolveOrder,
};
