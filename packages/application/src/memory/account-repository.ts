import { type Account, normaliseEmail } from '@org/domain';
import { type AccountRepository, EmailTakenError, type Resealed } from '../ports/account-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

export class InMemoryAccountRepository extends InMemoryAggregates<Account> implements AccountRepository {
  private readonly emails = new Table<string>('accounts by address');

  constructor() {
    super('accounts', { status: 'NONE' });
  }

  async idsByEmail(tx: Transaction, emails: readonly string[]) {
    const found = new Map<string, string>();
    for (const email of emails) {
      const id = this.emails.get(tx, normaliseEmail(email));
      if (id !== undefined) found.set(email, id);
    }
    return found;
  }

  /** Nothing is sealed here. */
  async reseal(): Promise<Resealed> {
    return { resealed: 0, olderKeys: 0 };
  }

  protected override async uphold(tx: Transaction, id: string, before: Account, after: Account) {
    const [from, to] = [before, after].map(state =>
      state.status === 'NONE' ? null : normaliseEmail(state.profile.email),
    );
    if (from === to) return;
    await this.emails.lock(
      tx,
      [from, to].filter(email => typeof email === 'string'),
    );
    if (from) this.emails.set(tx, from, undefined);
    if (!to) return;
    if (this.emails.get(tx, to) !== undefined)
      throw InMemoryTransaction.of(tx).fail(new EmailTakenError('another account has this address'));
    this.emails.set(tx, to, id);
  }
}
