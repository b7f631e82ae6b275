import type { Policy, PolicyVersion } from '@org/domain';
import type { AggregateRepository } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

export interface PolicyVersionRef {
  readonly policyId: string;
  readonly version: number;
}

/**
 * Policies by id. `save` keeps every version of the terms for ever, and refuses a shared code that another policy
 * has got meanwhile: `CodeTakenError`.
 */
export interface PolicyRepository extends AggregateRepository<Policy> {
  /** The terms of these versions, in the same order. @throws Error when one was never stored */
  versions(tx: Transaction, refs: readonly PolicyVersionRef[]): Promise<readonly PolicyVersion[]>;
  /** The policies that have these shared codes (normalised); codes of nobody are left out. */
  idsByCode(tx: Transaction, codes: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
