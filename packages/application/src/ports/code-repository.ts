import type { CodeSpace } from '@org/domain';
import type { LoadOptions } from './aggregate-repository.js';
import type { Transaction } from './unit-of-work.js';

/** A unique code of a policy. `code` is normalised. */
export interface StoredCode {
  readonly code: string;
  readonly policyId: string;
  /** The coupon that it was redeemed for; null = free. */
  readonly couponId: string | null;
}

/** The secret order in which the codes of one space are handed out, and how far it has come. */
export interface CodeSpaceState {
  readonly spaceId: string;
  readonly space: CodeSpace;
  /** Secret of the order, hex. */
  readonly key: string;
  readonly nextIndex: bigint;
}

export interface CodeJob {
  readonly jobId: string;
  readonly policyId: string;
  readonly spaceId: string;
  readonly count: number;
  readonly created: number;
  readonly status: 'RUNNING' | 'DONE' | 'FAILED';
}

export interface NewCode {
  /** Normalised. */
  readonly code: string;
  /** As it is printed, with the hyphens of its pattern. */
  readonly display: string;
}

export interface CodeRepository {
  /** Unknown codes are left out. With `lock`, nobody else can redeem the stored ones until the transaction ends. */
  find(tx: Transaction, codes: readonly string[], options?: LoadOptions): Promise<ReadonlyMap<string, StoredCode>>;
  /** Marks free codes as redeemed; answers those that were still free. */
  redeem(
    tx: Transaction,
    redeemed: readonly { readonly code: string; readonly couponId: string }[],
  ): Promise<ReadonlySet<string>>;
  /** Adds codes that nobody has yet, skips the others, and answers how many were added. `firstPosition` numbers the first. */
  add(tx: Transaction, policyId: string, firstPosition: number, codes: readonly NewCode[]): Promise<number>;
  /** The space of this shape, locked; the first caller's `key` begins it. All jobs of one shape share it. */
  lockSpace(tx: Transaction, space: CodeSpace, key: string): Promise<CodeSpaceState>;
  /** All spaces from which codes came: they tell a mistyped code from an unknown one. */
  spaces(tx: Transaction): Promise<readonly CodeSpace[]>;
  /** How many codes the running jobs of a space still have to make. */
  pendingIn(tx: Transaction, spaceId: string): Promise<bigint>;
  startJob(tx: Transaction, job: CodeJob): Promise<void>;
  /** The job and its space, locked; null when it doesn't exist or another process is at it. */
  lockJob(tx: Transaction, jobId: string): Promise<{ readonly job: CodeJob; readonly space: CodeSpaceState } | null>;
  /** Writes how far a locked job and its space have come. */
  advance(tx: Transaction, job: CodeJob, nextIndex: bigint): Promise<void>;
  /** The jobs that somebody should go on with. */
  unfinishedJobs(tx: Transaction): Promise<readonly string[]>;
  /** How many codes a policy has: the position of its last code. */
  countOf(tx: Transaction, policyId: string): Promise<number>;
}
