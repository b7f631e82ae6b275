import { aDraft, defined, fieldsRefused, tiered } from './define-policy.fixtures.js';
import { definePolicy, editViolations, type PolicyDraft } from './define-policy.js';

describe('a draft', () => {
  it('needs name, currency, discount and issuance, and gets everything else', () =>
    expect(defined(aDraft())).toEqual({
      ...{ name: 'Friday rush', description: '', code: null, currency: 'KRW', timeZone: 'Asia/Seoul' },
      discount: {
        ...{ type: 'PERCENTAGE', percent: '10', maxAmount: null, rounding: { mode: 'HALF_UP', unit: 1 } },
        ...{ everyNthUnit: null, groupSize: null, maxUnits: null, maxUnitsPer: 'ORDER' },
      },
      conditions: {
        ...{ minimumOrder: null, minimumQuantity: null, requires: { products: [], categories: [] } },
        ...{ products: { include: [], exclude: [] }, categories: { include: [], exclude: [] } },
        ...{ channels: { include: [], exclude: [] }, segments: { include: [], exclude: [] } },
        ...{ excludeSaleItems: false, weekdays: [], hours: null, firstOrderOnly: false },
      },
      limits: { total: null, perUser: null, perDay: null, budget: null },
      issuance: ['FIRST_COME'],
      issuePeriod: { from: null, until: null },
      validity: { from: null, until: null, untilInclusive: false, daysAfterIssue: null },
      stacking: { mode: 'STACKABLE', group: null, priority: 0, percentBase: 'INITIAL' },
      ...{ restoreOnCancel: true, refund: 'NONE' },
    }));

  it('may be the terms of another policy', () => {
    const terms = defined(aDraft({ discount: tiered({ from: 1, amount: 5 }, { from: 2, percent: '5' }) }));
    expect(definePolicy(terms)).toEqual({ ok: true, value: terms });
  });

  it('is told everything that is wrong at once, with the value given', () =>
    expect(
      definePolicy({
        ...aDraft({ name: '', discount: { type: 'FIXED_AMOUNT', amount: -5, maxUnitsPer: 'LINE' } }),
        ...{ conditions: { hours: { from: '09:00', until: '09:00' } }, colour: 'red' },
      } as unknown as PolicyDraft),
    ).toEqual({
      ok: false,
      violations: [
        { field: 'colour', value: 'red', message: 'is not a known field' },
        { field: 'name', value: '', message: expect.stringContaining('1 to 200') },
        { field: 'discount.amount', value: -5, message: expect.stringContaining('whole number from 1') },
        { field: 'conditions.hours.until', value: '09:00', message: 'must differ from hours.from' },
      ],
    }));

  it('is told of a broken field once, not of every rule that looks at it', () =>
    expect(fieldsRefused(aDraft({ limits: { total: 'x', perUser: 2 }, validity: { from: 5, until: 'x' } }))).toEqual([
      'limits.total',
      'validity.until',
    ]));

  it.each([
    ['{"__proto__": {"name": "x"}}', '__proto__'],
    ['{"constructor": 1}', 'constructor'],
    ['{"toString": 1}', 'toString'],
    ['{"limits": {"__proto__": {"total": 1}}}', 'limits.__proto__'],
    ['{"conditions": {"products": {"constructor": {}}}}', 'conditions.products.constructor'],
  ])('with the own keys of %s is refused', (json, field) => {
    const draft = Object.assign(JSON.parse('{}'), aDraft());
    for (const [name, value] of Object.entries(JSON.parse(json)))
      Object.defineProperty(draft, name, { value, enumerable: true });
    expect(fieldsRefused(draft)).toEqual([field]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['text', 'policy'],
    ['a function', () => 1],
  ])('that is %s is refused as a whole', (_, draft) => expect(fieldsRefused(draft)).toEqual(['']));

  it('takes nothing from a prototype', () =>
    expect(fieldsRefused(Object.create(aDraft()))).toEqual(['name', 'currency', 'discount', 'issuance']));

  it('that throws when it is read is refused, not thrown', () =>
    expect(
      fieldsRefused({
        get name() {
          throw new Error('boo');
        },
      }),
    ).toEqual(['']));
});

describe('a shared code', () => {
  it('is stored in the one form in which codes are looked up', () =>
    expect(defined(aDraft({ code: ' fri-day ', issuance: ['CODE'] })).code).toBe('FRIDAY'));
});

describe('an edit of an active policy', () => {
  it.each([
    [{ name: 'New name', limits: { total: 5 } }, []],
    [{ currency: 'USD' }, ['currency']],
    [{ timeZone: 'UTC' }, ['timeZone']],
    [{ currency: 'USD', timeZone: 'UTC' }, ['currency', 'timeZone']],
  ])('of %j is refused for %j', (change, fields) =>
    expect(editViolations(defined(aDraft()), defined(aDraft(change))).map(({ field }) => field)).toEqual(fields),
  );
});
