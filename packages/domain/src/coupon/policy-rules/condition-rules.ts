import type { PolicyRule } from './rule.js';

export const conditionRules: readonly PolicyRule[] = [
  {
    field: 'conditions.hours.until',
    reads: ['conditions.hours.from'],
    message: 'must differ from hours.from',
    isBroken: ({ conditions: { hours } }) => hours !== null && hours.from === hours.until,
  },
];
