import fc from 'fast-check';
import { type Throttle, throttle, throttleRefusal, throttleTransitions } from './throttle.js';

const limits = { attempts: 5, windowMs: 900, lockMs: 600 };

/** What became of attempts at these instants: true = it could be made. */
function attempts(...instants: number[]) {
  let state: Throttle = throttle.initial;
  const made = instants.map(at => {
    const decision = throttle.decide(state, { type: 'Attempt', limits, at });
    if (decision.accepted) state = decision.events.reduce(throttle.evolve, state);
    return decision.accepted;
  });
  return { state, made };
}

describe('rule 19: lock-out', () => {
  it('lets five attempts through and refuses the sixth until the lock is over', () => {
    const { made, state } = attempts(1, 2, 3, 4, 5, 6, 604, 605);
    expect(made).toEqual([true, true, true, true, true, false, false, true]);
    expect(state).toEqual({ status: 'COUNTING', attempts: 1, since: 605 });
  });

  it('tells when to try again', () =>
    expect(throttleRefusal(attempts(1, 2, 3, 4, 5).state, 6)).toEqual({
      code: 'TOO_MANY_ATTEMPTS',
      data: { retryAt: 605, retryAfterSeconds: 1 },
    }));

  it('is not prolonged by attempts that it refuses', () =>
    expect(attempts(1, 2, 3, 4, 5, 100, 200, 300).state).toEqual({ status: 'LOCKED', until: 605 }));

  it.each([
    [900, 5],
    [901, 1],
  ])('forgets attempts after the window: four from 1 on, the fifth at %d counts %d', (at, count) => {
    const { state } = attempts(1, 2, 3, 4, at);
    expect(state).toMatchObject(count === 5 ? { status: 'LOCKED' } : { status: 'COUNTING', attempts: 1 });
  });

  it('forgets them when one went well', () => {
    const { state } = attempts(1, 2, 3, 4);
    const cleared = throttle.decide(state, { type: 'Clear' });
    expect(cleared).toEqual({ accepted: true, events: [{ type: 'Cleared' }] });
    expect(throttle.evolve(state, { type: 'Cleared' })).toEqual(throttle.initial);
    expect(throttle.decide(throttle.initial, { type: 'Clear' })).toEqual({ accepted: true, events: [] });
  });

  it('never lets more than five through in any stretch as long as the lock', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 60 }), waits => {
        let at = 0;
        const instants = waits.map(wait => {
          at += wait;
          return at;
        });
        const { made } = attempts(...instants);
        const through = instants.filter((_, i) => made[i]);
        for (const [i, first] of through.entries()) {
          const sixth = through[i + 5];
          if (sixth !== undefined)
            expect(sixth - first).toBeGreaterThanOrEqual(Math.min(limits.lockMs, limits.windowMs) - 0);
        }
      }),
    ));

  it('can reach every status and leave each', () => {
    const reached = new Set(['CLEAR', ...Object.values(throttleTransitions).flatMap(row => Object.values(row))]);
    expect([...reached].sort()).toEqual(Object.keys(throttleTransitions).sort());
    for (const row of Object.values(throttleTransitions)) expect(Object.keys(row)).not.toHaveLength(0);
  });
});
