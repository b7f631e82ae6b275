import { type Campaign, emptyCampaign, type Limits, type PolicyId } from '@org/domain';
import type { CampaignRepository } from '../ports/campaign-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { ConstraintError } from './errors.js';
import { frozen } from './frozen.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

interface CampaignRow {
  readonly campaign: Campaign;
  readonly limits: Limits;
}

/** The figures that stand above their limit. */
const exceeded = ({ campaign, limits }: CampaignRow): readonly string[] =>
  (
    [
      ['issued', campaign.issued, limits.total],
      ['issuedToday', campaign.issuedToday, limits.perDay],
      ['budgetTaken', campaign.budgetTaken, limits.budget],
    ] as const
  )
    .filter(([, figure, limit]) => figure < 0 || (limit !== null && figure > limit))
    .map(([name, figure, limit]) => `${name} ${figure} is outside of 0 to ${limit}`);

export class InMemoryCampaignRepository implements CampaignRepository {
  readonly rows = new Table<CampaignRow>('campaigns');

  async open(tx: Transaction, policyId: string, limits: Limits) {
    const campaign = emptyCampaign(policyId as PolicyId, limits);
    await this.rows.insert(tx, policyId, frozen({ campaign, limits }));
  }

  async lock(tx: Transaction, policyIds: readonly string[]) {
    await this.rows.lock(tx, policyIds);
    return this.load(tx, policyIds);
  }

  async load(tx: Transaction, policyIds: readonly string[]) {
    const found = new Map<string, Campaign>();
    for (const id of policyIds) {
      const row = this.rows.get(tx, id);
      if (row) found.set(id, row.campaign);
    }
    return found;
  }

  async save(tx: Transaction, campaigns: readonly Campaign[]) {
    for (const campaign of campaigns) {
      const { limits } = this.stored(tx, campaign.policyId);
      this.write(tx, { campaign: { ...campaign, budget: limits.budget }, limits });
    }
  }

  async limit(tx: Transaction, policyId: string, limits: Limits) {
    await this.rows.lock(tx, [policyId]);
    const { campaign } = this.stored(tx, policyId);
    this.write(tx, { campaign: { ...campaign, budget: limits.budget }, limits });
  }

  private stored(tx: Transaction, policyId: string): CampaignRow {
    const row = this.rows.get(tx, policyId);
    if (!row) throw InMemoryTransaction.of(tx).fail(new ConstraintError(`no campaign ${policyId}`));
    return row;
  }

  private write(tx: Transaction, row: CampaignRow): void {
    const { policyId } = row.campaign;
    const [breach] = exceeded(row);
    if (breach) throw InMemoryTransaction.of(tx).fail(new ConstraintError(`${policyId}: ${breach}`));
    this.rows.set(tx, policyId, frozen(row));
  }
}
