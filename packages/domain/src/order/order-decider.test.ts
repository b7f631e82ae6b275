import {
  cancel,
  DEADLINE,
  facts,
  giveBack,
  given,
  paidElsewhere,
  pay,
  payment,
  place,
  plain,
  progress,
  refusalOf,
  refuseStep,
  timeOut,
  typesOf,
  when,
} from './order.fixtures.js';
import type { HeldSteps, Order, OrderCommand, OrderStep, OrderStepStatus } from './order.js';
import { orderSteps } from './order.js';
import { order } from './order-decider.js';

const placed = given(place());
const awaiting = given(place(), progress());
const completed = given(place(), progress(), pay());
const cancelled = given(place(), progress(), cancel());

describe('an order that is placed', () => {
  it('orders rule 5: waits for the steps that it needs, and skips the others', () => {
    expect(placed).toMatchObject({
      status: 'PENDING',
      steps: { STOCK: 'PENDING', COUPON: 'PENDING', POINTS: 'PENDING' },
    });
    expect(given(place(plain)).steps).toEqual({ STOCK: 'PENDING', COUPON: 'SKIPPED', POINTS: 'SKIPPED' });
  });

  it.each(orderSteps)('orders rule 3: is cancelled with the refusal of %s as its reason, and still there', step => {
    const no = { step, code: 'NO_EFFECT', data: { left: 0 } };
    const command = place(plain, no);
    expect(typesOf(order.initial, command)).toEqual(['OrderPlaced', 'StepRefused', 'OrderCancelled']);
    const { status, reason, refusals, steps, endedAt } = given(command);
    expect({ status, reason, refusals, endedAt }).toEqual({
      ...{ status: 'CANCELLED', reason: 'NO_EFFECT', refusals: [no], endedAt: 100 },
    });
    expect(steps).toEqual({ STOCK: 'SKIPPED', COUPON: 'SKIPPED', POINTS: 'SKIPPED', [step]: 'REFUSED' });
  });
});

/** What a step is when the order is looked at, and what the look makes of it when the order is cancelled by it. */
type Look = HeldSteps[OrderStep] | 'REFUSED';
const looks: readonly Look[] = ['HELD', 'PENDING', 'LOST', 'REFUSED'];
const everyLook = looks.flatMap(a => looks.flatMap(b => looks.map(c => [a, b, c] as const)));
const afterCancel: Readonly<Record<Look, OrderStepStatus>> = {
  ...{ HELD: 'VOIDED', LOST: 'REFUSED', REFUSED: 'REFUSED', PENDING: 'PENDING' },
};

function lookedAt(look: readonly Look[]) {
  const refused = orderSteps.filter((_, i) => look[i] === 'REFUSED');
  const held = Object.fromEntries(orderSteps.map((step, i) => [step, look[i] === 'REFUSED' ? 'PENDING' : look[i]]));
  const before = given(place(), ...refused.map(step => refuseStep(step, `NO_${step}`)));
  return { before, ...when(before, progress(held)) };
}

