import type { AccountRole, Instant, Profile } from '@org/domain';
import type { Page, Paged } from './coupon-queries.js';
import type { LoginAttempt } from './login-history.js';

export interface AccountView extends Profile {
  readonly userId: string;
  readonly roles: readonly AccountRole[];
  /** Number of the aggregate's state, for If-Match. */
  readonly revision: number;
  readonly createdAt: Instant;
}

export interface LoginView extends Pick<LoginAttempt, 'result' | 'address' | 'userAgent'> {
  readonly at: Instant;
}

/** Reading accounts without loading aggregates. */
export interface AccountQueries {
  account(userId: string): Promise<AccountView | null>;
  /** Whether the user has this session, open and not past its end by the time of the store. */
  isOpen(userId: string, sessionId: string): Promise<boolean>;
  /** Newest first. */
  logins(filter: { readonly userId: string } & Page): Promise<Paged<LoginView>>;
}
