import { quote } from '../pricing.js';
import { checkQuote } from './check.js';
import { amountOff, cart, coupon, freeShipping, line, percentOff } from './pricing.fixtures.js';
import type { QuotedCoupon } from './quote.js';

const basket = cart([line('a', 10_000), line('b', 5_000)], { shipping: 3_000 });

function outcome(...coupons: QuotedCoupon[]) {
  const quoted = quote(basket, coupons);
  expect(checkQuote(quoted)).toEqual([]);
  expect({ ...quote(basket, [...coupons].reverse()) }).toEqual(quoted);
  return {
    applied: quoted.discounts.map(({ code, amount }) => `${code} ${amount}`),
    refused: Object.fromEntries(quoted.refused.map(({ code, reason }) => [code, reason])),
  };
}
const plain = (name: string, amount: number, priority = 0) =>
  coupon(name, amountOff(amount), { stacking: { priority } });
const exclusive = (name: string, amount: number, priority = 0) =>
  coupon(name, amountOff(amount), { stacking: { mode: 'EXCLUSIVE', priority } });
const grouped = (name: string, amount: number, priority = 0, group = 'g') =>
  coupon(name, amountOff(amount), { stacking: { priority, group } });
const tooMuch = { minimumOrder: { amount: 99_999, comparison: 'GTE', base: 'INITIAL' } } as const;

describe('rule 11: order', () => {
  it('priority higher first, ties by policy id; never by the order in which the caller sent them', () =>
    expect(outcome(plain('B', 1), plain('A', 2), plain('Z', 3, 5), plain('Y', 4, -5)).applied).toEqual([
      ...['Z 3', 'A 2', 'B 1', 'Y 4'],
    ]));
  it('the order decides what a later percentage finds', () => {
    const late = coupon('LATE', percentOff('10'), { stacking: { percentBase: 'REMAINING', priority: -1 } });
    const early = coupon('EARLY', percentOff('10'), { stacking: { percentBase: 'REMAINING', priority: 9 } });
    expect(outcome(late, plain('FIX', 5_000), early).applied).toEqual(['EARLY 1500', 'FIX 5000', 'LATE 850']);
  });
});

describe('rule 12: exclusive coupons', () => {
  it('an applicable EXCLUSIVE coupon wins alone; all others are refused with EXCLUSIVE_COUPON_APPLIED', () =>
    expect(outcome(plain('BIG', 9_000, 99), exclusive('ALONE', 10), plain('SMALL', 1))).toEqual({
      applied: ['ALONE 10'],
      refused: { BIG: 'EXCLUSIVE_COUPON_APPLIED', SMALL: 'EXCLUSIVE_COUPON_APPLIED' },
    }));
  it('of several the highest priority', () =>
    expect(outcome(exclusive('LOW', 9_000, 1), exclusive('HIGH', 10, 2))).toEqual({
      applied: ['HIGH 10'],
      refused: { LOW: 'EXCLUSIVE_COUPON_APPLIED' },
    }));
  it('of equal priority the lower policy id', () =>
    expect(outcome(exclusive('B', 9_000), exclusive('A', 10)).applied).toEqual(['A 10']));
  it('one that is not applicable blocks nobody, and says why', () => {
    const unmet = coupon('ALONE', amountOff(10), { stacking: { mode: 'EXCLUSIVE' }, conditions: tooMuch });
    expect(outcome(unmet, plain('PLAIN', 1))).toEqual({
      applied: ['PLAIN 1'],
      refused: { ALONE: 'MINIMUM_ORDER_NOT_MET' },
    });
  });
  it('one without effect blocks nobody', () => {
    const idle = coupon('ALONE', percentOff('0.001'), { stacking: { mode: 'EXCLUSIVE', priority: 9 } });
    expect(outcome(idle, plain('PLAIN', 1), exclusive('SECOND', 2))).toEqual({
      applied: ['SECOND 2'],
      refused: { ALONE: 'EXCLUSIVE_COUPON_APPLIED', PLAIN: 'EXCLUSIVE_COUPON_APPLIED' },
    });
    expect(outcome(idle, plain('PLAIN', 1))).toEqual({ applied: ['PLAIN 1'], refused: { ALONE: 'NO_EFFECT' } });
  });
  it('the refusal names the winner', () =>
    expect(quote(basket, [exclusive('ALONE', 10), plain('X', 1)]).refused[0]?.data).toEqual({
      ...{ policyId: 'ALONE', couponId: 'c-ALONE' },
    }));
});

