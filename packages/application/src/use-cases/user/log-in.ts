import { refusal, type ThrottleLimits, type UserId } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import type { Grant } from './refresh-sessions.js';
import { openSessions } from './session-batch.js';
import { countAttempt, lockAttempts, loginThrottle } from './throttling.js';

/** Where somebody tries to get in. */
export interface Knock {
  /** Normalised. */
  readonly emailKey: string;
  /** Of the client. */
  readonly address: string;
}

/** An attempt that is counted; the password is looked at outside of any transaction, for that takes its time. */
export interface Attempt extends Knock {
  readonly throttleId: string;
  /** Null = nobody has this address. */
  readonly account: { readonly userId: string; readonly passwordHash: string } | null;
  /** Whether it is the last one before the lock. */
  readonly locks: boolean;
}

export interface JudgedAttempt {
  readonly attempt: Attempt;
  readonly userAgent: string | null;
  readonly origin: Origin;
}

type Stores = Pick<
  Adapters,
  | 'clock'
  | 'ids'
  | 'accounts'
  | 'sessions'
  | 'refreshTokens'
  | 'throttles'
  | 'loginHistory'
  | 'events'
  | 'personalData'
  | 'tokenSecrets'
>;

/** Counts attempts and finds the accounts that they are about; the same work whether there is one or not (rule 19). */
export const beginAttempts =
  (stores: Stores, limits: ThrottleLimits): UseCase<Knock, Outcome<Attempt>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<Attempt>[] = [];
    for (const input of inputs) outcomes.push(await beginOne(stores, limits, tx, input));
    return outcomes;
  };

async function beginOne(
  stores: Stores,
  limits: ThrottleLimits,
  tx: Transaction,
  { emailKey, address }: Knock,
): Promise<Outcome<Attempt>> {
  const throttleId = loginThrottle(stores, address, emailKey);
  const counted = await countAttempt(stores, tx, throttleId, limits);
  if (counted.refusal) return refused(counted.refusal);
  const known = (await stores.accounts.idsByEmail(tx, [emailKey])).get(emailKey);
  const userId = known ?? stores.ids.next();
  const state = (await stores.accounts.load(tx, [userId])).get(userId)?.state;
  const account = state?.status === 'ACTIVE' ? { userId, passwordHash: state.passwordHash } : null;
  return done({ emailKey, address, throttleId, account, locks: counted.locks });
}

/** Cut, so that nobody can fill the store with it. */
const LONGEST_AGENT = 200;
const cut = (userAgent: string | null) =>
  userAgent === null ? null : [...userAgent.replace(/\0|\p{Surrogate}/gu, '')].slice(0, LONGEST_AGENT).join('');

/** Writes down attempts that failed, those at accounts of nobody too. */
export const failAttempts =
  ({ ids, loginHistory }: Stores): UseCase<JudgedAttempt, Outcome<null>> =>
  async (tx, inputs) => {
    const attempts = inputs.map(({ attempt: { account, address, locks }, userAgent }) => ({
      ...{ id: ids.next(), userId: account?.userId ?? null, address, userAgent: cut(userAgent) },
      result: locks ? ('LOCKED' as const) : ('FAILED' as const),
    }));
    await loginHistory.append(tx, attempts);
    return inputs.map(() => done(null));
  };

const DAY_MS = 86_400_000;

/** Begins the sessions of attempts whose password was right. */
export const startSessions =
  (stores: Stores, sessionDays: number): UseCase<JudgedAttempt, Outcome<Grant>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<Grant>[] = [];
    for (const input of inputs) outcomes.push(await startOne(stores, sessionDays, tx, input));
    return outcomes;
  };

async function startOne(
  stores: Stores,
  sessionDays: number,
  tx: Transaction,
  { attempt, userAgent, origin }: JudgedAttempt,
): Promise<Outcome<Grant>> {
  const { accounts, ids, tokenSecrets, loginHistory } = stores;
  const { account, throttleId, address } = attempt;
  if (!account) return refused(refusal('INVALID_CREDENTIALS'));
  const attempts = await lockAttempts(stores, tx, throttleId);
  const { userId, passwordHash } = account;
  const owner = (await accounts.load(tx, [userId], { lock: true })).get(userId)?.state;
  // Changed while it was looked at: the old password opens nothing any more.
  if (owner?.status !== 'ACTIVE' || owner.passwordHash !== passwordHash) return refused(refusal('INVALID_CREDENTIALS'));
  await attempts.clear();
  const [sessionId, refreshToken] = [ids.next(), tokenSecrets.newToken()];
  const tokenId = tokenSecrets.digest(refreshToken);
  const batch = await openSessions(stores, tx, [sessionId], [tokenId]);
  const at = batch.now;
  const start = { type: 'Start', userId: userId as UserId, tokenId, expiresAt: at + sessionDays * DAY_MS, at } as const;
  const started = batch.decide(sessionId, start, origin);
  if (!started.accepted) return started;
  await batch.save();
  await loginHistory.append(tx, [{ id: ids.next(), userId, result: 'SUCCEEDED', address, userAgent: cut(userAgent) }]);
  return done({ userId, roles: owner.roles, sessionId, refreshToken });
}
