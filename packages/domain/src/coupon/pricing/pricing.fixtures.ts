import type { Cart, CartLine } from '../../cart/cart.js';
import type { PolicyId } from '../../ids.js';
import type { Conditions, Discount, PolicyTerms, Stacking, UnitSelection } from '../policy.js';
import type { QuotedCoupon } from './quote.js';

const everything = { include: [], exclude: [] };
const everyUnit: UnitSelection = { everyNthUnit: null, groupSize: null, maxUnits: null, maxUnitsPer: 'ORDER' };
const halfUp = { mode: 'HALF_UP', unit: 1 } as const;
type Of<Type extends Discount['type']> = Extract<Discount, { type: Type }>;

export const percentOff = (percent: string, more: Partial<Of<'PERCENTAGE'>> = {}): Discount => {
  return { type: 'PERCENTAGE', percent, maxAmount: null, rounding: halfUp, ...everyUnit, ...more };
};
export const amountOff = (amount: number, more: Partial<Of<'FIXED_AMOUNT'>> = {}): Discount => {
  return { type: 'FIXED_AMOUNT', amount, allocation: 'ACROSS', ...everyUnit, ...more };
};
export const tiers = (list: Of<'TIERED'>['tiers'], more: Partial<Of<'TIERED'>> = {}): Discount => {
  return { type: 'TIERED', tiers: list, maxAmount: null, rounding: halfUp, ...more };
};
export const buyXGetY = (
  buyQuantity: number,
  getQuantity: number,
  more: Partial<Of<'BUY_X_GET_Y'>> = {},
): Discount => ({
  ...{ type: 'BUY_X_GET_Y', buyQuantity, getQuantity, percentOff: '100', products: [], getProducts: [] },
  ...{ getCategories: [], getOrder: 'CHEAPEST', maxAmount: null, rounding: halfUp },
  ...more,
});
export const freeShipping = (maxAmount: number | null = null): Discount => ({ type: 'FREE_SHIPPING', maxAmount });

export interface Variations {
  readonly conditions?: Partial<Conditions>;
  readonly stacking?: Partial<Stacking>;
  readonly terms?: Partial<PolicyTerms>;
}

export function termsWith(discount: Discount, { conditions, stacking, terms }: Variations = {}): PolicyTerms {
  return {
    ...{ name: 'A policy', description: '', code: null, currency: 'KRW', timeZone: 'Asia/Seoul', discount },
    conditions: {
      ...{ minimumOrder: null, minimumQuantity: null, requires: { products: [], categories: [] } },
      ...{ products: everything, categories: everything, channels: everything, segments: everything },
      ...{ excludeSaleItems: false, weekdays: [], hours: null, firstOrderOnly: false },
      ...conditions,
    },
    limits: { total: null, perUser: null, perDay: null, budget: null },
    issuance: ['DOWNLOAD'],
    issuePeriod: { from: null, until: null },
    validity: { from: null, until: null, untilInclusive: false, daysAfterIssue: null },
    stacking: { mode: 'STACKABLE', group: null, priority: 0, percentBase: 'INITIAL', ...stacking },
    restoreOnCancel: true,
    refund: 'NONE',
    ...terms,
  };
}

/** A coupon of a policy of the same name: coupon `c-SAVE` of policy `SAVE`. */
export const coupon = (name: string, discount: Discount, variations: Variations = {}): QuotedCoupon => ({
  couponId: `c-${name}`,
  code: name,
  policy: { policyId: name as PolicyId, version: 1, terms: termsWith(discount, variations) },
});

/** A line `a` of product `p-a`, one unit, in no category, not on sale, without a floor. */
export const line = (lineId: string, unitPrice: number, quantity = 1, more: Partial<CartLine> = {}): CartLine => ({
  ...{ lineId, productId: `p-${lineId}`, categoryIds: [], unitPrice, quantity, onSale: false, minimumUnitPrice: 0 },
  ...more,
});

/** 2026-11-21 12:00 in Seoul, a Saturday. */
export const SATURDAY_NOON = Date.parse('2026-11-21T12:00:00+09:00');

export const cart = (lines: readonly CartLine[], more: Partial<Cart> = {}): Cart => ({
  ...{ currency: 'KRW', lines, shipping: 0, channel: null, segments: [], firstOrder: false, at: SATURDAY_NOON },
  ...more,
});
