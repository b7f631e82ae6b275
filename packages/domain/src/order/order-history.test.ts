import fc from 'fast-check';
import {
  cancel,
  facts,
  giveBack,
  paidElsewhere,
  pay,
  place,
  plain,
  progress,
  refuseStep,
  timeOut,
} from './order.fixtures.js';
import { needsStep, type Order, type OrderCommand, type OrderEvent, orderSteps, orderTransitions } from './order.js';
import { order } from './order-decider.js';
import { refundedUnits } from './refund.js';

interface Step {
  readonly command: OrderCommand;
  readonly before: Order;
  readonly events: readonly OrderEvent[];
  readonly after: Order;
}

/** What each command has led to; what is refused leads nowhere. */
function told(commands: readonly OrderCommand[]): Step[] {
  let before: Order = order.initial;
  return commands.map(command => {
    const decision = order.decide(before, command);
    const events = decision.accepted ? decision.events : [];
    const step = { command, before, events, after: events.reduce(order.evolve, before) };
    before = step.after;
    return step;
  });
}

/** The cells of the transition table that these commands go through. */
function cells(commands: readonly OrderCommand[]): string[] {
  let state: Order = order.initial;
  return told(commands).flatMap(({ events }) =>
    events.map(event => {
      const from = state.status;
      state = order.evolve(state, event);
      return `${from} ${event.type} ${state.status}`;
    }),
  );
}

const table = Object.entries(orderTransitions).flatMap(([from, row]) =>
  Object.entries(row).flatMap(([event, to]) => [to].flat().map(each => `${from} ${event} ${each}`)),
);

const look = fc.constantFrom('HELD' as const, 'HELD' as const, 'HELD' as const, 'PENDING' as const, 'LOST' as const);
const aPayment = fc.record({
  type: fc.constantFrom('COMPLETED' as const, 'COMPLETED' as const, 'FAILED' as const, 'CANCELLED' as const),
  eventId: fc.constantFrom('e1', 'e2', 'e3'),
  paymentId: fc.constantFrom('pay-1', 'pay-2'),
  amount: fc.constantFrom(8_500, 8_500, 10_000, 1).map(amount => ({ amount, currency: 'KRW' })),
});
const aCommand = (at: number): fc.Arbitrary<OrderCommand> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...orderSteps).map(step => refuseStep(step, `NO_${step}`, at)) },
    { weight: 4, arbitrary: fc.record({ STOCK: look, COUPON: look, POINTS: look }).map(held => progress(held, at)) },
    { weight: 4, arbitrary: aPayment.map(({ type, ...more }) => pay(type, more, at)) },
    { weight: 1, arbitrary: fc.constantFrom(null, 'mine').map(reason => cancel(reason, at)) },
    { weight: 1, arbitrary: fc.constant(timeOut(at)) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }).map(quantity => giveBack([{ lineId: 'a', quantity }])) },
  );
const someFacts = fc.constantFrom(facts(), facts(), paidElsewhere, plain, facts({ total: 0, paymentDeadline: null }));
const aHistory: fc.Arbitrary<OrderCommand[]> = fc
  .tuple(someFacts, fc.array(fc.integer({ min: 0, max: 250 }), { maxLength: 12 }))
  .chain(([of, waits]) => {
    const times = waits.map((_, i) => waits.slice(0, i + 1).reduce((at, wait) => at + wait, 100));
    return fc.tuple(fc.constant(place(of)), ...times.map(aCommand));
  });

const holds = (check: (steps: readonly Step[], commands: readonly OrderCommand[]) => void) =>
  fc.assert(
    fc.property(aHistory, commands => check(told(commands), commands)),
    { numRuns: 500 },
  );

