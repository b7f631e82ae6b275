import { cart, line, percentOff } from '../coupon/pricing/pricing.fixtures.js';
import { aRefund, bought, given, place, plain, progress, refundedBy, save, units } from './order.fixtures.js';
import { order as decider } from './order-decider.js';
import { planRefund, type RefundLine, refundedUnits, refundStatusOf } from './refund.js';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const three = cart([line('a', 10_000), line('b', 10_000), line('c', 10_000)]);

describe('orders rule 11: points are a way to pay', () => {
  it.each<[points: number, split: string, refunds: [amount: number, points: number][]]>([
    [
      0,
      'a bc',
      [
        [10_000, 0],
        [20_000, 0],
      ],
    ],
    [
      10_000,
      'a b c',
      [
        [6_667, 3_333],
        [6_667, 3_333],
        [6_666, 3_334],
      ],
    ],
    [
      1,
      'a b c',
      [
        [10_000, 0],
        [10_000, 0],
        [9_999, 1],
      ],
    ],
    [
      29_999,
      'a b c',
      [
        [1, 9_999],
        [0, 10_000],
        [0, 10_000],
      ],
    ],
    [
      30_000,
      'a b c',
      [
        [0, 10_000],
        [0, 10_000],
        [0, 10_000],
      ],
    ],
    [90_000, 'abc', [[0, 30_000]]],
  ])('%d offered for 30,000, %s', (points, split, refunds) => {
    const { plans } = refundedBy(bought(three, [], points), split.split(' ').map(units));
    expect(plans.map(({ amount, pointsReturned }) => [amount, pointsReturned])).toEqual(refunds);
  });
});

describe('orders rule 12: units that can not go back', () => {
  const of = bought(cart([line('a', 1_000, 3), line('b', 1_000)]));
  const { order } = refundedBy(of, [units('a')]);
  const no = (requested: number) => ({ lineId: 'a', requested, left: 2 });
  it.each<[RefundLine[], string, object]>([
    [[{ lineId: 'a', quantity: 3 }], 'QUANTITY_NOT_REFUNDABLE', no(3)],
    [[{ lineId: 'a', quantity: 0 }], 'QUANTITY_NOT_REFUNDABLE', no(0)],
    [[{ lineId: 'a', quantity: -1 }], 'QUANTITY_NOT_REFUNDABLE', no(-1)],
    [[{ lineId: 'a', quantity: 0.5 }], 'QUANTITY_NOT_REFUNDABLE', no(0.5)],
    [[{ lineId: 'a', quantity: Number.NaN }], 'QUANTITY_NOT_REFUNDABLE', no(Number.NaN)],
    [
      [
        { lineId: 'a', quantity: 2 },
        { lineId: 'a', quantity: 1 },
      ],
      ...(['QUANTITY_NOT_REFUNDABLE', { lineId: 'a', requested: 1, left: 0 }] as const),
    ],
    [[...units('b'), { lineId: 'a', quantity: 3 }], 'QUANTITY_NOT_REFUNDABLE', no(3)],
    [[{ lineId: 'z', quantity: 1 }], 'ORDER_LINE_NOT_FOUND', { lineId: 'z' }],
    [[], 'QUANTITY_NOT_REFUNDABLE', { requested: 0, left: 3 }],
  ])('%j: %s %j, planned or decided', (lines, code, data) => {
    const refused = { accepted: false, refusal: { code, data } };
    expect(planRefund(order, lines, of.versionOf)).toEqual(refused);
    expect(decider.decide(order, { type: 'Refund', refund: aRefund(lines), at: 600 })).toEqual(refused);
  });

  it.each([given(place(plain)), given(place(plain), progress())])('an order that is not completed', pending =>
    expect(planRefund(pending, units('a'), of.versionOf)).toEqual({
      ...{ accepted: false, refusal: { code: 'ORDER_NOT_COMPLETED', data: { status: pending.status } } },
    }),
  );

  it('counts what went back by line, and knows when it was all', () => {
    expect(refundStatusOf(of.order)).toBe('NONE');
    expect([refundStatusOf(order), [...refundedUnits(order)]]).toEqual(['PARTIAL', [['a', 1]]]);
    expect(refundStatusOf(refundedBy(of, [units('aa'), units('b')]).order)).toBe('PARTIAL');
    expect(refundStatusOf(refundedBy(of, [units('aaa'), units('b')]).order)).toBe('FULL');
  });
});

describe('figures as large as they can be', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const quantity = 10_000;
  const unitPrice = Math.floor(most / quantity) - 1;
  const huge = cart([line('a', unitPrice, quantity), line('b', 4_000, 2)], {
    shipping: most - unitPrice * quantity - 8_000,
  });
  it.each(['NONE', 'PROPORTIONAL', 'THRESHOLD_CLAWBACK'] as const)('%s: 2^53 - 1 in 10,002 units', mode => {
    const of = bought(huge, [save(percentOff('33.3333'), mode)], 2 ** 50 + 1);
    const { total, pointsUsed } = of.order.facts;
    const split = [1, 1, 4_997, 5_000, 1].map(units => [{ lineId: 'a', quantity: units }]);
    const { plans } = refundedBy(of, [...split, units('bb')]);
    expect([sum(plans.map(({ amount }) => amount)), sum(plans.map(each => each.pointsReturned))]).toEqual([
      ...[total, pointsUsed],
    ]);
    const first = plans.slice(0, 2).map(({ amount, pointsReturned }) => amount + pointsReturned);
    for (const each of first) expect(Math.abs(each - unitPrice * 0.666667)).toBeLessThanOrEqual(unitPrice * 1e-9);
  });
});
