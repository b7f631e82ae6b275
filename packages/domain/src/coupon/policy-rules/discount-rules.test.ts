import {
  aDraft,
  type Boundary,
  buyTwoGetOne,
  expectBoundary,
  fieldsRefused,
  fixedAmount,
  freeShipping,
  notACount,
  notAnAmount,
  notAPercent,
  percentage,
  tiered,
} from '../define-policy.fixtures.js';
import { definePolicy } from '../define-policy.js';

const of = (discount: object, more: object = {}) => ({ discount, ...more });
const aTier = { from: 10, amount: 1 };
const afterATier = of(tiered(aTier, { from: 11, amount: 2 }));

const forms: Boundary[] = [
  ['discount', [undefined, null, [], 'PERCENTAGE', 5], [percentage]],
  ['discount.type', [undefined, 'HALF', 'constructor', '__proto__', 1], ['FREE_SHIPPING'], of({})],
  ['discount.percent', [undefined, ...notAPercent], ['0.0001', '1', '12.5', '99.9999', '100', '100.0000']],
  ['discount.percentOff', notAPercent, ['50', null], of(buyTwoGetOne)],
  ['discount.amount', [undefined, ...notAnAmount], [1, 2 ** 53 - 1], of(fixedAmount)],
  ['discount.maxAmount', notAnAmount, [null, 1, 5000]],
  ['discount.maxAmount', notAnAmount, [null, 3000], of(freeShipping)],
  ['discount.maxAmount', notAnAmount, [null, 3000], of(buyTwoGetOne)],
  ['discount.maxAmount', notAnAmount, [null, 3000], of(tiered(aTier))],
  ['discount.allocation', ['each', 1], ['ACROSS', 'EACH', null], of(fixedAmount)],
  ['discount.rounding.mode', ['FLOOR', 1], ['HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN', null]],
  ['discount.rounding.unit', [0, 0.5, 1_000_001, '10', -10, Number.NaN], [1, 5, 10, 50, 1000, 1_000_000, null]],
  ['discount.everyNthUnit', notACount, [1, 2, 3, null]],
  ['discount.everyNthUnit', notACount, [1, 2, 3, null], of(fixedAmount)],
  ['discount.groupSize', notACount, [1, 2, 3, null]],
  ['discount.maxUnits', notACount, [1, 5, null]],
  ['discount.maxUnitsPer', ['UNIT'], ['ORDER', 'LINE'], of({ ...percentage, maxUnits: 1 })],
  ['discount.buyQuantity', [undefined, ...notACount], [1, 3], of(buyTwoGetOne)],
  ['discount.getQuantity', [undefined, ...notACount], [1, 2, 3], of(buyTwoGetOne)],
  ['discount.getOrder', ['FIRST'], ['DEAREST', 'CHEAPEST', null], of({ ...buyTwoGetOne, getProducts: ['p2'] })],
  ['discount.getCategories', ['c', [' ']], [['c'], null], of(buyTwoGetOne)],
  ['discount.tiers', [undefined, [], {}, 'x'], [[{ from: 0, amount: 1 }]], of(tiered())],
  ['discount.tiers[1]', [null, 5, { from: 20 }, { ...aTier, percent: '5' }, []], [{ from: 20, amount: 1 }], afterATier],
  ['discount.tiers[1].from', [undefined, -1, 10, 10.5, '20', -0], [9, 11], afterATier],
  ['discount.tiers[0].amount', notAnAmount, [1], afterATier],
  ['discount.tiers[0].percent', notAPercent, ['5'], of(tiered({ from: 10 }))],
];

const combinations: Boundary[] = [
  ['discount.groupSize', [2, 3], [null], of({ ...percentage, everyNthUnit: 2 })],
  ['stacking.percentBase', ['NET'], ['REMAINING', 'INITIAL', null]],
  ['refund', ['ALL'], ['NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK', null]],
];

describe('the discount of a policy', () => {
  it.each(forms.map(row => [row[0], row] as const))('has its form in %s', (_, row) => expectBoundary(row));

  it.each(combinations.map(row => [row[0], row] as const))('goes together with the rest in %s', (_, row) =>
    expectBoundary(row),
  );

  it.each<[string, object]>([
    ['a shared code without CODE', { code: 'FRIDAY', issuance: ['FIRST_COME'] }],
    ['a limit per user above the total', { limits: { total: 1, perUser: 2, perDay: 3 } }],
    ['a budget that only small orders fit into', { discount: fixedAmount, limits: { budget: 1 } }],
    ['a group of its own for an exclusive coupon', { stacking: { mode: 'EXCLUSIVE', group: 'order' } }],
    ['a scope of maxUnits without maxUnits', { discount: { ...percentage, maxUnitsPer: 'LINE' } }],
    ['an inclusive end that does not come', { validity: { untilInclusive: true } }],
    ['a base that an amount does not use', { discount: fixedAmount, stacking: { percentBase: 'REMAINING' } }],
  ])('takes what is merely superfluous: %s', (_, fields) => expect(fieldsRefused(aDraft(fields))).toEqual([]));

  it('cannot choose units where the type leaves no choice', () => {
    for (const name of ['everyNthUnit', 'groupSize', 'maxUnits', 'maxUnitsPer'])
      for (const discount of [tiered(aTier), buyTwoGetOne, freeShipping])
        expect(fieldsRefused(aDraft({ discount: { ...discount, [name]: null } }))).toEqual([`discount.${name}`]);
  });

  it('does not compare a tier with a broken one', () => {
    const rest = [{ from: 0, amount: 1 }, aTier];
    expect(fieldsRefused(aDraft({ discount: tiered({ from: 'x', amount: 1 }, ...rest) }))).toEqual([
      'discount.tiers[0].from',
    ]);
    expect(fieldsRefused(aDraft({ discount: tiered(null, ...rest) }))).toEqual(['discount.tiers[0]']);
    expect(fieldsRefused(aDraft({ discount: tiered(aTier, { from: 'x', amount: 1 }) }))).toEqual([
      'discount.tiers[1].from',
    ]);
  });

  it.each([
    [{}, 'is required'],
    [{ type: null }, 'is required'],
    [{ type: 'HALF' }, 'must be one of PERCENTAGE, FIXED_AMOUNT, TIERED, BUY_X_GET_Y, FREE_SHIPPING'],
  ])('says what is wrong with the type of %j', (discount, message) =>
    expect(definePolicy(aDraft({ discount }))).toMatchObject({ violations: [{ field: 'discount.type', message }] }),
  );

  it('rule 5: takes the tiers in any order, and names one that starts where another does', () =>
    expect(
      fieldsRefused(
        aDraft({ discount: tiered(aTier, { from: 30, amount: 2 }, { from: 20, amount: 3 }, { from: 30, amount: 4 }) }),
      ),
    ).toEqual(['discount.tiers[3].from']));
});
