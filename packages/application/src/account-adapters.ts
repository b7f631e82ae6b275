import type { AccountQueries } from './ports/account-queries.js';
import type { AccountRepository } from './ports/account-repository.js';
import type { PasswordHasher, PersonalData, TokenSecrets } from './ports/credentials.js';
import type { LoginHistory } from './ports/login-history.js';
import type { RefreshTokenRepository, SessionRepository, ThrottleRepository } from './ports/session-repository.js';

/** One adapter for every port that only the user area needs. */
export interface AccountAdapters {
  readonly accounts: AccountRepository;
  readonly sessions: SessionRepository;
  readonly refreshTokens: RefreshTokenRepository;
  readonly throttles: ThrottleRepository;
  readonly loginHistory: LoginHistory;
  readonly accountQueries: AccountQueries;
  readonly passwords: PasswordHasher;
  readonly tokenSecrets: TokenSecrets;
  readonly personalData: PersonalData;
}
