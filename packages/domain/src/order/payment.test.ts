import {
  cancel,
  facts,
  given,
  paidElsewhere,
  pay,
  place,
  progress,
  refuseStep,
  typesOf,
  when,
} from './order.fixtures.js';
import type { Order, OrderCommand } from './order.js';
import type { Payment, PaymentOutcome } from './payment.js';

const states = {
  PENDING: given(place()),
  AWAITING_PAYMENT: given(place(), progress()),
  COMPLETED: given(place(), progress(), pay('COMPLETED', { eventId: 'first' })),
  CANCELLED: given(place(), progress(), cancel()),
  elsewhere: given(place(paidElsewhere), progress()),
  free: given(place(facts({ total: 0, paymentDeadline: null })), progress()),
  'cancelled, was elsewhere': given(place(paidElsewhere), cancel(), progress()),
};
type State = keyof typeof states;

const won = (amount: number) => ({ amount: { amount, currency: 'KRW' } });
const other = { paymentId: 'pay-2' };
const dollars = { amount: { amount: 8_500, currency: 'USD' } };

type Row = [
  state: State,
  type: Payment['type'],
  more: Partial<Payment>,
  outcome: PaymentOutcome,
  status: string,
  due: number,
];
const table: Row[] = [
  ['PENDING', 'COMPLETED', {}, 'KEPT', 'PENDING', 0],
  ['PENDING', 'COMPLETED', won(1), 'KEPT', 'PENDING', 0],
  ['PENDING', 'FAILED', {}, 'KEPT', 'PENDING', 0],
  ['PENDING', 'CANCELLED', {}, 'KEPT', 'PENDING', 0],
  ['AWAITING_PAYMENT', 'COMPLETED', {}, 'PAID', 'COMPLETED', 0],
  ['AWAITING_PAYMENT', 'COMPLETED', won(8_499), 'PAYMENT_AMOUNT_MISMATCH', 'AWAITING_PAYMENT', 0],
  ['AWAITING_PAYMENT', 'COMPLETED', won(8_501), 'PAYMENT_AMOUNT_MISMATCH', 'AWAITING_PAYMENT', 0],
  ['AWAITING_PAYMENT', 'COMPLETED', won(0), 'PAYMENT_AMOUNT_MISMATCH', 'AWAITING_PAYMENT', 0],
  ['AWAITING_PAYMENT', 'COMPLETED', dollars, 'PAYMENT_AMOUNT_MISMATCH', 'AWAITING_PAYMENT', 0],
  ['AWAITING_PAYMENT', 'FAILED', {}, 'PAYMENT_FAILED', 'CANCELLED', 0],
  ['AWAITING_PAYMENT', 'CANCELLED', {}, 'PAYMENT_CANCELLED', 'CANCELLED', 0],
  ['COMPLETED', 'COMPLETED', {}, 'NO_EFFECT', 'COMPLETED', 0],
  ['COMPLETED', 'COMPLETED', other, 'REFUND_DUE', 'COMPLETED', 8_500],
  ['COMPLETED', 'COMPLETED', { ...other, ...won(7) }, 'REFUND_DUE', 'COMPLETED', 7],
  ['COMPLETED', 'COMPLETED', { ...other, ...won(0) }, 'NO_EFFECT', 'COMPLETED', 0],
  ['COMPLETED', 'COMPLETED', { ...other, ...dollars }, 'PAYMENT_AMOUNT_MISMATCH', 'COMPLETED', 0],
  ['COMPLETED', 'FAILED', {}, 'NO_EFFECT', 'COMPLETED', 0],
  ['COMPLETED', 'CANCELLED', {}, 'CANCELLED_AFTER_COMPLETION', 'COMPLETED', 0],
  ['COMPLETED', 'CANCELLED', other, 'NO_EFFECT', 'COMPLETED', 0],
  ['CANCELLED', 'COMPLETED', {}, 'REFUND_DUE', 'CANCELLED', 8_500],
  ['CANCELLED', 'COMPLETED', won(9_000), 'REFUND_DUE', 'CANCELLED', 9_000],
  ['CANCELLED', 'COMPLETED', dollars, 'PAYMENT_AMOUNT_MISMATCH', 'CANCELLED', 0],
  ['CANCELLED', 'FAILED', {}, 'NO_EFFECT', 'CANCELLED', 0],
  ['CANCELLED', 'CANCELLED', {}, 'NO_EFFECT', 'CANCELLED', 0],
  ['elsewhere', 'COMPLETED', {}, 'NO_EFFECT', 'COMPLETED', 0],
  ['elsewhere', 'FAILED', {}, 'NO_EFFECT', 'COMPLETED', 0],
  ['elsewhere', 'CANCELLED', {}, 'NO_EFFECT', 'COMPLETED', 0],
  ['free', 'COMPLETED', {}, 'REFUND_DUE', 'COMPLETED', 8_500],
  ['free', 'COMPLETED', won(0), 'NO_EFFECT', 'COMPLETED', 0],
  ['cancelled, was elsewhere', 'COMPLETED', {}, 'NO_EFFECT', 'CANCELLED', 0],
];

