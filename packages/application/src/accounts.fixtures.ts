import { type AccountsOptions, createAccounts } from './accounts.js';
import { inMemoryAdapters } from './memory/index.js';
import type { Outcome } from './outcome.js';
import { no, result } from './promotions.fixtures.js';

export const MINUTE = 60_000;
export const origin = { actor: '', traceparent: null };
export const client = { address: '192.0.2.1', origin };
export const right = 'correct horse battery';

export function aSite(options: AccountsOptions = {}) {
  const adapters = inMemoryAdapters();
  const accounts = createAccounts(adapters, options);
  const signUp = (email = 'ann@shop.example', more: object = {}) =>
    accounts.signUp({ ...client, email, password: right, name: 'Ann', phone: null, ...more });
  const logIn = (password = right, more: object = {}) =>
    accounts.logIn({ ...client, email: 'ann@shop.example', password, userAgent: 'Firefox', ...more });
  const refresh = (refreshToken: string) => accounts.refresh({ refreshToken, origin });
  const change = (userId: string, more: object = {}) =>
    accounts.changePassword({
      ...{ ...client, userId, sessionId: null, currentPassword: right, newPassword: 'another good one' },
      ...more,
    });
  const edit = async (
    userId: string,
    name: string,
    { phone = null as string | null, revision = null as number | null } = {},
  ) => result(await accounts.changeProfile({ input: { userId, name, phone, expectedRevision: revision, origin } }));
  const history = async (userId: string) =>
    (await accounts.queries.logins({ userId, limit: 50, cursor: null })).items.map(({ result }) => result);
  return { ...adapters, site: accounts, signUp, logIn, refresh, change, edit, history };
}

export const codes = (outcomes: readonly Outcome<unknown>[]) => outcomes.map(no);
