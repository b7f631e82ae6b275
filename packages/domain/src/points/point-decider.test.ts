import { balanceOf, lotsLeft } from './balance.js';
import { noFigures } from './ledger.js';
import type { PointCommand } from './point-account.js';
import {
  cancel,
  earn,
  giveBack,
  given,
  hold,
  left,
  post,
  refusalOf,
  reverse,
  use,
  voidHold,
  when,
} from './points.fixtures.js';

const available = (state: ReturnType<typeof given>, at = 400) => balanceOf(state, at).available;

describe('rule 16: expiry and maturity go by the time', () => {
  it.each([
    [999, 0, 100],
    [1_000, 100, 0],
    [1_999, 100, 0],
    [2_000, 0, 0],
  ])('points from 1000 until 2000 at %d: %d available, %d pending', (at, spendable, pending) =>
    expect(balanceOf(given(earn('a', 100, { availableAt: 1_000, expiresAt: 2_000 })), at)).toMatchObject({
      available: spendable,
      pending,
    }),
  );

  it('lots: earliest expiry first, no expiry last, ties by earning', () => {
    const state = given(
      earn('never', 10),
      earn('late', 10, { expiresAt: 900 }),
      earn('soon', 10, { expiresAt: 800 }),
      earn('soon too', 10, { expiresAt: 800 }),
    );
    expect(lotsLeft(state, 200).map(({ pointId }) => pointId)).toEqual(['soon', 'soon too', 'late', 'never']);
    expect(left(given(earn('never', 10), earn('soon', 10, { expiresAt: 800 }), use('u', 15)))).toEqual({
      never: 5,
      soon: 0,
    });
    expect(left(when(state, use('u', 25)).state)).toEqual({ never: 10, late: 5, soon: 0, 'soon too': 0 });
  });

  it('the batch only cleans up: whoever reads before it reads the same', () => {
    const state = given(earn('a', 100, { expiresAt: 300 }), earn('b', 50, { availableAt: 300 }), hold('h', 40));
    const swept = when(state, { type: 'Settle', at: 600 }).state;
    expect(balanceOf(swept, 600)).toEqual(balanceOf(state, 600));
    expect(swept.figures).toMatchObject({ AVAILABLE: 50, EXPIRED: 100, PENDING: 0, HELD: 0 });
    expect(when(swept, { type: 'Settle', at: 600 }).events).toEqual([]);
  });

  it('everything that the time has ended happened at its own time', () => {
    const state = given(earn('a', 100, { expiresAt: 300 }), earn('b', 50, { availableAt: 250 }));
    const { entries } = when(state, { type: 'Settle', at: 900 });
    expect(entries.map(({ type, at, balance }) => [type, at, balance])).toEqual([
      ['MATURE', 250, 150],
      ['EXPIRE', 300, 50],
    ]);
  });

  it.each([[{ expiresAt: 100 }], [{ expiresAt: 300, availableAt: 300 }], [{ expiresAt: 300, availableAt: 400 }]])(
    'points that could never be used are refused: %j',
    more => expect(refusalOf(given(), earn('a', 10, more))?.code).toBe('POINTS_NEVER_USABLE'),
  );
});

describe('rule 15: a key is unique per user and kind', () => {
  it.each<[string, PointCommand, PointCommand]>([
    ['an earning', earn('a', 100), earn('a', 100, { content: 'other' })],
    ['a use', use('u', 50), use('u', 50, 200, 'other')],
    ['a hold', hold('h', 50), { ...hold('h', 50), content: 'other' } as PointCommand],
  ])('the same again changes nothing, other content is refused: %s', (_, command, other) => {
    const state = given(earn('first', 100), command);
    expect(when(state, command).events).toEqual([]);
    expect(refusalOf(state, other)?.code).toBe('POINT_KEY_REUSED');
  });

  it('the same key of another kind is another key', () => {
    const state = given(earn('k', 100), use('k', 10), hold('k', 10));
    expect(available(state)).toBe(80);
  });
});

describe('spending', () => {
  it.each([
    [99, null],
    [100, null],
    [101, 'INSUFFICIENT_POINTS'],
  ])('of 100 points, %d: %s', (points, code) =>
    expect(refusalOf(given(earn('a', 100)), use('u', points))?.code ?? null).toBe(code),
  );

  it('never touches what is pending, held or expired', () => {
    const state = given(
      earn('later', 100, { availableAt: 900 }),
      earn('gone', 100, { expiresAt: 150 }),
      earn('now', 100),
      hold('h', 60),
    );
    expect(refusalOf(state, use('u', 41))).toEqual({
      code: 'INSUFFICIENT_POINTS',
      data: { points: 41, available: 40 },
    });
  });
});

describe('a cancelled use', () => {
  const state = given(earn('soon', 60, { expiresAt: 350 }), earn('never', 60), use('u', 100));

  it('restores the original lots with their old expiry', () => {
    const back = when(state, cancel('u', 349)).state;
    expect(left(back)).toEqual({ soon: 60, never: 60 });
    expect(balanceOf(back, 350).available).toBe(60);
  });

  it('rule 12: a lot that expired meanwhile is gone', () => {
    const back = when(state, cancel('u', 350)).state;
    expect(left(back)).toEqual({ soon: 0, never: 60 });
    expect(back.figures).toMatchObject({ EXPIRED: 60, SPENT: 0 });
  });

  it('comes back once, however often it is cancelled', () => {
    const back = when(state, cancel('u', 349)).state;
    expect(when(back, cancel('u', 349)).events).toEqual([]);
  });
});

