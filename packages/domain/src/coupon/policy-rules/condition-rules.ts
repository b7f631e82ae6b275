import type { PolicyTerms } from '../policy.js';
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

const isAbove = (part: number | null, whole: number | null) => part !== null && whole !== null && part > whole;

export const conditionRules: readonly PolicyRule[] = [
  ...emptySelections,
  {
    field: 'conditions.hours.until',
    reads: ['conditions.hours.from'],
    message: 'must differ from hours.from',
    isBroken: ({ conditions: { hours } }) => hours !== null && hours.from === hours.until,
  },
  {
    field: 'limits.perUser',
    reads: ['limits.total'],
    message: 'must not be larger than limits.total',
    isBroken: ({ limits }) => isAbove(limits.perUser, limits.total),
  },
  {
    field: 'limits.perDay',
    reads: ['limits.total'],
    message: 'must not be larger than limits.total',
    isBroken: ({ limits }) => isAbove(limits.perDay, limits.total),
  },
  {
    field: 'code',
    reads: ['issuance'],
    message: 'needs CODE in issuance',
    isBroken: (terms: PolicyTerms) => terms.code !== null && !terms.issuance.includes('CODE'),
  },
  {
    field: 'stacking.group',
    reads: ['stacking.mode'],
    message: 'means nothing with EXCLUSIVE',
    isBroken: ({ stacking }) => stacking.mode === 'EXCLUSIVE' && stacking.group !== null,
  },
];
