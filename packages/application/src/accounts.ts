import {
  checkProfile,
  normaliseEmail,
  normalisePassword,
  passwordViolations,
  refusal,
  type ThrottleLimits,
  type Violation,
} from '@org/domain';
import type { Adapters } from './adapters.js';
import { type Outcome, refused } from './outcome.js';
import type { AccountQueries, AccountView } from './ports/account-queries.js';
import type { Origin } from './ports/event-log.js';
import { sealedAnswers } from './sealed-answers.js';
import { type Door, door, type UseCase } from './use-case.js';
import { changePasswords, changeProfiles, type ProfileInput } from './use-cases/user/change-account.js';
import { type Attempt, beginAttempts, failAttempts, startSessions } from './use-cases/user/log-in.js';
import { endSessions, type Grant, refreshSessions, type TokenInput } from './use-cases/user/refresh-sessions.js';
import { signUp } from './use-cases/user/sign-up.js';

export interface AccountsOptions {
  /** How long after its first use a refresh token works again, 0 to 10. Default 10. */
  readonly refreshGraceSeconds?: number;
  /** After so many days it takes a new login, however often a session was refreshed. Default 30. */
  readonly sessionDays?: number;
  /** Wrong passwords of one client at one account. Default 5 in 15 minutes, then 15 minutes of nothing. */
  readonly loginLimits?: ThrottleLimits;
  /** Taken addresses that one client may meet when signing up. Default 10 in an hour, then an hour of nothing. */
  readonly takenLimits?: ThrottleLimits;
}

/** Where a request comes from. */
interface Client {
  readonly address: string;
  readonly origin: Origin;
}

export interface SignUpInput extends Client {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly phone: string | null;
}

export interface LogInInput extends Client {
  readonly email: string;
  readonly password: string;
  readonly userAgent: string | null;
}

export interface ChangePasswordInput extends Client {
  readonly userId: string;
  /** Of the calling session, which goes on; null = the token names none. */
  readonly sessionId: string | null;
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * The whole user area behind its front doors. Nothing of it but a change of the profile is kept under an idempotency
 * key: answers hold secrets, and fingerprints would be digests of passwords.
 */
export interface Accounts {
  signUp(input: SignUpInput): Promise<Outcome<AccountView>>;
  logIn(input: LogInInput): Promise<Outcome<Grant>>;
  refresh(input: TokenInput): Promise<Outcome<Grant>>;
  logOut(input: TokenInput): Promise<Outcome<null>>;
  readonly changeProfile: Door<ProfileInput, AccountView>;
  changePassword(input: ChangePasswordInput): Promise<Outcome<null>>;
  readonly queries: AccountQueries;
}

const MINUTE = 60_000;
const loginDefaults: ThrottleLimits = { attempts: 5, windowMs: 15 * MINUTE, lockMs: 15 * MINUTE };
const takenDefaults: ThrottleLimits = { attempts: 10, windowMs: 60 * MINUTE, lockMs: 60 * MINUTE };
const LONGEST_GRACE = 10;

const invalid = (violations: readonly Violation[]) => refused(refusal('ACCOUNT_INVALID', { violations }));

function doorsOf(adapters: Adapters, options: AccountsOptions) {
  const { refreshGraceSeconds = LONGEST_GRACE, sessionDays = 30 } = options;
  const { loginLimits = loginDefaults, takenLimits = takenDefaults } = options;
  if (!(refreshGraceSeconds >= 0 && refreshGraceSeconds <= LONGEST_GRACE))
    throw new RangeError(`refreshGraceSeconds must be from 0 to ${LONGEST_GRACE}, not ${refreshGraceSeconds}`);
  const plain = <Input, Value>(useCase: UseCase<Input, Outcome<Value>>, together = false) => {
    const through = door(adapters, useCase, { together, concurrency: 2 });
    return async (input: Input): Promise<Outcome<Value>> => {
      const answered = await through({ input });
      if (answered.kind !== 'DONE') throw new Error(`a door without keys answered ${answered.kind}`);
      return answered.result;
    };
  };
  return {
    signUp: plain(signUp(adapters, takenLimits)),
    begin: plain(beginAttempts(adapters, loginLimits)),
    fail: plain(failAttempts(adapters)),
    start: plain(startSessions(adapters, sessionDays)),
    refresh: plain(refreshSessions(adapters, refreshGraceSeconds * 1_000), true),
    logOut: plain(endSessions(adapters), true),
    changeProfile: sealedAnswers(door(adapters, changeProfiles(adapters), { together: false }), adapters.personalData),
    changePassword: plain(changePasswords(adapters)),
  };
}

/** The user area over any adapters. @throws RangeError for a grace of more than ten seconds */
export function createAccounts(adapters: Adapters, options: AccountsOptions = {}): Accounts {
  const { passwords, accountQueries } = adapters;
  const doors = doorsOf(adapters, options);
  let made: Promise<string> | null = null;
  /** What the password of nobody is held against, so that it takes as long as that of somebody. */
  const decoy = () => {
    made ??= passwords.hash('the password of nobody');
    return made;
  };
  const isRight = async (password: string, { account }: Attempt) => {
    const nobodys = await decoy();
    const right = await passwords.verify(normalisePassword(password), account?.passwordHash ?? nobodys);
    return right && account !== null;
  };

  return {
    queries: accountQueries,
    refresh: doors.refresh,
    logOut: doors.logOut,
    async signUp({ email, password, name, phone, address, origin }) {
      const profile = checkProfile({ email, name, phone });
      const violations = [...(profile.ok ? [] : profile.violations), ...passwordViolations(password, email)];
      if (!profile.ok || violations.length > 0) return invalid(violations);
      // Before anybody looks whether the address is taken: both answers take the same time.
      const passwordHash = await passwords.hash(normalisePassword(password));
      return doors.signUp({ profile: profile.value, passwordHash, address, origin });
    },
    async logIn({ email, password, address, userAgent, origin }) {
      const begun = await doors.begin({ emailKey: normaliseEmail(email), address });
      if (!begun.accepted) return begun;
      const judged = { attempt: begun.value, userAgent, origin };
      if (await isRight(password, begun.value)) return doors.start(judged);
      await doors.fail(judged);
      return refused(refusal('INVALID_CREDENTIALS'));
    },
    async changeProfile(item) {
      const { name, phone, userId } = item.input;
      const found = await accountQueries.account(userId);
      if (!found) return { kind: 'DONE', result: refused(refusal('USER_NOT_FOUND', { userId })) };
      const profile = checkProfile({ email: found.email, name, phone });
      return profile.ok ? doors.changeProfile(item) : { kind: 'DONE', result: invalid(profile.violations) };
    },
    async changePassword({ userId, sessionId, currentPassword, newPassword, address, origin }) {
      const found = await accountQueries.account(userId);
      if (!found) return refused(refusal('USER_NOT_FOUND', { userId }));
      const violations = passwordViolations(newPassword, found.email, 'newPassword');
      if (violations.length > 0) return invalid(violations);
      const begun = await doors.begin({ emailKey: normaliseEmail(found.email), address });
      if (!begun.accepted) return begun;
      const { account, throttleId } = begun.value;
      if (!account || !(await isRight(currentPassword, begun.value))) return refused(refusal('PASSWORD_WRONG'));
      const passwordHash = await passwords.hash(normalisePassword(newPassword));
      const verifiedHash = account.passwordHash;
      return doors.changePassword({ userId, verifiedHash, passwordHash, sessionId, throttleId, origin });
    },
  };
}