describe('rule 13: groups', () => {
  it('at most one coupon per group: highest priority, the others GROUP_TAKEN', () =>
    expect(outcome(grouped('BIG', 900, 1), grouped('FIRST', 10, 2), grouped('LOW', 5))).toEqual({
      applied: ['FIRST 10'],
      refused: { BIG: 'GROUP_TAKEN', LOW: 'GROUP_TAKEN' },
    }));
  it.each([
    ['A', 'B'],
    ['B', 'A'],
  ])('then the larger discount, whatever its id: %s against %s', (more, less) =>
    expect(outcome(grouped(more, 200), grouped(less, 100))).toEqual({
      applied: [`${more} 200`],
      refused: { [less]: 'GROUP_TAKEN' },
    }),
  );
  it('of equal discounts the lower policy id', () =>
    expect(outcome(grouped('B', 100), grouped('A', 100)).applied).toEqual(['A 100']));
  it('the winner takes its own turn', () =>
    expect(outcome(grouped('A', 100), plain('B', 1), grouped('C', 200)).applied).toEqual(['B 1', 'C 200']));
  it('the larger discount is what it is when the turn comes', () => {
    // B takes all but 50, so that C is worth 50 at its turn and A, which waited, no less: the lower id.
    expect(outcome(grouped('A', 100), plain('B', 14_950), grouped('C', 200)).applied).toEqual(['B 14950', 'A 50']);
  });
  it('one of higher priority without effect leaves the group to the next', () => {
    const idle = coupon('IDLE', percentOff('0.001'), { stacking: { group: 'g', priority: 9 } });
    expect(outcome(idle, grouped('NEXT', 10))).toEqual({ applied: ['NEXT 10'], refused: { IDLE: 'NO_EFFECT' } });
  });
  it('nobody of the group applies: each says why', () => {
    const unmet = coupon('A', amountOff(1), { stacking: { group: 'g' }, conditions: tooMuch });
    const idle = coupon('B', percentOff('0.001'), { stacking: { group: 'g' } });
    expect(outcome(unmet, idle).refused).toEqual({ A: 'MINIMUM_ORDER_NOT_MET', B: 'NO_EFFECT' });
  });
  it('no group = no restriction, and STACKABLE is what stacks', () =>
    expect(
      outcome(plain('A', 1), plain('B', 2), grouped('C', 3, 0, 'g'), grouped('D', 4, 0, 'h')).applied,
    ).toHaveLength(4));
  it('the refusal names the winner', () =>
    expect(quote(basket, [grouped('A', 10, 1), grouped('B', 1)]).refused[0]?.data).toEqual({
      ...{ group: 'g', policyId: 'A', couponId: 'c-A' },
    }));
});

describe('rule 14: points', () => {
  it.each([
    [0, 0, 18_000],
    [500, 500, 17_500],
    [18_000, 18_000, 0],
    [99_999, 18_000, 0],
  ])('%s points, up to the total: %s used, %s to pay', (points, pointsUsed, total) =>
    expect(quote(basket, [], { points })).toMatchObject({ pointsUsed, total }),
  );
  it('come last, after shipping discounts', () =>
    expect(quote(basket, [coupon('SHIP', freeShipping()), plain('A', 14_000)], { points: 5_000 })).toMatchObject({
      ...{ pointsUsed: 1_000, total: 0, shipping: { net: 0 } },
    }));
  it('leave the nets of the lines alone', () =>
    expect(quote(basket, [], { points: 5_000 }).lines.map(({ net }) => net)).toEqual([10_000, 5_000]));
  it('the total is never below zero', () =>
    expect(
      quote(basket, [plain('A', 99_999), plain('B', 99_999), coupon('S', freeShipping())], { points: 9 }).total,
    ).toBe(0));
});

