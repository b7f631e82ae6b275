import { readAll } from '../readers.js';
import type { Checked, Violation } from '../refusal.js';
import type { Discount, PolicyTerms } from './policy.js';
import { conditionRules } from './policy-rules/condition-rules.js';
import { discountRules } from './policy-rules/discount-rules.js';
import { brokenRules } from './policy-rules/rule.js';
import { policyTerms } from './policy-rules/terms-reader.js';
import { timeRules } from './policy-rules/time-rules.js';

type Loose<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: LooseField<T[K]> }
    : T;
type LooseField<T> = Loose<T> | null | undefined;

type Required = 'type' | 'percent' | 'amount' | 'tiers' | 'buyQuantity' | 'getQuantity';
type DraftOf<D extends Discount> = D extends Discount
  ? Pick<D, Extract<keyof D, Required>> & Loose<Omit<D, Required>>
  : never;

/**
 * What somebody wants a policy to be. Only name, currency, discount and issuance have no default; null and absent both
 * mean the default, which is "no restriction" wherever that makes sense. Instants are epoch milliseconds, amounts minor
 * units, percents decimals as text.
 */
export type PolicyDraft = Pick<PolicyTerms, 'name' | 'currency' | 'issuance'> & {
  readonly discount: DraftOf<Discount>;
} & Loose<Omit<PolicyTerms, 'name' | 'currency' | 'issuance' | 'discount'>>;

const rules = [...discountRules, ...conditionRules, ...timeRules];

/**
 * The terms of a policy with every default filled in, or everything that is wrong with the draft: unknown fields,
 * values without sense, and combinations without sense, each with its field (`discount.tiers[1].from`).
 * Never throws, whatever it is given. Its own output is accepted unchanged.
 */
export function definePolicy(draft: PolicyDraft): Checked<PolicyTerms> {
  const { value, violations } = readAll(policyTerms, draft);
  if (value === null) return { ok: false, violations };
  const all = [...violations, ...brokenRules(rules, value, violations)];
  return all.length === 0 ? { ok: true, value } : { ok: false, violations: all };
}

/** Coupons that are out, budgets and daily counts are bound to these. */
const fixedOnceActive = ['currency', 'timeZone'] as const;

/** What an edit of an active policy must not change; the counts of issued coupons are looked at elsewhere. */
export const editViolations = (before: PolicyTerms, after: PolicyTerms): readonly Violation[] =>
  fixedOnceActive
    .filter(field => before[field] !== after[field])
    .map(field => ({
      field,
      value: after[field],
      message: `cannot change from ${before[field]} once the policy is active`,
    }));
