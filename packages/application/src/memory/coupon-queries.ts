import {
  type CouponId,
  type CouponStatus,
  type Instant,
  type IssuedCoupon,
  type PolicyStatus,
  settle,
} from '@org/domain';
import { refusalOf, requestOf, requestStream } from '../coupon-requests.js';
import type {
  CodeView,
  CouponQueries,
  CouponRequestView,
  Page,
  Paged,
  PolicyStatistics,
  PolicyView,
} from '../ports/coupon-queries.js';
import type { InMemoryCampaignRepository } from './campaign-repository.js';
import type { InMemoryCodeRepository } from './code-repository.js';
import type { InMemoryCouponRepository } from './coupon-repository.js';
import type { InMemoryEventLog } from './event-log.js';
import { keyOf } from './frozen.js';
import type { ManualClock } from './manual-clock.js';
import { pageOf } from './paging.js';
import type { InMemoryPolicyRepository } from './policy-repository.js';

export interface QueriedStores {
  readonly policies: InMemoryPolicyRepository;
  readonly campaigns: InMemoryCampaignRepository;
  readonly coupons: InMemoryCouponRepository;
  readonly codes: InMemoryCodeRepository;
  readonly events: Pick<InMemoryEventLog, 'rows'>;
  readonly clock: Pick<ManualClock, 'time'>;
}

/** Reads what the other in-memory adapters of the same store have committed. */
export class InMemoryCouponQueries implements CouponQueries {
  constructor(private readonly stores: QueriedStores) {}

  async policy(policyId: string): Promise<PolicyView | null> {
    const row = this.stores.policies.rows.outside.get(policyId);
    if (!row || row.state.status === 'NONE') return null;
    const { status, version, terms, createdAt } = row.state;
    return { policyId, version, revision: row.version, status, terms, createdAt };
  }

  async policies({ status, ...page }: { readonly status: PolicyStatus | null } & Page) {
    const ids = this.stores.policies.rows.outside.entries().map(([id]) => id);
    const views = (await Promise.all(ids.map(id => this.policy(id)))).filter(view => view !== null);
    const wanted = views.filter(view => status === null || view.status === status);
    return pageOf(
      wanted.map(item => ({ item, at: item.createdAt, id: item.policyId })),
      page,
    );
  }

  async coupon(couponId: string): Promise<IssuedCoupon | null> {
    const row = this.stores.coupons.rows.outside.get(couponId);
    const { coupon } = settle(row?.state ?? { status: 'NONE' }, this.stores.clock.time);
    return coupon.status === 'NONE' ? null : { ...coupon, id: couponId as CouponId };
  }

  async couponsOfUser(filter: { readonly userId: string; readonly status: CouponStatus | null } & Page) {
    const { userId, status, ...page } = filter;
    const own = (await this.all()).filter(({ facts }) => facts.userId === userId);
    const wanted = own.filter(coupon => status === null || coupon.status === status);
    return pageOf(
      wanted.map(item => ({ item, at: item.facts.issuedAt, id: item.id })),
      page,
    );
  }

  async request(requestId: string, userId: string | null): Promise<CouponRequestView | null> {
    const streamId = requestStream(requestId);
    const [accepted, refused] = [1, 2].map(version => this.stores.events.rows.outside.get(keyOf(streamId, version)));
    if (!accepted) return null;
    const { requestId: _, origin: __, ...whose } = requestOf(accepted);
    if (userId !== null && whose.userId !== userId) return null;
    if (refused) return { requestId, ...whose, status: 'REFUSED', refusal: refusalOf(refused) };
    const coupon = (await this.all()).find(
      ({ facts: { cause, userId, policyId } }) =>
        cause === streamId && userId === whose.userId && policyId === whose.policyId,
    );
    return coupon ? { requestId, ...whose, status: 'ISSUED', coupon } : { requestId, ...whose, status: 'PENDING' };
  }

  async statistics(policyId: string): Promise<PolicyStatistics | null> {
    const row = this.stores.campaigns.rows.outside.get(policyId);
    if (!row) return null;
    const coupons = (await this.all()).filter(({ facts }) => facts.policyId === policyId);
    const count = (status: CouponStatus) => coupons.filter(coupon => coupon.status === status).length;
    const { campaign, limits } = row;
    return {
      policyId,
      issued: campaign.issued,
      available: count('ISSUED'),
      reserved: count('RESERVED'),
      used: count('USED'),
      expired: count('EXPIRED'),
      revoked: count('REVOKED'),
      remaining: limits.total === null ? null : limits.total - campaign.issued,
      budgetTaken: campaign.budgetTaken,
    };
  }

  async issued(policyId: string): Promise<number> {
    return this.stores.campaigns.rows.outside.get(policyId)?.campaign.issued ?? 0;
  }

  async codes({ policyId, limit, cursor }: { readonly policyId: string } & Page): Promise<Paged<CodeView>> {
    const { rows, positions } = this.stores.codes;
    const from = Number.isSafeInteger(Number(cursor)) ? Number(cursor) : 0;
    const at = (position: number) => rows.outside.get(positions.outside.get(keyOf(policyId, position)) ?? '');
    const items: CodeView[] = [];
    for (let row = at(from + 1); row && items.length < limit; row = at(from + 1 + items.length))
      items.push({ code: row.display, status: row.couponId === null ? 'AVAILABLE' : 'REDEEMED' });
    const next = from + items.length;
    return { items, nextCursor: at(next + 1) && items.length > 0 ? String(next) : null };
  }

  async codeJob(jobId: string) {
    const job = this.stores.codes.jobs.outside.get(jobId);
    if (!job) return null;
    const { policyId, status, created, count } = job;
    return { jobId, policyId, status, created, count };
  }

  async holders(policyId: string, limit: number) {
    const counts = new Map<string, number>();
    for (const { facts } of await this.all())
      if (facts.policyId === policyId) counts.set(facts.userId, (counts.get(facts.userId) ?? 0) + 1);
    return counts.size > limit ? null : counts;
  }

  async now(): Promise<Instant> {
    return this.stores.clock.time;
  }

  private async all(): Promise<readonly IssuedCoupon[]> {
    const ids = this.stores.coupons.rows.outside.entries().map(([id]) => id);
    return (await Promise.all(ids.map(id => this.coupon(id)))).filter(coupon => coupon !== null);
  }
}
