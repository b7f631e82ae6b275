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
  attempt(coupon: QuotedCoupon, ledger: Ledger): Tried {
    const tried = attempt(coupon.policy.terms, ledger);
    const figures = this.figuresFor(coupon);
    if ('no' in tried || !figures) return tried;
    const no = budgetRefusal(figures, tried.figures.amount);
    return no ? { no } : tried;
  }

  take(coupon: QuotedCoupon, amount: number): void {
    const figures = this.figuresFor(coupon);
    if (figures) this.figures.set(coupon.policy.policyId, { ...figures, budgetTaken: figures.budgetTaken + amount });
  }

  /** As they would be without what the coupon holds; undefined = it takes from none. */
  private figuresFor({ policy, budget, holds = 0 }: QuotedCoupon): BudgetFigures | undefined {
    const figures = budget && this.figures.get(policy.policyId);
    return figures && { ...figures, budgetTaken: figures.budgetTaken - holds };
  }
}