describe('a look at what is held (stock, coupon, points)', () => {
  it.each(everyLook.filter(look => look.includes('PENDING')))(
    'orders rule 5: %s, %s, %s: waits until each step has its answer',
    (...look) => expect(lookedAt(look).events).toEqual([]),
  );

  it('orders rule 5: HELD, HELD, HELD: waits for the payment with everything held', () => {
    const { events, state } = lookedAt(['HELD', 'HELD', 'HELD']);
    expect(events).toEqual([{ type: 'OrderHeld', pointHold: 'hold-1', at: 300 }]);
    expect(state).toMatchObject({
      ...{ status: 'AWAITING_PAYMENT', reason: null, endedAt: null, pointHold: 'hold-1' },
      steps: { STOCK: 'HELD', COUPON: 'HELD', POINTS: 'HELD' },
    });
  });

  const over = everyLook.filter(look => !look.includes('PENDING') && look.some(each => each !== 'HELD'));
  it.each(over)('orders rule 5: %s, %s, %s: cancelled, and what is held is voided in reverse', (...look) => {
    const { events, state } = lookedAt(look);
    const refused = orderSteps.find((_, i) => look[i] === 'REFUSED');
    const end = events.at(-1);
    expect(end).toEqual({
      ...{ type: 'OrderCancelled', at: 300, pointHold: 'hold-1' },
      reason: refused ? `NO_${refused}` : 'HOLD_EXPIRED',
      voids: (['POINTS', 'COUPON', 'STOCK'] as const).filter(step => look[orderSteps.indexOf(step)] === 'HELD'),
    });
    expect(events.filter(({ type }) => type === 'StepRefused')).toHaveLength(look.filter(it => it === 'LOST').length);
    expect(state).toMatchObject({
      ...{ status: 'CANCELLED', endedAt: 300 },
      steps: Object.fromEntries(orderSteps.map((step, i) => [step, afterCancel[look[i] as Look]])),
    });
  });

  it('does not ask for what the order does not need', () => {
    const held = { COUPON: 'PENDING', POINTS: 'PENDING' } as const;
    expect(when(given(place(plain)), progress(held)).state).toMatchObject({
      ...{ status: 'AWAITING_PAYMENT', steps: { STOCK: 'HELD', COUPON: 'SKIPPED', POINTS: 'SKIPPED' } },
    });
  });

  it.each<[string, Order]>([
    ['AWAITING_PAYMENT', awaiting],
    ['COMPLETED', completed],
    ['CANCELLED', cancelled],
  ])('changes nothing when the order is %s', (_, state) => {
    expect(when(state, progress({ STOCK: 'LOST' })).events).toEqual([]);
    expect(when(state, refuseStep('STOCK')).events).toEqual([]);
  });

  it.each([
    ['orders rule 7: `payment: "NONE"` = paid elsewhere', paidElsewhere],
    ['orders rule 7: `EXTERNAL` with a total of 0 skips payment', facts({ total: 0, paymentDeadline: null })],
  ])('%s', (_, of) =>
    expect(when(given(place(of)), progress()).state).toMatchObject({
      ...{ status: 'COMPLETED', endedAt: 300, paymentId: null },
      steps: { STOCK: 'POSTED', COUPON: 'POSTED', POINTS: 'POSTED' },
    }),
  );
});

describe('a refused step', () => {
  it('is told once, and the first refusal is the reason', () => {
    const twice = given(place(), refuseStep('POINTS', 'SHORT'), refuseStep('STOCK', 'GONE'));
    expect(twice).toMatchObject({ reason: 'SHORT', refusals: [{ step: 'POINTS' }, { step: 'STOCK' }] });
    expect(when(twice, refuseStep('STOCK', 'OTHER')).events).toEqual([]);
  });

  it('that the order does not need is no news', () =>
    expect(when(given(place(plain)), refuseStep('COUPON')).events).toEqual([]));
});

describe('orders rule 6: a shopper cancels', () => {
  it('while it is PENDING: as soon as each step has its answer, with nothing left held', () => {
    const asked = when(placed, cancel('changed my mind'));
    expect(asked.events).toEqual([{ type: 'CancelRequested', reason: 'changed my mind', at: 500 }]);
    expect(typesOf(asked.state, progress({ COUPON: 'PENDING' }))).toEqual([]);
    expect(when(asked.state, progress()).state).toMatchObject({
      ...{ status: 'CANCELLED', reason: 'changed my mind' },
      steps: { STOCK: 'VOIDED', COUPON: 'VOIDED', POINTS: 'VOIDED' },
    });
  });

  it('while it is AWAITING_PAYMENT: at once', () =>
    expect(when(awaiting, cancel()).events).toEqual([
      {
        ...{ type: 'OrderCancelled', reason: 'CANCELLED_BY_REQUEST', at: 500, pointHold: 'hold-1' },
        voids: ['POINTS', 'COUPON', 'STOCK'],
      },
    ]));

  it('a COMPLETED one: 409 ORDER_COMPLETED', () =>
    expect(refusalOf(completed, cancel())?.code).toBe('ORDER_COMPLETED'));

  it.each<[string, Order]>([
    ['asked for already', given(place(), cancel('first'))],
    ['refused already', given(place(), refuseStep('STOCK'))],
    ['cancelled already', cancelled],
  ])('what is %s: nothing changes', (_, state) => expect(when(state, cancel('second')).events).toEqual([]));

  it('and wins over what is refused later', () =>
    expect(given(place(), cancel('mine'), refuseStep('STOCK'), progress())).toMatchObject({ reason: 'mine' }));
});

