import type { Refusal } from '../../refusal.js';
import { type BudgetFigures, budgetRefusal } from '../campaign.js';
import { attempt } from './attempt.js';
import type { Figures, Plan } from './calculation.js';
import type { Ledger } from './ledger.js';
import type { QuotedCoupon } from './quote.js';

type Tried = { readonly plan: Plan; readonly figures: Figures } | { readonly no: Refusal };

/** The money budgets of the coupons of one quote, as those that were taken before have left them (pricing rule 16). */
export class QuoteBudgets {
  private readonly figures = new Map<string, BudgetFigures>();

  constructor(coupons: readonly QuotedCoupon[]) {
    for (const { policy, budget } of coupons) if (budget) this.figures.set(policy.policyId, budget);
  }

  /** Tries a coupon, and whether its discount fits. Changes nothing. */
  attempt({ policy: { policyId, terms } }: QuotedCoupon, ledger: Ledger): Tried {
    const tried = attempt(terms, ledger);
    const figures = this.figures.get(policyId);
    if ('no' in tried || !figures) return tried;
    const no = budgetRefusal(figures, tried.figures.amount);
    return no ? { no } : tried;
  }

  take({ policy: { policyId } }: QuotedCoupon, amount: number): void {
    const figures = this.figures.get(policyId);
    if (figures) this.figures.set(policyId, { ...figures, budgetTaken: figures.budgetTaken + amount });
  }
}