describe('rule 17: cancelling an earning', () => {
  it('reverses it', () => {
    const state = given(earn('a', 100), earn('b', 50), cancel('a'));
    expect(balanceOf(state, 400)).toEqual({ available: 50, held: 0, pending: 0, debt: 0 });
  });

  it('what is spent already becomes a debt that the next earnings pay', () => {
    const owing = given(earn('a', 100), use('u', 70), cancel('a'));
    expect(balanceOf(owing, 400)).toMatchObject({ available: 0, debt: 70 });
    const paying = when(owing, earn('b', 50, { at: 410 })).state;
    expect(balanceOf(paying, 410)).toMatchObject({ available: 0, debt: 20 });
    expect(balanceOf(when(paying, earn('c', 50, { at: 420 })).state, 420)).toMatchObject({ available: 30, debt: 0 });
  });

  it.each([
    [0, null],
    [1, 'POINTS_SPENT'],
  ])('or is refused, by configuration: %d spent, %s', (spent, code) => {
    const state = given(earn('a', 100), ...(spent > 0 ? [use('u', spent)] : []));
    expect(refusalOf(state, cancel('a', 400, 'REFUSED'))?.code ?? null).toBe(code);
  });

  it('leaves alone what has expired: nobody owes it', () => {
    const state = given(earn('a', 100, { expiresAt: 300 }), use('u', 30), cancel('a', 400));
    expect(balanceOf(state, 400)).toMatchObject({ available: 0, debt: 30 });
  });

  it('and then the use of it, leaves nothing owed and nothing gained', () => {
    const state = given(earn('a', 100), use('u', 70), cancel('a'), cancel('u'));
    expect(state.figures).toEqual(noFigures);
  });

  it('and then the use of it when the debt is paid, gives back what was paid', () => {
    const state = given(earn('a', 100), use('u', 70), cancel('a'), earn('b', 100, { at: 410 }), cancel('u', 420));
    expect(balanceOf(state, 420)).toMatchObject({ available: 100, debt: 0 });
  });

  it('whose points are held owes them until the hold is void', () => {
    const state = given(earn('a', 100), hold('h', 40), cancel('a'));
    expect(balanceOf(state, 400)).toMatchObject({ available: 0, held: 40, debt: 40 });
    expect(when(state, voidHold('h', 410)).state.figures).toEqual(noFigures);
  });
});

describe('a hold', () => {
  const state = given(earn('soon', 60, { expiresAt: 450 }), earn('never', 60), hold('h', 100));

  it('posts all of it, or a part and gives the rest back', () => {
    expect(when(state, post('h')).state.figures).toMatchObject({ SPENT: 100, HELD: 0, AVAILABLE: 20 });
    const part = when(state, post('h', 70)).state;
    expect(part.figures).toMatchObject({ SPENT: 70, HELD: 0, AVAILABLE: 50 });
    expect(left(part)).toEqual({ soon: 0, never: 50 });
  });

  it.each([
    [499, null],
    [500, 'POINT_HOLD_EXPIRED'],
  ])('until 500, posted at %d: %s', (at, code) =>
    expect(refusalOf(state, post('h', null, at))?.code ?? null).toBe(code),
  );

  it('keeps its points good until it ends, also when their lot expires meanwhile', () => {
    expect(when(state, post('h', null, 460)).state.figures).toMatchObject({ SPENT: 100 });
    expect(when(state, voidHold('h', 460)).state.figures).toMatchObject({ SPENT: 0, AVAILABLE: 60, EXPIRED: 60 });
  });

  it.each<[string, PointCommand[], PointCommand, string | null]>([
    ['posted, then posted alike', [post('h', 70)], post('h', 70), null],
    ['posted, then posted otherwise', [post('h', 70)], post('h', 60), 'POINT_HOLD_NOT_ACTIVE'],
    ['posted, then void', [post('h')], voidHold('h'), 'POINT_HOLD_NOT_ACTIVE'],
    ['void, then void', [voidHold('h')], voidHold('h'), null],
    ['void, then posted', [voidHold('h')], post('h'), 'POINT_HOLD_NOT_ACTIVE'],
    ['over, then void', [], voidHold('h', 500), null],
    ['cancelled while it is held', [], cancel('h', 300), 'POINT_NOT_CANCELLABLE'],
    ['posted, then cancelled', [post('h')], cancel('h', 400), 'POINT_NOT_CANCELLABLE'],
    ['posted with more than it holds', [], post('h', 101), 'POINT_HOLD_EXCEEDED'],
    ['a use, posted as if it were one', [use('u', 5)], post('u'), 'POINT_NOT_FOUND'],
  ])('is resolved at most once: %s', (_, before, command, code) => {
    const now = before.reduce((each, next) => when(each, next).state, state);
    expect(refusalOf(now, command)?.code ?? null).toBe(code);
    if (code === null) expect(when(now, command).events.length).toBe(command.at === 500 ? 1 : 0);
  });
});

it.each([
  ['a use', cancel('x')],
  ['a hold', post('x')],
  ['a hold to end', voidHold('x')],
  ['a spending to return', giveBack('x', 1)],
  ['an earning to reverse', reverse('x', 1)],
])('what nobody has is not found: %s', (_, command) =>
  expect(refusalOf(given(), command)?.code).toBe('POINT_NOT_FOUND'),
);

it('no user is issued more than a number holds exactly', () => {
  const state = given(earn('a', Number.MAX_SAFE_INTEGER - 1));
  expect(refusalOf(state, earn('b', 2))?.code).toBe('POINT_LIMIT_REACHED');
  expect(refusalOf(state, earn('b', 1))).toBeNull();
});