describe('rule 15: the same coupon', () => {
  const save = plain('SAVE', 100);
  it('twice counts once', () =>
    expect(outcome(save, save, { ...save })).toEqual({ applied: ['SAVE 100'], refused: {} }));
  it('by the same code of a policy counts once, however it is typed', () => {
    const code = { ...save, couponId: null, code: 'SAVE-1' };
    expect(quote(basket, [code, { ...code, code: 'save1' }]).discounts).toHaveLength(1);
  });
  it('by its id and by its code counts once', () =>
    expect(quote(basket, [{ ...save, couponId: null }, save]).discounts).toMatchObject([{ couponId: 'c-SAVE' }]));
  it('is not another coupon of the same policy', () =>
    expect(quote(basket, [save, { ...save, couponId: 'c-2' }]).discounts.map(({ couponId }) => couponId)).toEqual([
      ...['c-2', 'c-SAVE'],
    ]));
  it('unusable coupons never fail a quote, and block nobody', () => {
    const unusable = { code: 'COUPON_EXPIRED', data: { expiresAt: 7 } };
    const quoted = quote(basket, [{ ...exclusive('OLD', 9_000), unusable }, save]);
    expect(quoted).toMatchObject({ total: 17_900, discounts: [{ policyId: 'SAVE' }] });
    expect(quoted.refused).toEqual([
      { couponId: 'c-OLD', code: 'OLD', reason: 'COUPON_EXPIRED', data: { expiresAt: 7 } },
    ]);
  });
});

describe('rule 16: the budget', () => {
  const within = (budget: number, budgetTaken: number, quoted: QuotedCoupon) => ({
    ...quoted,
    budget: { budget, budgetTaken },
  });
  const again = (quoted: QuotedCoupon, couponId: string) => ({ ...quoted, couponId, code: couponId });

  it('refuses a discount that does not fit, and never cuts it', () => {
    expect(outcome(within(1_000, 900, plain('FITS', 100))).applied).toEqual(['FITS 100']);
    const [no] = quote(basket, [within(1_000, 901, plain('OVER', 100))]).refused;
    expect(no).toMatchObject({ reason: 'BUDGET_EXHAUSTED', data: { budget: 1_000, left: 99, discount: 100 } });
  });
  it('is taken by the coupons of a policy one after the other', () => {
    const one = within(250, 0, plain('P', 100));
    expect(outcome(again(one, 'c-1'), again(one, 'c-2'), again(one, 'c-3'), plain('Q', 5))).toEqual({
      applied: ['c-1 100', 'c-2 100', 'Q 5'],
      refused: { 'c-3': 'BUDGET_EXHAUSTED' },
    });
  });
  it('gives back what a coupon holds of it to that coupon alone', () => {
    const one = within(300, 300, plain('P', 100));
    const holder = { ...again(one, 'c-2'), holds: 100 };
    expect(outcome(again(one, 'c-1'), holder)).toEqual({
      applied: ['c-2 100'],
      refused: { 'c-1': 'BUDGET_EXHAUSTED' },
    });
    const unmet = { ...holder, policy: { ...holder.policy, terms: { ...holder.policy.terms, currency: 'USD' } } };
    expect(outcome(again(one, 'c-1'), unmet).applied).toEqual([]);
  });
  it('is none of a coupon of a version without one', () => {
    const { budget: _, ...free } = again(within(150, 0, plain('P', 100)), 'c-2');
    expect(outcome(again(within(150, 0, plain('P', 100)), 'c-1'), free).applied).toEqual(['c-1 100', 'c-2 100']);
  });
  it('leaves a group, and the place of an exclusive coupon, to the next', () => {
    expect(outcome(within(50, 0, grouped('BIG', 100)), grouped('SMALL', 10))).toEqual({
      applied: ['SMALL 10'],
      refused: { BIG: 'GROUP_TAKEN' },
    });
    expect(outcome(within(50, 0, exclusive('ALONE', 100)), plain('PLAIN', 1))).toEqual({
      applied: ['PLAIN 1'],
      refused: { ALONE: 'BUDGET_EXHAUSTED' },
    });
  });
});
