import { refusal } from '../../refusal.js';
import type { PricingRefusal } from '../eligibility.js';
import type { PolicyTerms } from '../policy.js';
import type { LedgerLine } from './ledger.js';

export const unitsOf = (lines: readonly LedgerLine[]) => lines.reduce((sum, { item }) => sum + item.quantity, 0);
export const grossOf = (lines: readonly LedgerLine[]) => lines.reduce((sum, { gross }) => sum + gross, 0);
const netsOf = (lines: readonly LedgerLine[]) => lines.reduce((sum, { net }) => sum + net, 0);

export function tooFewUnits(minimum: number, actual: number): PricingRefusal {
  return refusal('MINIMUM_QUANTITY_NOT_MET', { minimum, actual, missing: minimum - actual });
}

export function tooLittle(
  minimum: number,
  actual: number,
  comparison: 'GT' | 'GTE',
  base: 'INITIAL' | 'REMAINING',
): PricingRefusal {
  const missing = minimum - actual + (comparison === 'GT' ? 1 : 0);
  return refusal('MINIMUM_ORDER_NOT_MET', { minimum, actual, missing, comparison, base });
}

/** Whether the eligible lines are enough, by the figures of the moment (pricing rule 2). */
export function thresholdRefusal({ conditions }: PolicyTerms, eligible: readonly LedgerLine[]): PricingRefusal | null {
  const { minimumQuantity, minimumOrder } = conditions;
  if (minimumQuantity !== null) {
    const units = unitsOf(eligible);
    if (units < minimumQuantity) return tooFewUnits(minimumQuantity, units);
  }
  if (minimumOrder === null) return null;
  const { amount, comparison, base } = minimumOrder;
  const actual = base === 'INITIAL' ? grossOf(eligible) : netsOf(eligible);
  const isMet = comparison === 'GT' ? actual > amount : actual >= amount;
  return isMet ? null : tooLittle(amount, actual, comparison, base);
}
