import fc from 'fast-check';
import {
  cancelUse,
  confirm,
  expire,
  facts,
  given,
  issue,
  refusalOf,
  release,
  reserve,
  revoke,
  use,
  when,
} from './coupon.fixtures.js';
import type { Coupon, CouponCommand } from './coupon.js';
import { couponTransitions } from './coupon.js';
import { budgetChange, coupon } from './coupon-decider.js';

const held = given(issue(), reserve('r1'));
const used = given(issue(), use());

describe('a coupon', () => {
  it('is held for an order until the hold ends, and then used', () => {
    expect(held).toMatchObject({
      status: 'RESERVED',
      hold: { reservationId: 'r1', orderNumber: 'order-1', until: 500 },
    });
    expect(when(held, confirm('r1')).state).toMatchObject({
      status: 'USED',
      use: { orderNumber: 'order-1', usedAt: 300, reservationId: 'r1', discount: 30 },
    });
  });

  it('is never blocked by the hold of its own key: the same key again changes nothing', () =>
    expect(when(held, reserve('r1')).events).toEqual([]));

  it('tells a foreign key when to try again', () =>
    expect(refusalOf(held, reserve('r2'))).toEqual({
      code: 'COUPON_RESERVED',
      data: { orderNumber: 'order-1', retryAt: 500 },
    }));

  it('can be held by another key from the very instant at which the hold is over, swept or not', () => {
    expect(refusalOf(held, reserve('r2', { at: 499 }))?.code).toBe('COUPON_RESERVED');
    expect(when(held, reserve('r2', { at: 500, until: 900 })).events.map(({ type }) => type)).toEqual([
      'ReservationExpired',
      'CouponReserved',
    ]);
  });

  it.each<[number, string | null]>([
    [499, null],
    [500, 'RESERVATION_EXPIRED'],
    [501, 'RESERVATION_EXPIRED'],
  ])('confirms a hold until 500 at %d: %s', (at, code) =>
    expect(refusalOf(held, confirm('r1', at))?.code ?? null).toBe(code),
  );

  it('takes the release of a hold that the time has ended as done', () =>
    expect(when(held, release('r1', 600)).state).toEqual({ status: 'ISSUED', facts: facts() }));

  it('is used for the very order that holds it, and for no other', () => {
    expect(when(held, use(300, 'order-1')).state.status).toBe('USED');
    expect(refusalOf(held, use(300, 'order-2'))?.code).toBe('COUPON_RESERVED');
  });

  it.each<[string, Coupon, CouponCommand, string]>([
    ['a second issue', given(issue()), issue(), 'COUPON_ALREADY_EXISTS'],
    ['a hold on what was never issued', given(), reserve('r1'), 'COUPON_NOT_FOUND'],
    ['a use before it is valid', given(issue({ validFrom: 301 })), use(300), 'COUPON_NOT_YET_VALID'],
    ['a use from its end on', given(issue({ expiresAt: 300 })), use(300), 'COUPON_EXPIRED'],
    ['a second use', used, use(), 'COUPON_USED'],
    ['a hold on a used one', used, reserve('r1'), 'COUPON_USED'],
    ['a use of a revoked one', given(issue(), revoke()), use(), 'COUPON_REVOKED'],
    ['a revocation while it is held', held, revoke(), 'COUPON_RESERVED'],
    ['a revocation of a used one', used, revoke(), 'COUPON_USED'],
    ['a confirm by another key', held, confirm('r2'), 'RESERVATION_NOT_ACTIVE'],
    ['a cancel of what was not used', given(issue()), cancelUse(), 'COUPON_NOT_USED'],
    ['a second cancel', given(issue(), use(), cancelUse()), cancelUse(), 'COUPON_NOT_USED'],
    ['a cancel of the use of another order', given(issue(), use()), cancelUse(400, true, 'r1'), 'COUPON_NOT_USED'],
    [
      'a second cancel of one that stays used',
      given(issue(), use(), cancelUse(400, false)),
      cancelUse(),
      'USE_ALREADY_CANCELLED',
    ],
  ])('refuses %s', (_, state, command, code) => expect(refusalOf(state, command)?.code).toBe(code));

  it.each<[string, number, boolean, string]>([
    ['comes back while it is valid', 999, true, 'ISSUED'],
    ['is expired when its end has come meanwhile', 1_000, true, 'EXPIRED'],
    ['stays used where the policy says so', 400, false, 'USED'],
  ])('rule 19: after a cancelled use it %s', (_, at, restore, status) =>
    expect(when(used, cancelUse(at, restore)).state.status).toBe(status),
  );

  it('expires by being written down, hold and all', () => {
    expect(when(held, expire(500)).state.status).toBe('ISSUED');
    expect(when(held, expire(1_000)).events.map(({ type }) => type)).toEqual(['ReservationExpired', 'CouponExpired']);
    expect(when(held, expire(499)).events).toEqual([]);
  });
});

describe('any history of a coupon', () => {
  const at = fc.integer({ min: 100, max: 1_200 });
  const key = fc.constantFrom('r1', 'r2');
  const command = fc.oneof(
    fc.tuple(key, at).map(([k, t]) => reserve(k, { at: t, until: t + 100 })),
    fc.tuple(key, at).map(([k, t]) => confirm(k, t)),
    fc.tuple(key, at).map(([k, t]) => release(k, t)),
    at.map(t => use(t)),
    fc.tuple(at, fc.boolean()).map(([t, restore]) => cancelUse(t, restore)),
    at.map(revoke),
    at.map(expire),
  );

  it('moves only along the transition table, and leaves nothing of the budget taken but by a hold or a use', () =>
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), commands => {
        let state = given(issue());
        let taken = 0;
        for (const next of commands) {
          const decision = coupon.decide(state, next);
          if (!decision.accepted) continue;
          taken += budgetChange(state, decision.events);
          for (const event of decision.events) {
            const row: Record<string, unknown> = couponTransitions[state.status];
            state = coupon.evolve(state, event);
            expect([row[event.type]].flat()).toContain(state.status);
          }
          const live = state.status === 'RESERVED' || (state.status === 'USED' && state.use.cancelledAt === null);
          expect(taken).toBe(live ? 30 : 0);
        }
      }),
    ));

  it('can reach every status, and only EXPIRED and REVOKED are final', () => {
    const reached = new Set(['NONE', ...Object.values(couponTransitions).flatMap(row => Object.values(row).flat())]);
    expect([...reached].sort()).toEqual(Object.keys(couponTransitions).sort());
    const final = Object.entries(couponTransitions).filter(([, row]) => Object.keys(row).length === 0);
    expect(final.map(([status]) => status)).toEqual(['EXPIRED', 'REVOKED']);
  });
});
