import type { Coupon, Instant } from '@org/domain';
import type { Versioned } from '../ports/aggregate-repository.js';
import type { Clock } from '../ports/clock.js';
import type { CouponRepository, Holder } from '../ports/coupon-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { keyOf } from './frozen.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

/** When the time of the store ends this hold or this coupon; null = there is nothing to end. */
const endOf = {
  HOLD: (coupon: Coupon): Instant | null => (coupon.status === 'RESERVED' ? coupon.hold.until : null),
  COUPON: (coupon: Coupon): Instant | null => (coupon.status === 'ISSUED' ? coupon.facts.expiresAt : null),
} as const;

export class InMemoryCouponRepository extends InMemoryAggregates<Coupon> implements CouponRepository {
  private readonly sequences = new Table<string>('coupons by policy and sequence');
  private readonly ordinals = new Table<string>('coupons by policy, user and ordinal');
  private readonly causes = new Table<string>('coupons by policy, user and cause');
  private readonly counts = new Table<number>('coupons had by policy and user');

  constructor(private readonly clock: Clock) {
    super('coupons', { status: 'NONE' });
  }

  async held(tx: Transaction, holders: readonly Holder[]) {
    await InMemoryTransaction.inTurn(tx);
    return holders.map(({ policyId, userId }) => this.counts.get(tx, keyOf(policyId, userId)) ?? 0);
  }

  async servedBefore(tx: Transaction, causes: readonly (Holder & { readonly cause: string })[]) {
    await InMemoryTransaction.inTurn(tx);
    return causes.map(({ policyId, userId, cause }) => this.causes.get(tx, keyOf(policyId, userId, cause)) ?? null);
  }

  async lockOverdue(tx: Transaction, kind: 'HOLD' | 'COUPON', limit: number) {
    const now = await this.clock.now(tx);
    const overdue = this.rows
      .entries(tx)
      .map(([id, row]) => ({ id, row, end: endOf[kind](row.state) ?? Number.POSITIVE_INFINITY }))
      .filter(({ end }) => end <= now)
      .sort((a, b) => a.end - b.end);
    const locked = new Map<string, Versioned<Coupon>>();
    for (const { id, row } of overdue) {
      if (locked.size >= limit) break;
      if (this.rows.tryLock(tx, id)) locked.set(id, row);
    }
    return locked;
  }

  protected override async uphold(tx: Transaction, id: string, before: Coupon, after: Coupon) {
    if (before.status !== 'NONE' || after.status === 'NONE') return;
    const { policyId, userId, sequence, ordinal, cause } = after.facts;
    const counted = keyOf(policyId, userId);
    await this.sequences.insert(tx, keyOf(policyId, sequence), id);
    await this.ordinals.insert(tx, keyOf(policyId, userId, ordinal), id);
    if (cause !== null) await this.causes.insert(tx, keyOf(policyId, userId, cause), id);
    await this.counts.lock(tx, [counted]);
    this.counts.set(tx, counted, (this.counts.get(tx, counted) ?? 0) + 1);
  }
}