describe('orders rule 7: the payment deadline', () => {
  it.each<[number, string, string | null]>([
    [DEADLINE - 1, 'AWAITING_PAYMENT', null],
    [DEADLINE, 'CANCELLED', 'PAYMENT_TIMEOUT'],
    [DEADLINE + 1, 'CANCELLED', 'PAYMENT_TIMEOUT'],
  ])('of 1,000, looked at by %d: %s', (at, status, reason) => {
    expect(when(awaiting, timeOut(at)).state).toMatchObject({ status, reason });
    expect(when(placed, progress({}, at)).state).toMatchObject({ status, reason });
  });

  it.each<[number, string, number]>([
    [DEADLINE - 1, 'COMPLETED', 0],
    [DEADLINE, 'CANCELLED', 8_500],
    [DEADLINE + 1, 'CANCELLED', 8_500],
  ])('is over when it is over, swept or not: paid at %d: %s, due back %d', (at, status, refundDue) =>
    expect(when(awaiting, pay('COMPLETED', {}, at)).state).toMatchObject({ status, refundDue }),
  );

  it.each([
    [DEADLINE - 1, 'CANCELLED_BY_REQUEST'],
    [DEADLINE, 'PAYMENT_TIMEOUT'],
  ])('a shopper who cancels at %d finds %s', (at, reason) =>
    expect(when(awaiting, cancel(null, at)).state).toMatchObject({ status: 'CANCELLED', reason }),
  );

  it.each<[string, Order]>([
    ['that is not held yet', placed],
    ['that is paid', completed],
    ['that is paid elsewhere', given(place(paidElsewhere), progress())],
    ['that is cancelled', cancelled],
  ])('does not touch an order %s', (_, state) => expect(when(state, timeOut(5_000)).events).toEqual([]));

  it('does not undo a payment that came before everything was held', () =>
    expect(given(place(), pay(), progress({}, DEADLINE + 1))).toMatchObject({ status: 'COMPLETED', reason: null }));
});

describe('what can not be', () => {
  const commands: OrderCommand[] = [progress(), refuseStep('STOCK'), pay(), cancel(), timeOut(9), giveBack()];
  it.each(commands.map(command => [command.type, command] as const))('%s without an order', (_, command) =>
    expect(refusalOf(order.initial, command)?.code).toBe('ORDER_NOT_FOUND'),
  );

  it.each([placed, awaiting, completed, cancelled].map(state => [state.status, state] as const))(
    'a second order in the place of one that is %s',
    (_, state) => expect(refusalOf(state, place())?.code).toBe('ORDER_ALREADY_EXISTS'),
  );

  it.each([placed, awaiting, cancelled].map(state => [state.status, state] as const))(
    'orders rule 6: a refund of an order that is %s',
    (status, state) => expect(refusalOf(state, giveBack())).toEqual({ code: 'ORDER_NOT_COMPLETED', data: { status } }),
  );

  it('an event about an order that was never placed', () =>
    expect(
      order.evolve(order.initial, {
        type: 'PaymentRecorded',
        payment: { ...payment('FAILED'), outcome: 'KEPT' },
        at: 1,
      }),
    ).toBe(order.initial));
});
