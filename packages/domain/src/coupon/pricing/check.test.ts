import fc from 'fast-check';
import { quote } from '../pricing.js';
import { aCart, someCoupons, somePoints } from './arbitraries.fixtures.js';
import { checkQuote } from './check.js';
import { amountOff, buyXGetY, cart, coupon, freeShipping, line, percentOff, tiers } from './pricing.fixtures.js';
import type { Quote } from './quote.js';
import { textOf } from './trace.js';

type Path = readonly (string | number)[];

/** Where the numbers of a quote stand. */
function numbers(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path];
  if (Array.isArray(value)) return value.flatMap((item, i) => numbers(item, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => numbers(item, [...path, key]));
}

function forged(quoted: Quote, path: Path, change: (before: number) => number): Quote {
  const copy = JSON.parse(JSON.stringify(quoted)) as Quote;
  let at = copy as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  const last = path.at(-1) as string;
  at[last] = change(at[last] as number);
  return copy;
}

const rich = quote(
  cart([line('a', 10_000, 3, { minimumUnitPrice: 2_000 }), line('b', 1_234, 2), line('free', 0, 3)], {
    shipping: 3_000,
  }),
  [
    coupon('PERCENT', percentOff('12.5', { maxAmount: 3_000 }), {
      stacking: { priority: 5, percentBase: 'REMAINING' },
    }),
    coupon('EACH', amountOff(100, { allocation: 'EACH', maxUnits: 2 }), { stacking: { priority: 4 } }),
    coupon(
      'TIER',
      tiers([
        { from: 1, amount: 10 },
        { from: 90_000, amount: 9_000 },
      ]),
      { stacking: { priority: 3 } },
    ),
    coupon('BOGO', buyXGetY(2, 1, { getOrder: 'DEAREST' }), { stacking: { priority: 2 } }),
    coupon('SHIP', freeShipping(2_000), { stacking: { priority: 1 } }),
    coupon('BIG', amountOff(5), {
      conditions: { minimumOrder: { amount: 99_999, comparison: 'GTE', base: 'INITIAL' } },
    }),
  ],
  { points: 500 },
);

