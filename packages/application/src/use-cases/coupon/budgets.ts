import { budgetRefusal, type Campaign, type PolicyVersion } from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { CampaignRepository } from '../../ports/campaign-repository.js';
import type { Transaction } from '../../ports/unit-of-work.js';

/** The money budgets of some policies, under lock for the time of one transaction. */
export interface Budgets {
  /** Takes `change` minor units (negative = gives back); policies without a budget give freely. */
  take(policyId: string, change: number): Outcome<null>;
  save(): Promise<void>;
}

/** Locks the campaigns of those versions that have a budget. */
export async function openBudgets(
  repository: CampaignRepository,
  tx: Transaction,
  versions: Iterable<PolicyVersion>,
): Promise<Budgets> {
  const budgeted = [...versions].filter(({ terms }) => terms.limits.budget !== null);
  const policyIds = [...new Set(budgeted.map(({ policyId }) => policyId))].sort();
  const campaigns = new Map<string, Campaign>(policyIds.length > 0 ? await repository.lock(tx, policyIds) : []);
  const touched = new Set<string>();
  return {
    take(policyId, change) {
      const campaign = campaigns.get(policyId);
      if (!campaign || change === 0) return done(null);
      const no = change > 0 ? budgetRefusal(campaign, change) : null;
      if (no) return refused(no);
      campaigns.set(policyId, { ...campaign, budgetTaken: campaign.budgetTaken + change });
      touched.add(policyId);
      return done(null);
    },
    async save() {
      const changed = [...campaigns.values()].filter(({ policyId }) => touched.has(policyId));
      if (changed.length > 0) await repository.save(tx, changed);
    },
  };
}
