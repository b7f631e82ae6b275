import type { Campaign, Limits } from '@org/domain';
import type { Transaction } from './unit-of-work.js';

/** The running figures of policies. Whoever holds the lock of one issues from it; everybody else waits. */
export interface CampaignRepository {
  /** Begins the figures of a new policy, at zero. */
  open(tx: Transaction, policyId: string, limits: Limits): Promise<void>;
  /** The figures of now for who only tells of them: nobody is waited for. Policies that don't exist are left out. */
  load(tx: Transaction, policyIds: readonly string[]): Promise<ReadonlyMap<string, Campaign>>;
  /** Locks and answers the figures until the transaction ends; policies that don't exist are left out. */
  lock(tx: Transaction, policyIds: readonly string[]): Promise<ReadonlyMap<string, Campaign>>;
  /** Writes the figures of campaigns that this transaction has locked. */
  save(tx: Transaction, campaigns: readonly Campaign[]): Promise<void>;
  /** The limits that the store itself upholds from now on; never below the figures of now (the caller checks, under the lock). */
  limit(tx: Transaction, policyId: string, limits: Limits): Promise<void>;
}
