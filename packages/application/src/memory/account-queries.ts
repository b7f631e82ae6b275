import type { AccountQueries } from '../ports/account-queries.js';
import type { Page } from '../ports/coupon-queries.js';
import type { InMemoryAccountRepository } from './account-repository.js';
import type { InMemoryLoginHistory } from './login-history.js';
import type { ManualClock } from './manual-clock.js';
import { pageOf } from './paging.js';
import type { InMemorySessionRepository } from './session-repository.js';

export interface QueriedAccounts {
  readonly accounts: InMemoryAccountRepository;
  readonly sessions: InMemorySessionRepository;
  readonly loginHistory: InMemoryLoginHistory;
  readonly clock: Pick<ManualClock, 'time'>;
}

/** Reads what the other in-memory adapters of the same store have committed. */
export class InMemoryAccountQueries implements AccountQueries {
  constructor(private readonly stores: QueriedAccounts) {}

  async account(userId: string) {
    const row = this.stores.accounts.rows.outside.get(userId);
    if (row?.state.status !== 'ACTIVE') return null;
    const { profile, roles, createdAt } = row.state;
    return { userId, ...profile, roles, revision: row.version, createdAt };
  }

  async isOpen(userId: string, sessionId: string) {
    const state = this.stores.sessions.rows.outside.get(sessionId)?.state;
    return state?.status === 'OPEN' && state.userId === userId && state.expiresAt > this.stores.clock.time;
  }

  async logins({ userId, ...page }: { readonly userId: string } & Page) {
    const own = this.stores.loginHistory.rows.outside.entries().filter(([, attempt]) => attempt.userId === userId);
    return pageOf(
      own.map(([id, { at, result, address, userAgent }]) => ({ item: { at, result, address, userAgent }, at, id })),
      page,
    );
  }
}