describe('any history of an order', () => {
  it('moves only along the transition table', () =>
    holds((_, commands) => expect(table).toEqual(expect.arrayContaining(cells(commands)))));

  it('is its state: replayed from its events, also after a way through JSON', () =>
    holds(steps => {
      const stream = JSON.parse(JSON.stringify(steps.flatMap(({ events }) => events))) as OrderEvent[];
      expect(stream.reduce(order.evolve, order.initial)).toEqual(steps.at(-1)?.after);
    }));

  it('orders rule 5: no step is HELD or PENDING once it is over, and each is HELD while the payment is missing', () =>
    holds(steps => {
      for (const { after } of steps) {
        if (after.status === 'NONE' || after.status === 'PENDING') continue;
        const needed = orderSteps.filter(step => needsStep(after.facts, step)).map(step => after.steps[step]);
        const allowed = {
          ...{ AWAITING_PAYMENT: ['HELD'], COMPLETED: ['POSTED'], CANCELLED: ['VOIDED', 'REFUSED', 'SKIPPED'] },
        }[after.status];
        expect(allowed).toEqual(expect.arrayContaining(needed));
        expect(after.endedAt === null).toBe(after.status === 'AWAITING_PAYMENT');
        expect(after.reason === null).toBe(after.status !== 'CANCELLED');
      }
    }));

  it('voids what was held, all of it and nothing else', () =>
    holds(steps => {
      for (const { command, before, events, after } of steps) {
        const end = events.find(event => event.type === 'OrderCancelled');
        if (end?.type !== 'OrderCancelled' || before.status === 'NONE' || after.status === 'NONE') continue;
        const isHeld = orderSteps.filter(step =>
          before.steps[step] === 'PENDING' && command.type === 'Progress'
            ? command.held[step] === 'HELD'
            : before.steps[step] === 'HELD',
        );
        // A payment that was kept ends what this very look has found held.
        expect(end.voids).toEqual([...isHeld].reverse());
        expect(orderSteps.filter(step => after.steps[step] === 'VOIDED')).toEqual(isHeld);
      }
    }));

  it('takes every command once: the same again at once changes nothing', () =>
    holds(steps => {
      for (const { command, after } of steps) {
        if (command.type === 'Place' || command.type === 'Refund') continue;
        const again = order.decide(after, command);
        expect(again.accepted ? again.events : []).toEqual([]);
      }
    }));

  it('orders rules 8 and 9: every payment is looked at, one pays at most, and what is due back is what came in vain', () =>
    holds(steps => {
      const { after } = steps.at(-1) as Step;
      if (after.status === 'NONE') return;
      const outcomes = after.payments.map(({ outcome }) => outcome);
      if (after.status !== 'PENDING') expect(outcomes).not.toContain('KEPT');
      const paid = after.payments.filter(({ outcome }) => outcome === 'PAID');
      const isDue = after.facts.payment === 'EXTERNAL' && after.facts.total > 0;
      expect(paid).toHaveLength(after.status === 'COMPLETED' && isDue ? 1 : 0);
      expect(after.paymentId).toBe(paid[0]?.paymentId ?? null);
      const due = after.payments.filter(({ outcome }) => outcome === 'REFUND_DUE');
      expect(after.refundDue).toBe(due.reduce((sum, { amount }) => sum + amount.amount, 0));
      expect(new Set([...due, ...paid].map(({ paymentId }) => paymentId)).size).toBe(due.length + paid.length);
      expect(new Set(after.payments.map(({ eventId }) => eventId)).size).toBe(after.payments.length);
    }));

  it('orders rule 12: never gives back more units than there are', () =>
    holds(steps => {
      const { after } = steps.at(-1) as Step;
      if (after.status !== 'NONE') expect(refundedUnits(after).get('a') ?? 0).toBeLessThanOrEqual(2);
    }));
});

describe('the transition table of an order', () => {
  const free = facts({ total: 0, paymentDeadline: null });
  const scripts: OrderCommand[][] = [
    [place(), refuseStep('STOCK'), cancel(), progress(), pay()],
    [place(), pay('FAILED'), cancel(), progress()],
    [place(), progress(), pay('COMPLETED', { amount: { amount: 1, currency: 'KRW' } }), pay('CANCELLED')],
    [place(), progress(), pay(), pay('FAILED'), giveBack()],
    [place(free), progress()],
  ];

  it('has nothing that never happens', () =>
    expect([...new Set(scripts.flatMap(cells))].sort()).toEqual([...table].sort()));

  it('leads to every status, and out of every one that is not the end', () => {
    const leads = (from: string) => table.filter(cell => cell.startsWith(`${from} `)).map(cell => cell.split(' ')[2]);
    const statuses = Object.keys(orderTransitions);
    expect(new Set(['NONE', ...statuses.flatMap(leads)])).toEqual(new Set(statuses));
    const ends = statuses.filter(status => leads(status).every(to => to === status));
    expect(ends).toEqual(['COMPLETED', 'CANCELLED']);
    for (const status of statuses) {
      const reached = new Set([status]);
      for (const each of reached) for (const to of leads(each)) if (to) reached.add(to);
      expect([...reached].some(each => ends.includes(each))).toBe(true);
    }
  });
});
