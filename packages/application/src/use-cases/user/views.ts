import type { Account } from '@org/domain';
import type { AccountView } from '../../ports/account-queries.js';
import type { Versioned } from '../../ports/aggregate-repository.js';

/** An account as it is shown: without the hash of its password. */
export function viewOf(userId: string, { version, state }: Versioned<Account>): AccountView {
  if (state.status === 'NONE') throw new Error(`account ${userId} has no state`);
  const { profile, roles, createdAt } = state;
  return { userId, ...profile, roles, revision: version, createdAt };
}
