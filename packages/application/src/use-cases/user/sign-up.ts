import { account, normaliseEmail, type Profile, refusal, type ThrottleLimits, type UserId } from '@org/domain';
import { accountEvents } from '../../account-events.js';
import type { Adapters } from '../../adapters.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { AccountView } from '../../ports/account-queries.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { lockOne, saveOne } from './save-one.js';
import { countAttempt, lockedOut, signUpThrottle } from './throttling.js';
import { viewOf } from './views.js';

export interface NewAccount {
  readonly profile: Profile;
  readonly passwordHash: string;
  /** Of the client. */
  readonly address: string;
  readonly origin: Origin;
}

type Stores = Pick<Adapters, 'clock' | 'ids' | 'accounts' | 'throttles' | 'events' | 'personalData'>;

/**
 * Makes accounts. Whoever meets taken addresses too often has to wait: otherwise one could ask who is a customer.
 * @param limits how many taken addresses a client may meet
 */
export const signUp =
  (stores: Stores, limits: ThrottleLimits): UseCase<NewAccount, Outcome<AccountView>> =>
  async (tx, inputs) => {
    const outcomes: Outcome<AccountView>[] = [];
    for (const input of inputs) outcomes.push(await signUpOne(stores, limits, tx, input));
    return outcomes;
  };

async function signUpOne(
  stores: Stores,
  limits: ThrottleLimits,
  tx: Transaction,
  { profile, passwordHash, address, origin }: NewAccount,
): Promise<Outcome<AccountView>> {
  const { accounts, clock, events, ids } = stores;
  const throttleId = signUpThrottle(stores, address);
  const locked = await lockedOut(stores, tx, throttleId);
  if (locked) return refused(locked);
  const email = normaliseEmail(profile.email);
  if ((await accounts.idsByEmail(tx, [email])).size > 0) {
    await countAttempt(stores, tx, throttleId, limits);
    return refused(refusal('EMAIL_TAKEN'));
  }
  const userId = ids.next() as UserId;
  const stored = await lockOne(accounts, tx, userId);
  const decision = account.decide(stored.state, {
    ...{ type: 'SignUp', profile, passwordHash, at: await clock.now(tx) },
  });
  if (!decision.accepted) return refused(decision.refusal);
  const next = await saveOne({ tx, repository: accounts, evolve: account.evolve }, userId, stored, decision);
  await events.append(tx, accountEvents({ id: userId, expectedVersion: 0, events: decision.events, origin }));
  return done(viewOf(userId, next));
}