describe('orders rules 8 to 10: a payment event', () => {
  it.each(table)(
    'to an order that is %s: %s %j is %s, then %s, due back %d',
    (from, type, more, outcome, status, due) => {
      const before = states[from];
      const { state, events } = when(before, pay(type, more));
      expect(events[0]).toMatchObject({ type: 'PaymentRecorded', payment: { type, outcome, ...more } });
      expect(state).toMatchObject({ status, refundDue: due });
      if (status === before.status) {
        expect(events).toHaveLength(1);
        expect(state).toMatchObject({ steps: before.steps, reason: before.reason, paymentId: before.paymentId });
      }
    },
  );

  it('the table has every status and every event', () => {
    const seen = new Set(table.map(([from, type]) => `${states[from].status} ${type}`));
    expect(seen.size).toBe(4 * 3);
  });

  it('pays: the order is completed by that payment, and everything is posted', () =>
    expect(when(states.AWAITING_PAYMENT, pay()).state).toMatchObject({
      ...{ status: 'COMPLETED', paymentId: 'pay-1', endedAt: 400, reason: null },
      steps: { STOCK: 'POSTED', COUPON: 'POSTED', POINTS: 'POSTED' },
    }));

  it.each(['FAILED', 'CANCELLED'] as const)('%s: nothing stays held, and nobody pays any more', type => {
    const { state } = when(states.AWAITING_PAYMENT, pay(type));
    expect(state).toMatchObject({
      reason: `PAYMENT_${type}`,
      steps: { STOCK: 'VOIDED', COUPON: 'VOIDED', POINTS: 'VOIDED' },
    });
    expect(when(state, pay('COMPLETED', other)).state).toMatchObject({ status: 'CANCELLED', refundDue: 8_500 });
  });

  it.each(Object.entries(states))('the same event again changes nothing: %s', (_, state) => {
    const once = when(state, pay()).state;
    expect(when(once, pay()).events).toEqual([]);
    expect(when(once, pay('FAILED', { eventId: 'COMPLETED-1' })).events).toEqual([]);
  });

  it('the same payment is due back once, however many events tell of it; another one adds to it', () => {
    const again = [pay(), pay('COMPLETED', { eventId: 'e2' }), pay('COMPLETED', { eventId: 'e3', ...other })];
    expect(given(place(), progress(), cancel(), ...again)).toMatchObject({ refundDue: 17_000 });
  });

  it('rule 10: the right amount still pays after a wrong one', () =>
    expect(given(place(), progress(), pay('COMPLETED', won(1)), pay('COMPLETED', { eventId: 'e2' }))).toMatchObject({
      ...{ status: 'COMPLETED', refundDue: 0 },
    }));

  it('rule 8: the order of arrival decides, not `occurredAt`', () => {
    const later = pay('FAILED', { occurredAt: 1 });
    expect(given(place(), progress(), pay('COMPLETED', { occurredAt: 2 }), later).status).toBe('COMPLETED');
    expect(given(place(), progress(), later, pay('COMPLETED', { occurredAt: 0 })).status).toBe('CANCELLED');
  });
});

