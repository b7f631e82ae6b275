import { balanceOf, shareOfRefund } from './balance.js';
import { earn, giveBack, given, left, refusalOf, reverse, use, when } from './points.fixtures.js';

describe('a refund', () => {
  const state = given(earn('soon', 60, { expiresAt: 900 }), earn('never', 60), use('u', 100));

  it('rule 12: brings spent points back to their lots, the last spent first, once per key', () => {
    const once = when(state, giveBack('u', 50)).state;
    expect(left(once)).toEqual({ soon: 10, never: 60 });
    expect(when(once, giveBack('u', 50)).events).toEqual([]);
    expect(refusalOf(once, giveBack('u', 49))?.code).toBe('POINT_KEY_REUSED');
    expect(refusalOf(once, giveBack('u', 51, 'refund-2'))?.code).toBe('POINTS_NOT_RETURNABLE');
    expect(left(when(once, giveBack('u', 50, 'refund-2')).state)).toEqual({ soon: 60, never: 60 });
  });

  it('rule 12: reverses earned points, and what is gone is owed', () => {
    const once = when(given(earn('a', 100), use('u', 70)), reverse('a', 50)).state;
    expect(balanceOf(once, 400)).toMatchObject({ available: 0, debt: 20 });
    expect(when(once, reverse('a', 50)).events).toEqual([]);
    expect(refusalOf(once, reverse('a', 51, 'refund-2'))?.code).toBe('POINTS_NOT_RETURNABLE');
    expect(refusalOf(given(earn('a', 100), use('u', 70)), reverse('a', 50, 'k', 'REFUSED'))?.code).toBe('POINTS_SPENT');
  });

  it('rule 11: shares go in proportion, and the last takes the rest, so that sums are exact', () => {
    const shares = [1, 1, 1].map((now, before) => shareOfRefund(100, { before, now, whole: 3 }));
    expect(shares).toEqual([33, 33, 34]);
  });
});