describe('the checker of quotes', () => {
  it('finds a rich quote sound', () => {
    expect(rich.discounts.map(({ policyId }) => policyId)).toEqual(['PERCENT', 'EACH', 'TIER', 'BOGO', 'SHIP']);
    expect(rich.hints.map(({ policyId }) => policyId).sort()).toEqual(['BIG', 'BOGO', 'TIER']);
    expect(checkQuote(rich)).toEqual([]);
  });

  it.each(numbers(rich).map(path => [path.join('.'), path] as const))('finds a forged %s', (_, path) => {
    for (const change of [(n: number) => n + 1, (n: number) => n - 1, () => 0.5, () => Number.NaN, () => 2 ** 60]) {
      expect(checkQuote(forged(rich, path, change))).not.toEqual([]);
    }
  });

  it.each(['basis', 'calculation', 'shares', 'text'])('never throws, whatever stands in %s', field => {
    for (const broken of [null, 'x', 7, {}, [null], { type: 'x' }, { type: 'PERCENT', percent: 'x', rounding: {} }]) {
      const trace = rich.trace.map(step => (step.step === 'DISCOUNT' ? { ...step, [field]: broken } : step));
      expect(checkQuote({ ...rich, trace } as unknown as Quote)).not.toEqual([]);
    }
    expect(checkQuote(null as unknown as Quote)).not.toEqual([]);
  });

  it('finds any forged number in any quote', () => {
    fc.assert(
      fc.property(
        aCart,
        someCoupons,
        somePoints,
        fc.nat(),
        fc.integer({ min: 1, max: 1_000 }),
        (items, coupons, points, at, by) => {
          const quoted = quote(items, coupons, { points });
          const paths = numbers(quoted);
          const path = paths[at % paths.length] ?? [];
          for (const off of [by, -by]) expect(checkQuote(forged(quoted, path, n => n + off))).not.toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  const change = (more: Partial<Quote>): Quote => ({ ...rich, ...more });
  it.each<[string, Quote]>([
    ['a line that is left out', change({ lines: rich.lines.slice(1) })],
    ['a line told twice', change({ lines: [...rich.lines.slice(1), ...rich.lines.slice(1, 2)] })],
    ['a line that nobody bought', change({ lines: rich.lines.map(l => ({ ...l, lineId: `${l.lineId}x` })) })],
    ['a discount that is left out', change({ discounts: rich.discounts.slice(1) })],
    ['a discount told twice', change({ discounts: [...rich.discounts, ...rich.discounts.slice(0, 1)] })],
    ['another coupon on a discount', change({ discounts: rich.discounts.map(d => ({ ...d, couponId: 'x' })) })],
    ['an allocation that is left out', change({ discounts: rich.discounts.map(d => ({ ...d, allocations: [] })) })],
    ['a step that is left out', change({ trace: rich.trace.filter((_, i) => i !== 1) })],
    ['steps in another order', change({ trace: [...rich.trace].reverse() })],
    ['no trace', change({ trace: [] })],
    ['a trace without an end', change({ trace: rich.trace.slice(0, -1) })],
    ['other words in a step', change({ trace: rich.trace.map(s => ({ ...s, text: `${s.text}!` })) })],
    ['a refusal that is left out', change({ refused: [] })],
    ['another reason of a refusal', change({ refused: rich.refused.map(r => ({ ...r, reason: 'NO_EFFECT' })) })],
    ['another currency', change({ currency: 'USD' })],
    ['other words in a hint', change({ hints: rich.hints.map(h => ({ ...h, message: 'free for all' })) })],
  ])('finds %s', (_, quoted) => expect(checkQuote(quoted)).not.toEqual([]));

  it('finds a discount whose figures agree with each other, but not with the rule', () => {
    // 1 minor unit moved from one line to the other, in the trace, the allocation and the lines alike.
    const small = quote(cart([line('a', 300), line('b', 100)]), [coupon('SAVE', amountOff(40))]);
    const text = JSON.stringify(small)
      .replaceAll('"amount":30', '"amount":31')
      .replaceAll('"amount":10', '"amount":9')
      .replaceAll('-30 from', '-31 from')
      .replaceAll('-10 from', '-9 from')
      .replaceAll('"discount":30,"net":270,"unitNets":[270]', '"discount":31,"net":269,"unitNets":[269]')
      .replaceAll('"discount":10,"net":90,"unitNets":[90]', '"discount":9,"net":91,"unitNets":[91]');
    expect(checkQuote(JSON.parse(text) as Quote).map(({ field }) => field)).toContain('trace[1].shares');
  });

  it.each([
    ['a tier that the lines do not reach', 'TIER', { type: 'TIERED', from: 99_999, eligible: 32_468 }],
    ['a gross that the lines do not have', 'TIER', { type: 'TIERED', from: 1, eligible: 32_469 }],
    ['more cycles than units', 'BOGO', { type: 'BUY_X_GET_Y', buyQuantity: 2, getQuantity: 1, cycles: 3 }],
  ] as const)('finds %s, even in words that fit', (_, policyId, basis) => {
    const trace = rich.trace.map(step => {
      if (step.step !== 'DISCOUNT' || step.policyId !== policyId) return step;
      const wrong = { ...step, basis };
      return { ...wrong, text: textOf(wrong) };
    });
    expect(checkQuote(change({ trace })).map(({ field }) => field)).toEqual([expect.stringContaining('.basis')]);
  });

  it('finds a quote of all the money there is sound, rounded up beyond it', () => {
    const most = line('a', Number.MAX_SAFE_INTEGER);
    const all = percentOff('100', { rounding: { mode: 'UP', unit: 1000 } });
    const quoted = quote(cart([most]), [coupon('ALL', all)]);
    expect(quoted.total).toBe(0);
    expect(checkQuote(quoted)).toEqual([]);
  });

  it('does not mind the order of keys, which a store may change', () => {
    const sorted = JSON.parse(JSON.stringify(rich), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    ) as Quote;
    expect(checkQuote(sorted)).toEqual([]);
  });

  it('allows refusals of codes that nobody knows', () => {
    const unknown = { couponId: null, code: 'NOPE', reason: 'CODE_NOT_FOUND', data: { code: 'NOPE' } };
    expect(checkQuote(change({ refused: [...rich.refused, unknown] }))).toEqual([]);
  });

  it('says what a figure must be', () =>
    expect(checkQuote(change({ total: rich.total + 1 }))).toEqual([
      { field: 'total', value: rich.total + 1, message: `must be ${rich.total}` },
    ]));
});
