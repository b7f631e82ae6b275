import type { Account, RefreshToken, Session, Throttle } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { AggregateRepositoryFixture } from './aggregate-fixture.js';
import { AN_INSTANT, DAY, SECOND, user } from './samples.js';

/** A password hash in the form that Argon2id gives it; of no password. */
const aHash = (letter: string) => `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$${letter.repeat(43)}`;

export const anAccount = (email: string, changed: Partial<Extract<Account, { status: 'ACTIVE' }>> = {}): Account => ({
  status: 'ACTIVE',
  profile: { email, name: 'Ann', phone: null },
  passwordHash: aHash('a'),
  roles: ['shopper'],
  createdAt: AN_INSTANT,
  ...changed,
});

type OpenSession = Extract<Session, { status: 'OPEN' }>;

export const aSession = (userId: string, changed: Partial<OpenSession> = {}): OpenSession => ({
  status: 'OPEN',
  userId: user(userId),
  startedAt: AN_INSTANT,
  expiresAt: AN_INSTANT + 30 * DAY,
  generation: 1,
  ...changed,
});

/** A digest of 64 hex digits. */
export const aDigest = (index: number): string => index.toString(16).padStart(8, '0').padStart(64, 'ab');

export const aToken = (sessionId: string, generation = 1): RefreshToken => ({
  status: 'FRESH',
  sessionId,
  generation,
  issuedAt: AN_INSTANT + generation,
});

function idsByIndex(next: () => string): (index: number) => string {
  const made = new Map<number, string>();
  return index => {
    const id = made.get(index) ?? next();
    made.set(index, id);
    return id;
  };
}

/** Fixture of `aggregateRepositoryContract` over accounts. */
export const accountsAsAggregates = ({
  unitOfWork,
  accounts,
  ids,
}: Pick<Adapters, 'unitOfWork' | 'accounts' | 'ids'>): AggregateRepositoryFixture<Account> => ({
  unitOfWork,
  repository: accounts,
  samples: {
    initial: { status: 'NONE' },
    id: idsByIndex(() => ids.next()),
    life: index => {
      const email = `Ann+${index}@Shop.example`;
      const phone = '+82 10-1234-5678';
      return [
        anAccount(email, { createdAt: AN_INSTANT + index }),
        anAccount(email, { createdAt: AN_INSTANT + index, profile: { email, name: '홍길동 🙂 "Ann"\\', phone } }),
        anAccount(email, { createdAt: AN_INSTANT + index, passwordHash: aHash('b') }),
        anAccount(email, { createdAt: AN_INSTANT + index, roles: ['shopper', 'operator'] }),
      ];
    },
  },
});

/** Fixture of `aggregateRepositoryContract` over sessions. */
export const sessionsAsAggregates = ({
  unitOfWork,
  sessions,
  ids,
}: Pick<Adapters, 'unitOfWork' | 'sessions' | 'ids'>): AggregateRepositoryFixture<Session> => ({
  unitOfWork,
  repository: sessions,
  samples: {
    initial: { status: 'NONE' },
    id: idsByIndex(() => ids.next()),
    life: index => {
      const open = aSession(`user-${index}`);
      const ended = { ...open, status: 'ENDED', generation: 2, endedAt: AN_INSTANT + SECOND } as const;
      return [
        open,
        { ...open, generation: 2 },
        { ...ended, reason: 'LOGGED_OUT' },
        { ...ended, reason: 'TOKEN_REUSED' },
        { ...ended, reason: 'PASSWORD_CHANGED' },
        { ...ended, reason: 'EXPIRED' },
      ];
    },
  },
});

/** Fixture of `aggregateRepositoryContract` over refresh tokens. */
export const refreshTokensAsAggregates = ({
  unitOfWork,
  refreshTokens,
  ids,
}: Pick<Adapters, 'unitOfWork' | 'refreshTokens' | 'ids'>): AggregateRepositoryFixture<RefreshToken> => {
  const sessionId = ids.next();
  return {
    unitOfWork,
    repository: refreshTokens,
    samples: {
      initial: { status: 'NONE' },
      id: aDigest,
      life: index => {
        const facts = { sessionId, generation: index + 1, issuedAt: AN_INSTANT };
        return [
          { status: 'FRESH', ...facts },
          { status: 'USED', ...facts, usedAt: AN_INSTANT + 1 },
        ];
      },
    },
  };
};

/** Fixture of `aggregateRepositoryContract` over throttles. */
export const throttlesAsAggregates = ({
  unitOfWork,
  throttles,
}: Pick<Adapters, 'unitOfWork' | 'throttles'>): AggregateRepositoryFixture<Throttle> => ({
  unitOfWork,
  repository: throttles,
  samples: {
    initial: { status: 'CLEAR' },
    id: aDigest,
    life: index => [
      { status: 'COUNTING', attempts: 1, since: AN_INSTANT + index },
      { status: 'COUNTING', attempts: 5, since: AN_INSTANT + index },
      { status: 'LOCKED', until: AN_INSTANT + index + SECOND },
      { status: 'CLEAR' },
    ],
  },
});
