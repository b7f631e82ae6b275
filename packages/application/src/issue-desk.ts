import { type IssueRefusal, type IssueWay, issueClosed, refusal } from '@org/domain';
import type { CouponQueries } from './ports/coupon-queries.js';
import type { Stopwatch } from './ports/stopwatch.js';
import type { IssueInput } from './use-cases/coupon/issue-coupons.js';

interface SoldOut {
  readonly total: number;
  readonly perUser: number | null;
  readonly ways: readonly IssueWay[];
  readonly issued: number;
  /** How many coupons each winner has, so that a winner who asks again learns that he has one. */
  readonly holders: ReadonlyMap<string, number>;
  readonly checkedAt: number;
}

export interface IssueDeskOptions {
  /**
   * How long a sell-out is believed without looking again, ms; an edit by another process opens the desk after it.
   * While a look is under way it is believed as long again, and then the store is asked.
   */
  readonly recheckAfterMs?: number;
  /** Campaigns with more holders than this are always answered by the store. */
  readonly maxHolders?: number;
  /** Most holders of all campaigns together; the one that nobody has asked for the longest is forgotten first. Default 500,000. */
  readonly maxAllHolders?: number;
}

/**
 * Remembers which campaigns are sold out: from then on the answer needs no database, however many still come.
 * Coupons never return to a campaign, so only an edit of the policy opens it again.
 */
export class IssueDesk {
  private readonly soldOut = new Map<string, SoldOut>();
  private readonly looks = new Map<string, symbol>();
  private readonly recheckAfterMs: number;
  private readonly maxHolders: number;
  private readonly maxAllHolders: number;

  constructor(
    private readonly queries: Pick<CouponQueries, 'policy' | 'issued' | 'holders' | 'now'>,
    private readonly stopwatch: Stopwatch,
    { recheckAfterMs = 1_000, maxHolders = 200_000, maxAllHolders = 500_000 }: IssueDeskOptions = {},
  ) {
    this.recheckAfterMs = recheckAfterMs;
    this.maxHolders = maxHolders;
    this.maxAllHolders = maxAllHolders;
  }

  /** The refusal that is certain without asking the store; null = ask it. */
  refusalFor({ policyId, userId, cause, way }: IssueInput): IssueRefusal | null {
    const known = this.soldOut.get(policyId);
    if (!known || cause !== null || !known.ways.includes(way)) return null;
    const age = this.stopwatch.elapsed() - known.checkedAt;
    if (age > this.recheckAfterMs) this.look(policyId);
    // Nobody asked for a while, or the store is slow: what was true then says nothing of now.
    if (age > 2 * this.recheckAfterMs) return null;
    const { total, perUser, holders } = known;
    if (perUser !== null && (holders.get(userId) ?? 0) >= perUser) return refusal('COUPON_ALREADY_ISSUED', { perUser });
    return refusal('COUPON_SOLD_OUT', { total });
  }

  /** Learns from an answer of the store. */
  learn(policyId: string, code: string): void {
    if (code === 'COUPON_SOLD_OUT' && !this.soldOut.has(policyId)) this.look(policyId);
  }

  /** Forgets a policy that was changed here, and whatever a look that is under way will find. */
  forget(policyId: string): void {
    this.soldOut.delete(policyId);
    this.looks.delete(policyId);
  }

  private look(policyId: string): void {
    if (this.looks.has(policyId)) return;
    const look = Symbol(policyId);
    this.looks.set(policyId, look);
    const keep = (found: SoldOut | null) => {
      if (this.looks.get(policyId) !== look) return;
      this.looks.delete(policyId);
      // Behind all others: only who is asked for is looked at again.
      this.soldOut.delete(policyId);
      if (found) this.remember(policyId, found);
    };
    // What can't be found out now is asked of the store, as before.
    this.find(policyId).then(keep, () => keep(null));
  }

  private remember(policyId: string, found: SoldOut): void {
    this.soldOut.set(policyId, found);
    let all = 0;
    for (const { holders } of this.soldOut.values()) all += holders.size;
    for (const [oldest, { holders }] of this.soldOut) {
      if (all <= this.maxAllHolders || oldest === policyId) return;
      this.soldOut.delete(oldest);
      all -= holders.size;
    }
  }

  private async find(policyId: string): Promise<SoldOut | null> {
    const checkedAt = this.stopwatch.elapsed();
    const { queries } = this;
    const [policy, issued, at] = await Promise.all([queries.policy(policyId), queries.issued(policyId), queries.now()]);
    if (!policy) return null;
    const { total, perUser } = policy.terms.limits;
    const ways = policy.terms.issuance.filter(way => issueClosed({ ...policy, at }, way) === null);
    if (total === null || issued < total || ways.length === 0) return null;
    const known = this.soldOut.get(policyId);
    // More coupons, sold out again by another process: there are winners that we don't know.
    const holders = known?.issued === issued ? known.holders : await queries.holders(policyId, this.maxHolders);
    return holders && { total, perUser, ways, issued, holders, checkedAt };
  }
}
