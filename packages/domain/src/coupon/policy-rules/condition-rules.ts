import type { PolicyRule } from './rule.js';

const selections = ['products', 'categories', 'channels', 'segments'] as const;

/** `exclude` wins, so what is included and excluded too is merely left out: nonsense only when nothing stays. */
const emptySelections = selections.map<PolicyRule>(name => ({
  field: `conditions.${name}.exclude`,
  reads: [`conditions.${name}.include`],
  message: 'leaves nothing of include',
  isBroken: ({ conditions }) => {
    const excluded = new Set(conditions[name].exclude);
    return conditions[name].include.length > 0 && conditions[name].include.every(id => excluded.has(id));
  },
}));

export const conditionRules: readonly PolicyRule[] = [
  ...emptySelections,
  {
    field: 'conditions.hours.until',
    reads: ['conditions.hours.from'],
    message: 'must differ from hours.from',
    isBroken: ({ conditions: { hours } }) => hours !== null && hours.from === hours.until,
  },
];
