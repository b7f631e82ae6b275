import type { Violation } from '../../refusal.js';
import type { PolicyTerms } from '../policy.js';

/** A combination of fields that makes no sense although each of them does. */
export interface PolicyRule {
  /** The field to blame. */
  readonly field: string;
  /** The other fields that the rule looks at. */
  readonly reads: readonly string[];
  readonly message: string;
  readonly isBroken: (terms: PolicyTerms) => boolean;
}

/** Whether a mistake in `broken` spoils what `field` says: it is the same field, a part of it, or the whole around it. */
const spoils = (broken: string, field: string) =>
  broken === field ||
  broken.startsWith(`${field}.`) ||
  broken.startsWith(`${field}[`) ||
  field.startsWith(`${broken}.`);

const valueAt = (terms: PolicyTerms, field: string) =>
  field
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      terms,
    );

/** What the rules say about terms that were read; a rule keeps silent about fields that are broken by themselves. */
export function brokenRules(
  rules: readonly PolicyRule[],
  terms: PolicyTerms,
  found: readonly Violation[],
): readonly Violation[] {
  return rules
    .filter(rule => ![rule.field, ...rule.reads].some(field => found.some(broken => spoils(broken.field, field))))
    .filter(rule => rule.isBroken(terms))
    .map(({ field, message }) => ({ field, value: valueAt(terms, field), message }));
}
