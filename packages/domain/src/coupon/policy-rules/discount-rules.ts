import type { Discount, PolicyTerms } from '../policy.js';
import type { PolicyRule } from './rule.js';

const hasPercent = (discount: Discount) =>
  discount.type === 'PERCENTAGE' ||
  discount.type === 'BUY_X_GET_Y' ||
  (discount.type === 'TIERED' && discount.tiers.some(tier => 'percent' in tier));

/** The least that a coupon of the policy takes off by its own terms. */
function smallestDiscount(discount: Discount): number {
  if (discount.type === 'FIXED_AMOUNT') return discount.amount;
  if (discount.type !== 'TIERED') return 1;
  const least = Math.min(...discount.tiers.map(tier => ('amount' in tier ? tier.amount : 1)));
  return Math.min(least, discount.maxAmount ?? least);
}

/** A threshold that a refund can fall below. */
const hasThreshold = ({ discount, conditions }: PolicyTerms) =>
  conditions.minimumOrder !== null ||
  conditions.minimumQuantity !== null ||
  discount.type === 'TIERED' ||
  discount.type === 'BUY_X_GET_Y';

export const discountRules: readonly PolicyRule[] = [
  {
    field: 'discount.groupSize',
    reads: ['discount.type', 'discount.everyNthUnit'],
    message: 'cannot go together with everyNthUnit',
    isBroken: ({ discount }) =>
      'groupSize' in discount && discount.groupSize !== null && discount.everyNthUnit !== null,
  },
  {
    field: 'discount.maxUnitsPer',
    reads: ['discount.type', 'discount.maxUnits'],
    message: 'LINE needs maxUnits',
    isBroken: ({ discount }) => 'maxUnits' in discount && discount.maxUnits === null && discount.maxUnitsPer === 'LINE',
  },
  {
    field: 'discount.rounding.unit',
    reads: ['discount.type', 'discount.maxAmount'],
    message: 'must not be larger than maxAmount',
    isBroken: ({ discount }) =>
      'rounding' in discount && discount.maxAmount !== null && discount.rounding.unit > discount.maxAmount,
  },
  {
    field: 'stacking.percentBase',
    reads: ['discount.type', 'discount.tiers'],
    message: 'REMAINING needs a discount with a percent',
    isBroken: ({ stacking, discount }) => stacking.percentBase === 'REMAINING' && !hasPercent(discount),
  },
  {
    field: 'limits.budget',
    reads: ['discount.type', 'discount.amount', 'discount.tiers', 'discount.maxAmount'],
    message: 'must cover at least one discount',
    isBroken: ({ limits, discount }) => limits.budget !== null && limits.budget < smallestDiscount(discount),
  },
  {
    field: 'refund',
    reads: ['discount.type', 'conditions.minimumOrder', 'conditions.minimumQuantity'],
    message:
      'THRESHOLD_CLAWBACK needs a minimum order, a minimum quantity, tiers or a buy side: there is nothing to claw back',
    isBroken: terms => terms.refund === 'THRESHOLD_CLAWBACK' && !hasThreshold(terms),
  },
];
