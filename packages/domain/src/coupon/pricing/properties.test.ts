import fc from 'fast-check';
import type { Cart } from '../../cart/cart.js';
import { checkCart } from '../../cart/check-cart.js';
import { quote } from '../pricing.js';
import { type NoEffectCause, noEffectCauses, pricingRefusals } from '../refusal-codes.js';
import { aCart, someCoupons, somePoints } from './arbitraries.fixtures.js';
import { checkQuote } from './check.js';
import type { Quote, QuotedCoupon } from './quote.js';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const holds = (check: (cart: Cart, coupons: QuotedCoupon[], quoted: Quote, points: number) => void, numRuns = 150) =>
  fc.assert(
    fc.property(aCart, someCoupons, somePoints, (cart, coupons, points) =>
      check(cart, coupons, quote(cart, coupons, { points }), points),
    ),
    { numRuns },
  );

describe('any quote', () => {
  it('is made of carts that make sense', () => holds(cart => expect(checkCart(cart)).toEqual([]), 100));

  it('adds up on every line and unit, and nothing is below zero or below its floor', () =>
    holds((cart, _, { lines, discounts, shipping, total, pointsUsed }) => {
      lines.forEach((line, i) => {
        const { unitPrice = 0, quantity = 0, minimumUnitPrice = 0, lineId = '' } = cart.lines[i] ?? {};
        const allocated = discounts.flatMap(({ allocations }) => allocations).filter(share => share.lineId === lineId);
        expect(line).toMatchObject({ lineId, gross: unitPrice * quantity, discount: line.gross - line.net });
        expect(sum(allocated.map(({ amount }) => amount))).toBe(line.discount);
        expect(line.unitNets).toHaveLength(quantity);
        expect(sum(line.unitNets)).toBe(line.net);
        expect(Math.min(...line.unitNets)).toBeGreaterThanOrEqual(minimumUnitPrice);
        expect(Math.max(...line.unitNets) - Math.min(...line.unitNets)).toBeLessThanOrEqual(1);
      });
      const onLines = discounts.filter(({ allocations }) => allocations.length > 0);
      for (const { amount, allocations } of onLines) expect(sum(allocations.map(share => share.amount))).toBe(amount);
      expect(sum(discounts.map(({ amount }) => amount))).toBe(
        sum(lines.map(line => line.discount)) + shipping.discount,
      );
      const gross = lines.length > 0 ? cart.shipping : 0;
      expect(shipping).toEqual({ gross, discount: gross - shipping.net, net: shipping.net });
      expect(total).toBe(sum(lines.map(({ net }) => net)) + shipping.net - pointsUsed);
      expect(Math.min(total, shipping.net, pointsUsed)).toBeGreaterThanOrEqual(0);
    }));

  it('gives no discount of nothing, and answers each coupon once', () =>
    holds((_, coupons, { discounts, refused }) => {
      expect(discounts.every(({ amount }) => amount > 0)).toBe(true);
      const answered = [...discounts, ...refused].map(({ couponId }) => couponId);
      expect(answered.sort()).toEqual(coupons.map(({ couponId }) => couponId).sort());
    }));

  it('does not depend on the order of lines or coupons', () =>
    holds((cart, coupons, quoted, points) => {
      const turned = quote({ ...cart, lines: [...cart.lines].reverse() }, [...coupons].reverse(), { points });
      expect({ ...turned, lines: [...turned.lines].reverse() }).toEqual(quoted);
    }));

  it('counts every coupon once, however often it is sent', () =>
    holds((cart, coupons, quoted, points) => {
      expect(quote(cart, [...coupons, ...coupons.map(coupon => ({ ...coupon }))], { points })).toEqual(quoted);
    }));

  it('is sound to its checker, also after a way through JSON', () =>
    holds((_, __, quoted) => {
      expect(checkQuote(quoted)).toEqual([]);
      expect(JSON.parse(JSON.stringify(quoted))).toEqual(quoted);
    }));

  it('refuses with the codes and the data of the table', () =>
    holds((_, __, { refused }) => {
      for (const { reason, data } of refused) {
        const { data: fields } = pricingRefusals[reason as keyof typeof pricingRefusals];
        const more = reason === 'NO_EFFECT' ? noEffectCauses[data.cause as NoEffectCause].data : {};
        expect(Object.keys(data).sort()).toEqual(Object.keys({ ...fields, ...more }).sort());
      }
    }));
});
