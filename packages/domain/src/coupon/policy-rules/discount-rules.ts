import type { PolicyRule } from './rule.js';

export const discountRules: readonly PolicyRule[] = [
  {
    field: 'discount.groupSize',
    reads: ['discount.type', 'discount.everyNthUnit'],
    message: 'cannot go together with everyNthUnit',
    isBroken: ({ discount }) =>
      'groupSize' in discount && discount.groupSize !== null && discount.everyNthUnit !== null,
  },
];
