import type { AccountAdapters } from '../account-adapters.js';
import { InMemoryAccountQueries } from './account-queries.js';
import { InMemoryAccountRepository } from './account-repository.js';
import { InMemoryLoginHistory } from './login-history.js';
import type { ManualClock } from './manual-clock.js';
import {
  InMemoryRefreshTokenRepository,
  InMemorySessionRepository,
  InMemoryThrottleRepository,
} from './session-repository.js';
import { PredictableTokens, ToyPasswordHasher, ToyPersonalData } from './toy-credentials.js';

/** The ports of the user area, over one empty store. */
export function inMemoryAccountAdapters(clock: ManualClock) {
  const accounts = new InMemoryAccountRepository();
  const refreshTokens = new InMemoryRefreshTokenRepository();
  const sessions = new InMemorySessionRepository(clock, refreshTokens);
  const loginHistory = new InMemoryLoginHistory(clock);
  return {
    accounts,
    sessions,
    refreshTokens,
    throttles: new InMemoryThrottleRepository(clock),
    loginHistory,
    accountQueries: new InMemoryAccountQueries({ accounts, sessions, loginHistory, clock }),
    passwords: new ToyPasswordHasher(),
    tokenSecrets: new PredictableTokens(),
    personalData: new ToyPersonalData(),
  } satisfies AccountAdapters;
}
