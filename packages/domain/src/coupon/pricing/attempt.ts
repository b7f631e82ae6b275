import { refusal } from '../../refusal.js';
import { cartRefusal, isEligible, type PricingRefusal, takesAnyLine } from '../eligibility.js';
import type { PolicyTerms } from '../policy.js';
import { calculate, type Figures, type Plan } from './calculation.js';
import { book, type Ledger, type LedgerLine } from './ledger.js';
import { planOf } from './plans.js';
import { thresholdRefusal } from './threshold.js';

/** What a coupon does to the ledger as it stands, or why it does nothing. */
export type Attempt = { readonly plan: Plan; readonly figures: Figures } | { readonly no: PricingRefusal };

export function eligibleLines({ conditions }: PolicyTerms, { lines }: Ledger): readonly LedgerLine[] {
  return takesAnyLine(conditions) ? lines : lines.filter(({ item }) => isEligible(conditions, item));
}

/** Tries a coupon by its terms. Changes nothing. A coupon without an effect is refused (pricing rule 10). */
export function attempt(terms: PolicyTerms, ledger: Ledger): Attempt {
  const unfit = cartRefusal(terms, ledger.cart);
  if (unfit) return { no: unfit };
  const eligible = eligibleLines(terms, ledger);
  const short = thresholdRefusal(terms, eligible);
  if (short) return { no: short };
  const planned = planOf(terms, eligible);
  if ('no' in planned) return planned;
  const figures = calculate(planned.plan, ledger);
  const { left, wanted, amount } = figures;
  return amount > 0
    ? { plan: planned.plan, figures }
    : { no: refusal('NO_EFFECT', { cause: 'NOTHING_TO_TAKE', left, wanted }) };
}

/** Takes the discount off the ledger. */
export function take({ picks, chooses, calculation }: Plan, { amount, shares }: Figures, ledger: Ledger): void {
  if (calculation.type === 'SHIPPING') ledger.shipping -= amount;
  for (const [i, pick] of picks.entries()) book(pick, shares[i]?.amount ?? 0, chooses);
}
