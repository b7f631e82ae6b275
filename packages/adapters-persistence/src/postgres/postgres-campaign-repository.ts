import type { CampaignRepository, Transaction } from '@org/application';
import { type Campaign, isUuid, type Limits, type PolicyId } from '@org/domain';
import { countOf, rowsOf, type Statement, statement } from './statement.js';
import { plainArray } from './values.js';

const open = statement(
  'campaigns.open',
  `insert into campaigns (policy_id, total_limit, per_day_limit, budget_limit)
   values ($1::uuid, $2::int, $3::int, $4::bigint)`,
);

const figures = (locking: string) =>
  `select l.* from unnest($1::uuid[]) as u(id) cross join lateral (
     select c.policy_id, c.issued, to_char(c.day, 'YYYY-MM-DD') as day, c.issued_today, c.budget_taken,
       c.budget_limit
     from campaigns c where c.policy_id = u.id limit 1 ${locking}) l`;

const load = statement('campaigns.load', figures(''));
const lock = statement('campaigns.lock', figures('for no key update'));

const save = statement(
  'campaigns.save',
  `update campaigns c set issued = i.issued, day = i.day, issued_today = i.issued_today, budget_taken = i.budget_taken
   from unnest($1::uuid[], $2::int[], $3::date[], $4::int[], $5::bigint[])
     as i(policy_id, issued, day, issued_today, budget_taken)
   where c.policy_id = i.policy_id`,
);

const limit = statement(
  'campaigns.limit',
  `update campaigns c set total_limit = $2::int, per_day_limit = $3::int, budget_limit = $4::bigint
   where c.policy_id = $1::uuid`,
);

interface Row {
  readonly policy_id: string;
  readonly issued: number;
  readonly day: string | null;
  readonly issued_today: number;
  readonly budget_taken: number;
  readonly budget_limit: number | null;
}

const fromRow = (row: Row): Campaign => ({
  policyId: row.policy_id as PolicyId,
  issued: row.issued,
  day: row.day,
  issuedToday: row.issued_today,
  budgetTaken: row.budget_taken,
  budget: row.budget_limit,
});

/** The limits are constraints of the table: whoever would pass one gets an error, and nothing of the transaction is written. */
export class PostgresCampaignRepository implements CampaignRepository {
  async open(tx: Transaction, policyId: string, { total, perDay, budget }: Limits): Promise<void> {
    await countOf(tx, open, [policyId, total, perDay, budget]);
  }

  load(tx: Transaction, policyIds: readonly string[]): Promise<ReadonlyMap<string, Campaign>> {
    return this.figures(tx, load, policyIds);
  }

  lock(tx: Transaction, policyIds: readonly string[]): Promise<ReadonlyMap<string, Campaign>> {
    return this.figures(tx, lock, policyIds);
  }

  private async figures(tx: Transaction, how: Statement, policyIds: readonly string[]) {
    const ids = [...new Set(policyIds.filter(isUuid))].sort();
    if (ids.length === 0) return new Map();
    const rows = await rowsOf<Row & Record<string, unknown>>(tx, how, [plainArray(ids)]);
    return new Map(rows.map(row => [row.policy_id, fromRow(row)]));
  }

  async save(tx: Transaction, campaigns: readonly Campaign[]): Promise<void> {
    if (campaigns.length === 0) return;
    const saved = await countOf(tx, save, [
      plainArray(campaigns.map(({ policyId }) => policyId)),
      plainArray(campaigns.map(({ issued }) => issued)),
      plainArray(campaigns.map(({ day }) => day)),
      plainArray(campaigns.map(({ issuedToday }) => issuedToday)),
      plainArray(campaigns.map(({ budgetTaken }) => budgetTaken)),
    ]);
    if (saved !== campaigns.length) throw new Error(`${campaigns.length - saved} campaigns don't exist`);
  }

  async limit(tx: Transaction, policyId: string, { total, perDay, budget }: Limits): Promise<void> {
    if ((await countOf(tx, limit, [policyId, total, perDay, budget])) === 0) throw new Error(`no campaign ${policyId}`);
  }
}