describe('orders rule 8: events that were kept are applied in the order of their arrival', () => {
  const second = pay('COMPLETED', { eventId: 'e2', ...other });
  type Kept = [
    string,
    OrderCommand[],
    { status: string; reason: string | null; due: number; outcomes: PaymentOutcome[] },
  ];
  it.each<Kept>([
    ['paid', [pay()], { status: 'COMPLETED', reason: null, due: 0, outcomes: ['PAID'] }],
    [
      'failed, then paid',
      [pay('FAILED'), pay()],
      { status: 'CANCELLED', reason: 'PAYMENT_FAILED', due: 8_500, outcomes: ['PAYMENT_FAILED', 'REFUND_DUE'] },
    ],
    [
      'paid, then failed',
      [pay(), pay('FAILED')],
      { status: 'COMPLETED', reason: null, due: 0, outcomes: ['PAID', 'NO_EFFECT'] },
    ],
    [
      'paid twice, then cancelled',
      [pay(), second, pay('CANCELLED')],
      {
        ...{ status: 'COMPLETED', reason: null, due: 8_500 },
        outcomes: ['PAID', 'REFUND_DUE', 'CANCELLED_AFTER_COMPLETION'],
      },
    ],
    [
      'wrong, then right',
      [pay('COMPLETED', won(1)), second],
      { status: 'COMPLETED', reason: null, due: 0, outcomes: ['PAYMENT_AMOUNT_MISMATCH', 'PAID'] },
    ],
    [
      'wrong only',
      [pay('COMPLETED', won(1))],
      { status: 'AWAITING_PAYMENT', reason: null, due: 0, outcomes: ['PAYMENT_AMOUNT_MISMATCH'] },
    ],
    [
      'paid for what is refused',
      [pay(), refuseStep('STOCK')],
      { status: 'CANCELLED', reason: 'OUT_OF_STOCK', due: 8_500, outcomes: ['REFUND_DUE'] },
    ],
    [
      'paid, and cancelled before it was held',
      [pay(), cancel('mine'), second, pay('FAILED')],
      { status: 'CANCELLED', reason: 'mine', due: 17_000, outcomes: ['REFUND_DUE', 'REFUND_DUE', 'NO_EFFECT'] },
    ],
  ])('%s', (_, commands, { status, reason, due, outcomes }) => {
    const state = given(place(), ...commands, progress());
    expect(state).toMatchObject({ status, reason, refundDue: due });
    expect(state.payments.map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  it('and pays nothing once its event has told of another order', () => {
    const elsewhere: OrderCommand = { ...pay(), isOfAnother: true } as OrderCommand;
    const state = given(place(), progress(), elsewhere, elsewhere);
    expect(state).toMatchObject({ status: 'AWAITING_PAYMENT', refundDue: 0 });
    expect(state.payments.map(({ outcome }) => outcome)).toEqual(['EVENT_ID_REUSED']);
  });

  it('and due back where nothing is to be paid', () => {
    const nothingDue: Order = given(place(facts({ total: 0, paymentDeadline: null })), pay());
    expect(typesOf(nothingDue, progress())).toEqual(['OrderCompleted', 'PaymentRecorded']);
    expect(when(nothingDue, progress()).state).toMatchObject({ status: 'COMPLETED', refundDue: 8_500 });
  });

  it('are due back when a hold was lost while they were kept', () =>
    expect(when(given(place(), pay()), progress({ POINTS: 'LOST' })).state).toMatchObject({
      ...{ status: 'CANCELLED', reason: 'HOLD_EXPIRED', refundDue: 8_500 },
    }));
});
