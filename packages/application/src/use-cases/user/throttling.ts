import { type Refusal, type ThrottleLimits, throttle, throttleRefusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { lockOne, saveOne } from './save-one.js';

type Stores = Pick<Adapters, 'clock' | 'throttles' | 'personalData'>;

/** Attempts to log in at one account from one address; the name tells neither, and is there for accounts of nobody too. */
export const loginThrottle = ({ personalData }: Pick<Adapters, 'personalData'>, address: string, emailKey: string) =>
  personalData.index(JSON.stringify(['login', address, emailKey]));

/** Sign-ups from one address that met an account: each tells that somebody is a customer. */
export const signUpThrottle = ({ personalData }: Pick<Adapters, 'personalData'>, address: string) =>
  personalData.index(JSON.stringify(['sign-up', address]));

/** Counts an attempt before anybody knows how it ends; `locks` = it is the last one before the lock. */
export async function countAttempt(
  { clock, throttles }: Stores,
  tx: Transaction,
  id: string,
  limits: ThrottleLimits,
): Promise<{ readonly refusal: Refusal } | { readonly refusal: null; readonly locks: boolean }> {
  const stored = await lockOne(throttles, tx, id);
  const decision = throttle.decide(stored.state, { type: 'Attempt', limits, at: await clock.now(tx) });
  if (!decision.accepted) return { refusal: decision.refusal };
  const { state } = await saveOne({ tx, repository: throttles, evolve: throttle.evolve }, id, stored, decision);
  return { refusal: null, locks: state.status === 'LOCKED' };
}

/** Locks what was counted, before the account as everybody does; `clear` forgets it, when it went well. */
export async function lockAttempts({ throttles }: Stores, tx: Transaction, id: string) {
  const stored = await lockOne(throttles, tx, id);
  return {
    async clear(): Promise<void> {
      const decision = throttle.decide(stored.state, { type: 'Clear' });
      if (decision.accepted)
        await saveOne({ tx, repository: throttles, evolve: throttle.evolve }, id, stored, decision);
    },
  };
}

/** Why nothing may be tried under this name now, held until the transaction ends; null = it may. */
export async function lockedOut({ clock, throttles }: Stores, tx: Transaction, id: string): Promise<Refusal | null> {
  const { state } = await lockOne(throttles, tx, id);
  return throttleRefusal(state, await clock.now(tx));
}
