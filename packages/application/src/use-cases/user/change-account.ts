import { type Account, type AccountCommand, account, refusal } from '@org/domain';
import { accountEvents } from '../../account-events.js';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { AccountView } from '../../ports/account-queries.js';
import type { Versioned } from '../../ports/aggregate-repository.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { lockOne, saveOne } from './save-one.js';
import { openSessions } from './session-batch.js';
import { lockAttempts } from './throttling.js';
import { viewOf } from './views.js';

export interface ProfileInput {
  readonly userId: string;
  readonly name: string;
  readonly phone: string | null;
  /** The revision that the editor saw (If-Match); null = whatever it is now. */
  readonly expectedRevision: number | null;
  readonly origin: Origin;
}

export interface NewPassword {
  readonly userId: string;
  /** The hash that the current password was held against. */
  readonly verifiedHash: string;
  readonly passwordHash: string;
  /** The session that goes on; null = none does. */
  readonly sessionId: string | null;
  readonly throttleId: string;
  readonly origin: Origin;
}

type Stores = Pick<
  Adapters,
  'clock' | 'accounts' | 'sessions' | 'refreshTokens' | 'throttles' | 'events' | 'personalData'
>;

async function change(
  { accounts, events }: Stores,
  tx: Transaction,
  userId: string,
  stored: Versioned<Account>,
  command: AccountCommand,
  origin: Origin,
): Promise<Outcome<AccountView>> {
  const decision = account.decide(stored.state, command);
  if (!decision.accepted) return refused(decision.refusal);
  const next = await saveOne({ tx, repository: accounts, evolve: account.evolve }, userId, stored, decision);
  const stream = { id: userId, expectedVersion: stored.version, events: decision.events, origin };
  if (decision.events.length > 0) await events.append(tx, accountEvents(stream));
  return done(viewOf(userId, next));
}

const notFound = (userId: string) => refused(refusal('USER_NOT_FOUND', { userId }));

/** Changes what accounts say of their owners. */
export const changeProfiles =
  (stores: Stores): UseCase<ProfileInput, Outcome<AccountView>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<AccountView>[] = [];
    for (const { userId, name, phone, expectedRevision: expected, origin } of inputs) {
      const stored = await lockOne(stores.accounts, tx, userId);
      const at = await stores.clock.now(tx);
      if (stored.state.status === 'NONE') outcomes.push(notFound(userId));
      else if (expected !== null && expected !== stored.version)
        outcomes.push(refused(refusal('REVISION_CONFLICT', { expected, actual: stored.version })));
      else outcomes.push(await change(stores, tx, userId, stored, { type: 'ChangeProfile', name, phone, at }, origin));
    }
    return outcomes;
  };

/** Changes passwords: the calling session goes on, every other one of the user ends (rule 20). */
export const changePasswords =
  (stores: Stores): UseCase<NewPassword, Outcome<null>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<null>[] = [];
    for (const input of inputs) outcomes.push(await changePassword(stores, tx, input));
    return outcomes;
  };

async function changePassword(
  stores: Stores,
  tx: Transaction,
  { userId, verifiedHash, passwordHash, sessionId, throttleId, origin }: NewPassword,
): Promise<Outcome<null>> {
  const attempts = await lockAttempts(stores, tx, throttleId);
  const stored = await lockOne(stores.accounts, tx, userId);
  if (stored.state.status === 'NONE') return notFound(userId);
  // Two changes at a time: the second one has not proven that it knows the password of now.
  if (stored.state.passwordHash !== verifiedHash) return refused(refusal('PASSWORD_WRONG'));
  const at = await stores.clock.now(tx);
  const changed = await change(stores, tx, userId, stored, { type: 'ChangePassword', passwordHash, at }, origin);
  if (!changed.accepted) return changed;
  await attempts.clear();
  const others = (await stores.sessions.openOf(tx, userId)).filter(id => id !== sessionId);
  const batch = await openSessions(stores, tx, others, []);
  for (const id of others) batch.decide(id, { type: 'End', reason: 'PASSWORD_CHANGED', at: batch.now }, origin);
  await batch.save();
  return done(null);
}
