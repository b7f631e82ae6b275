import { type Boundary, expectBoundary, notACount, notAnAmount } from '../define-policy.fixtures.js';

const notIds = ['p1', [''], ['a b'], ['x'.repeat(65)], [1], [null], Array(10_001).fill('p')];
const ids = [[], ['p1'], ['A-z_0.9:'], ['x'.repeat(64)], Array(10_000).fill('p'), null];
const byCode = { issuance: ['CODE'] };

const texts: Boundary[] = [
  ['name', [undefined, null, '', ' ', 'x'.repeat(201), 'a\0b', '\ud800', 7], ['x', '금'.repeat(200), '🎁'.repeat(200)]],
  ['description', ['x'.repeat(2001), '\0', '\udc00', 7], ['', null, 'x'.repeat(2000)]],
  ['currency', [undefined, 'krw', 'KR', 'QQQ', 410, ' KRW'], ['KRW', 'USD', 'JPY', 'EUR']],
  ['issuance', [undefined, [], 'CODE', {}], [['FIRST_COME'], ['CODE', 'DOWNLOAD', 'EVENT']]],
  ['issuance[1]', ['CODE', 'GIFT', null, 'constructor'], ['EVENT'], byCode],
  ['code', ['ab', '- -', 'x'.repeat(41), 7, 'a\u0001bc'], ['abc', 'x'.repeat(40), '금요일', 'a-b c', null]],
  ['stacking.mode', ['ALONE'], ['STACKABLE', 'EXCLUSIVE', null]],
  ['stacking.group', ['', 'x'.repeat(65), 1], ['order', '주문', null]],
  ['stacking.priority', [0.5, '1', 2 ** 31, -0], [-5, 0, 100, null]],
  ['restoreOnCancel', ['yes', 0], [true, false, null]],
];

const conditions: Boundary[] = [
  ['conditions.minimumOrder.amount', [undefined, -1, 0.5, '5'], [0, 1, 10_000]],
  ['conditions.minimumOrder.comparison', ['LT', '>='], ['GT', null], { conditions: { minimumOrder: { amount: 1 } } }],
  ['conditions.minimumOrder.base', ['NET'], ['REMAINING', null], { conditions: { minimumOrder: { amount: 1 } } }],
  ['conditions.minimumQuantity', notACount, [1, null]],
  ['conditions.weekdays', ['MON', {}, Array(8).fill('MON')], [[], ['MON', 'SUN'], null]],
  ['conditions.weekdays[1]', ['MON', 'mon', 'FUNDAY', 1], ['TUE'], { conditions: { weekdays: ['MON'] } }],
  ['conditions.excludeSaleItems', ['true', 1], [true, false, null]],
  ['conditions.firstOrderOnly', ['true', 1], [true, false, null]],
  ['conditions.requires.products', notIds, ids],
  ['conditions.requires.categories', notIds, ids],
  ...['products', 'categories', 'channels', 'segments'].flatMap<Boundary>(name => [
    [`conditions.${name}.include`, notIds, ids],
    [`conditions.${name}.exclude`, notIds, ids],
    // Rule 1: `exclude` wins, even if it leaves nothing: the coupon is refused then, not the policy.
    [`conditions.${name}.exclude`, ['a'], [['a', 'b'], ['a'], []], { conditions: { [name]: { include: ['a', 'b'] } } }],
  ]),
];

const limits: Boundary[] = [
  ['limits.total', notACount, [1, 2 ** 31 - 1, null]],
  ['limits.perUser', notACount, [1, null]],
  ['limits.perDay', notACount, [1, null]],
  ['limits.budget', notAnAmount, [1, 2 ** 53 - 1, null]],
];

describe('the words, conditions and limits of a policy', () => {
  it.each([...texts, ...conditions, ...limits].map(row => [row[0], row] as const))('make sense in %s', (_, row) =>
    expectBoundary(row),
  );
});
