import type { Policy, PolicyId, PolicyVersion } from '@org/domain';
import { CodeTakenError } from '../ports/errors.js';
import type { PolicyRepository, PolicyVersionRef } from '../ports/policy-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { keyOf } from './frozen.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

/** A policy that has ended no longer claims its code. */
const codeOf = (policy: Policy): string | null =>
  policy.status === 'NONE' || policy.status === 'ENDED' ? null : policy.terms.code;

export class InMemoryPolicyRepository extends InMemoryAggregates<Policy> implements PolicyRepository {
  private readonly terms = new Table<PolicyVersion>('policy versions');
  private readonly codes = new Table<string>('shared codes');

  constructor() {
    super('policies', { status: 'NONE' });
  }

  async versions(tx: Transaction, refs: readonly PolicyVersionRef[]) {
    return refs.map(({ policyId, version }) => {
      const stored = this.terms.get(tx, keyOf(policyId, version));
      if (!stored) throw new Error(`policy ${policyId} has no version ${version}`);
      return stored;
    });
  }

  async idsByCode(tx: Transaction, codes: readonly string[]) {
    const found = new Map<string, string>();
    for (const code of codes) {
      const policyId = this.codes.get(tx, code);
      if (policyId !== undefined) found.set(code, policyId);
    }
    return found;
  }

  protected override async uphold(tx: Transaction, id: string, before: Policy, after: Policy) {
    await this.moveCode(tx, id, codeOf(before), codeOf(after));
    if (after.status === 'NONE') return;
    const key = keyOf(id, after.version);
    if (this.terms.get(tx, key)) return;
    await this.terms.insert(tx, key, { policyId: id as PolicyId, version: after.version, terms: after.terms });
  }

  private async moveCode(tx: Transaction, id: string, from: string | null, to: string | null) {
    if (from === to) return;
    await this.codes.lock(
      tx,
      [from, to].filter(code => code !== null),
    );
    if (from !== null) this.codes.set(tx, from, undefined);
    if (to === null) return;
    if (this.codes.get(tx, to) !== undefined)
      throw InMemoryTransaction.of(tx).fail(new CodeTakenError(`another policy has the code ${to}`));
    this.codes.set(tx, to, id);
  }
}
