import type { Database } from '../jobs/jobs.js';

/** What the database says about a sale, counted from its rows and not from what anybody remembers. */
export interface Proof {
  readonly winners: number;
  readonly usersWithTwo: number;
  /** Numbers from 1 to the last that nobody has. */
  readonly gaps: number;
  readonly eventsMissing: number;
  /** Coupons that a client was told about and that are not there. */
  readonly lost: number;
}

const sql = `
  select count(*)::int as winners,
    (count(*) - count(distinct user_id))::int as "usersWithTwo",
    (coalesce(max(sequence), 0) - count(distinct sequence))::int as gaps,
    (count(*) - (select count(*) from events e where e.key = $1::text and e.type = 'coupon.issued.v1'))::int as "eventsMissing",
    (cardinality($2::uuid[]) - count(*) filter (where id = any($2::uuid[])))::int as lost
  from coupons where policy_id = $1::uuid`;

export async function proofOf(database: Database, policyId: string, told: readonly string[]): Promise<Proof> {
  const [proof] = await database.query<Proof[]>(sql, [policyId, told]);
  if (!proof) throw new Error('the database did not answer');
  return proof;
}

export const isExact = (proof: Proof, coupons: number, requests: number): boolean =>
  proof.winners === Math.min(coupons, requests) &&
  proof.usersWithTwo === 0 &&
  proof.gaps === 0 &&
  proof.eventsMissing === 0 &&
  proof.lost === 0;
