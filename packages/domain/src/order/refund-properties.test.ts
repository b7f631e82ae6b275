import fc from 'fast-check';
import { unitNets } from '../allocation.js';
import { planOf, refundedBy } from './order.fixtures.js';
import { anyModes, type Case, only } from './refund.arbitraries.fixtures.js';
import { planRefund, type RefundLine, refundedAmount, refundStatusOf } from './refund.js';
import { worthOfWhatStays } from './worth.js';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const holds = (cases: fc.Arbitrary<Case>, check: (each: Case) => void, numRuns = 250) =>
  fc.assert(fc.property(cases, check), { numRuns });
const everything = ({ cart }: Case): RefundLine[] => cart.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));

describe('any order, whatever its policies say of refunds', () => {
  it('orders rule 11: all refunds together are what was paid, in money and in points, and none is below zero', () =>
    holds(anyModes, ({ of, split }) => {
      const { facts } = of.order;
      const { plans, order } = refundedBy(of, split);
      expect(sum(plans.map(({ amount }) => amount))).toBe(facts.total);
      expect(sum(plans.map(({ pointsReturned }) => pointsReturned))).toBe(facts.pointsUsed);
      for (const { amount, pointsReturned, share } of plans) {
        expect(Math.min(amount, pointsReturned)).toBeGreaterThanOrEqual(0);
        expect([amount, pointsReturned].every(Number.isSafeInteger)).toBe(true);
        expect(amount + pointsReturned).toBe(share.now);
        expect(share.whole).toBe(facts.total + facts.pointsUsed);
      }
      expect(plans.map(({ isLast }) => isLast)).toEqual(split.map((_, i) => i === split.length - 1));
      expect([refundStatusOf(order), refundedAmount(order)]).toEqual(['FULL', facts.total]);
    }));

  it('orders rule 11: points and money go back in the proportion paid, to less than one', () =>
    holds(anyModes, ({ of, split }) => {
      const { total, pointsUsed } = of.order.facts;
      const whole = BigInt(total + pointsUsed);
      let [points, back] = [0n, 0n];
      for (const { amount, pointsReturned } of refundedBy(of, split).plans) {
        points += BigInt(pointsReturned);
        back += BigInt(amount + pointsReturned);
        const off = points * whole - BigInt(pointsUsed) * back;
        expect(off <= 0n && (off > -whole || whole === 0n)).toBe(true);
      }
    }));

  it('pricing rule 20: what is kept was worth no less than the floors of its lines and the shipping paid', () =>
    holds(anyModes, ({ of, split, cart }) => {
      const { facts } = of.order;
      const left = new Map(facts.lines.map(({ lineId, quantity }) => [lineId, quantity]));
      for (const [i, { isLast, share }] of refundedBy(of, split).plans.entries()) {
        for (const { lineId, quantity } of split[i] ?? []) left.set(lineId, (left.get(lineId) ?? 0) - quantity);
        if (isLast) break;
        const floors = cart.lines.map(({ lineId, minimumUnitPrice }) => minimumUnitPrice * (left.get(lineId) ?? 0));
        expect(share.whole - share.before - share.now).toBeGreaterThanOrEqual(sum(floors) + facts.shipping.net);
      }
    }));

  it('is worth what it was as long as everything stays', () =>
    holds(anyModes, ({ of: { order, versionOf } }) => {
      const staying = order.facts.lines.map(line => ({ line, quantity: line.quantity }));
      expect(worthOfWhatStays(order.facts, staying, versionOf)).toBe(order.facts.total + order.facts.pointsUsed);
    }));

  it('returned at once is all that was paid', () =>
    holds(anyModes, each => {
      const { total: amount, pointsUsed: pointsReturned } = each.of.order.facts;
      expect(planOf(each.of, everything(each))).toMatchObject({ amount, pointsReturned, isLast: true });
    }));

  it('comes to the same whatever the order of lines, on the order and in the refund', () =>
    holds(anyModes, ({ of, split }) => {
      const { facts } = of.order;
      const turned = { ...of, order: { ...of.order, facts: { ...facts, lines: [...facts.lines].reverse() } } };
      const figures = ({ plans }: ReturnType<typeof refundedBy>) => plans.map(({ lines: _, ...plan }) => plan);
      const backwards = split.map(lines => [...lines].reverse());
      expect(figures(refundedBy(turned, backwards))).toEqual(figures(refundedBy(of, split)));
    }));

  it('orders rule 12: too many units of any line are refused, by whatever number of namings', () =>
    holds(
      fc.oneof(anyModes, only('NONE')),
      ({ of, split, cart }) => {
        const { order } = refundedBy(of, split.slice(0, -1));
        for (const { lineId } of cart.lines) {
          const left = sum((split.at(-1) ?? []).filter(line => line.lineId === lineId).map(({ quantity }) => quantity));
          const once = { lineId, quantity: 1 };
          for (const lines of [[{ lineId, quantity: left + 1 }], Array.from({ length: left + 1 }, () => once)])
            expect(planRefund(order, lines, of.versionOf)).toMatchObject({
              ...{ accepted: false, refusal: { code: 'QUANTITY_NOT_REFUNDABLE' } },
            });
          if (left > 0) expect(planRefund(order, [{ lineId, quantity: left }], of.versionOf).accepted).toBe(true);
        }
      },
      100,
    ));
});

describe('pricing rule 20: an order whose policies say NONE', () => {
  it('orders rule 11: each refund is the unit nets of its units, the next ones by number; the last takes the rest', () =>
    holds(only('NONE'), ({ of, split }) => {
      const nets = new Map(of.order.facts.lines.map(({ lineId, net, quantity }) => [lineId, unitNets(net, quantity)]));
      const { plans } = refundedBy(of, split);
      for (const [i, lines] of split.entries()) {
        const worth = sum(lines.flatMap(({ lineId, quantity }) => nets.get(lineId)?.splice(0, quantity) ?? []));
        const rest = i === split.length - 1 ? of.order.facts.shipping.net : 0;
        expect(plans[i]?.share.now).toBe(worth + rest);
      }
    }));
});
