import { accept, type Decider, type Decision, refuse, type Transitions } from '../decider.js';
import { type Refusal, refusal } from '../refusal.js';
import type { Instant } from '../time.js';

/** What an account may do; the words of the `roles` claim. */
export type AccountRole = 'shopper' | 'operator' | 'admin' | 'service';

/** Who somebody is. Personal data: no event, log line or error repeats it. */
export interface Profile {
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
}

/** The account of one user; its id is the user's id, made by the service. */
export type Account =
  | { readonly status: 'NONE' }
  | {
      readonly status: 'ACTIVE';
      readonly profile: Profile;
      /** As the password hasher made it, with its salt and its cost. */
      readonly passwordHash: string;
      readonly roles: readonly AccountRole[];
      readonly createdAt: Instant;
    };
export type ActiveAccount = Extract<Account, { status: 'ACTIVE' }>;

export type AccountCommand =
  | { readonly type: 'SignUp'; readonly profile: Profile; readonly passwordHash: string; readonly at: Instant }
  | { readonly type: 'ChangeProfile'; readonly name: string; readonly phone: string | null; readonly at: Instant }
  | { readonly type: 'ChangePassword'; readonly passwordHash: string; readonly at: Instant };

export type AccountEvent =
  | { readonly type: 'SignedUp'; readonly profile: Profile; readonly passwordHash: string; readonly at: Instant }
  | { readonly type: 'ProfileChanged'; readonly name: string; readonly phone: string | null; readonly at: Instant }
  | { readonly type: 'PasswordChanged'; readonly passwordHash: string; readonly at: Instant };

export type AccountRefusal = Refusal<'USER_NOT_FOUND' | 'USER_ALREADY_EXISTS'>;

/** Which events may follow each status, and where they lead. */
export const accountTransitions = {
  NONE: { SignedUp: 'ACTIVE' },
  ACTIVE: { ProfileChanged: 'ACTIVE', PasswordChanged: 'ACTIVE' },
} as const satisfies Transitions<Account['status'], AccountEvent['type']>;

function decide(state: Account, command: AccountCommand): Decision<AccountEvent, AccountRefusal> {
  if (command.type === 'SignUp') {
    if (state.status !== 'NONE') return refuse(refusal('USER_ALREADY_EXISTS'));
    return accept({ ...command, type: 'SignedUp' });
  }
  if (state.status === 'NONE') return refuse(refusal('USER_NOT_FOUND'));
  if (command.type === 'ChangePassword') return accept({ ...command, type: 'PasswordChanged' });
  const { name, phone } = state.profile;
  return command.name === name && command.phone === phone ? accept() : accept({ ...command, type: 'ProfileChanged' });
}

function evolve(state: Account, event: AccountEvent): Account {
  if (event.type === 'SignedUp') {
    const { profile, passwordHash, at } = event;
    return { status: 'ACTIVE', profile, passwordHash, roles: ['shopper'], createdAt: at };
  }
  if (state.status === 'NONE') return state;
  if (event.type === 'PasswordChanged') return { ...state, passwordHash: event.passwordHash };
  return { ...state, profile: { ...state.profile, name: event.name, phone: event.phone } };
}

/** The rules of one account. Whoever signs up is a shopper; the e-mail address is what the account is known by and stays. */
export const account: Decider<Account, AccountCommand, AccountEvent, AccountRefusal> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};
