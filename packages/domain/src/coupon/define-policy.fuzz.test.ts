import fc from 'fast-check';
import { definePolicy, type PolicyDraft } from './define-policy.js';

const body = {
  ...{ name: 'Friday rush', description: '', code: 'FRIDAY', currency: 'KRW', timeZone: 'Asia/Seoul' },
  discount: {
    ...{ type: 'PERCENTAGE', percent: '10', maxAmount: 5000, rounding: { mode: 'HALF_UP', unit: 1 } },
    ...{ everyNthUnit: null, groupSize: null, maxUnits: null, maxUnitsPer: 'ORDER' },
  },
  conditions: {
    minimumOrder: { amount: 10_000, comparison: 'GTE', base: 'INITIAL' },
    minimumQuantity: 1,
    requires: { products: [], categories: [] },
    ...{ products: { include: [], exclude: [] }, categories: { include: [], exclude: [] } },
    ...{ channels: { include: [], exclude: [] }, segments: { include: [], exclude: [] } },
    ...{ excludeSaleItems: false, weekdays: ['MON'], hours: { from: '09:00', until: '18:00' }, firstOrderOnly: false },
  },
  limits: { total: 1000, perUser: 1, perDay: 300, budget: 5_000_000 },
  issuance: ['FIRST_COME', 'CODE'],
  issuePeriod: { from: 1_795_222_800_000, until: 1_795_964_400_000 },
  validity: { from: 1_795_186_800_000, until: 1_796_050_800_000, untilInclusive: false, daysAfterIssue: 7 },
  stacking: { mode: 'STACKABLE', group: 'order', priority: 100, percentBase: 'INITIAL' },
  ...{ restoreOnCancel: true, refund: 'NONE' },
};

const discounts = fc.constantFrom<unknown>(
  body.discount,
  { type: 'FIXED_AMOUNT', amount: 3000, allocation: 'ACROSS' },
  {
    type: 'TIERED',
    tiers: [
      { from: 30_000, amount: 3000 },
      { from: 50_000, percent: '10' },
    ],
  },
  { type: 'BUY_X_GET_Y', buyQuantity: 2, getQuantity: 1, percentOff: '100', products: ['p1'], getOrder: 'CHEAPEST' },
  { type: 'FREE_SHIPPING', maxAmount: 3000 },
);

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    0,
    -0,
    1,
    2,
    10,
    '10',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    [],
    {},
    'CODE',
    'LINE',
    'REMAINING',
    'EXCLUSIVE',
  ),
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withSparseArray: true }),
);

const pathsOf = (value: unknown): string[][] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, inner]) => [[name], ...pathsOf(inner).map(path => [name, ...path])]);

function put(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown) {
  const inner = target[name];
  if (rest.length === 0) target[name] = value;
  else if (typeof inner === 'object' && inner !== null) put(inner as Record<string, unknown>, rest, value);
}

/** The documented body with a few of its fields changed to something odd: near enough to be accepted now and then. */
const nearlyADraft = fc
  .tuple(discounts, fc.array(fc.tuple(fc.constantFrom(...pathsOf(body)), oddValue), { maxLength: 3 }))
  .map(([discount, changes]) => {
    const draft: Record<string, unknown> = structuredClone({ ...body, discount });
    for (const [path, value] of changes) put(draft, path, value);
    return draft;
  });

const check = (draft: unknown) => definePolicy(draft as PolicyDraft);
const leaves = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];

describe('any input at all', () => {
  it('is answered, never thrown at', () =>
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), value => {
        expect(check(value).ok).toBe(false);
      }),
      { numRuns: 2000 },
    ));

  it('gives terms with no gap in them that are accepted again unchanged, or reasons', () => {
    let accepted = 0;
    fc.assert(
      fc.property(nearlyADraft, draft => {
        const checked = check(draft);
        if (!checked.ok) return expect(checked.violations.length).toBeGreaterThan(0);
        accepted += 1;
        expect(leaves(checked.value)).not.toContain(undefined);
        expect(check(checked.value)).toEqual(checked);
        expect(check(JSON.parse(JSON.stringify(checked.value)))).toEqual(checked);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it('of the documented shape is accepted as it stands', () => expect(check(body)).toEqual({ ok: true, value: body }));
});
