import { accept, type Decider, type Decision, refuse, type Transitions } from '../decider.js';
import type { UserId } from '../ids.js';
import { type Refusal, refusal } from '../refusal.js';
import type { Instant } from '../time.js';
import type { RefreshToken } from './refresh-token.js';

export type SessionEnd = 'LOGGED_OUT' | 'TOKEN_REUSED' | 'PASSWORD_CHANGED' | 'EXPIRED';

interface SessionFacts {
  readonly userId: UserId;
  readonly startedAt: Instant;
  /** Exclusive: from then on it takes a new login, however often it was refreshed. */
  readonly expiresAt: Instant;
  /** How many refresh tokens the family has had. */
  readonly generation: number;
}

/** One login and the family of refresh tokens that came of it. */
export type Session =
  | { readonly status: 'NONE' }
  | ({ readonly status: 'OPEN' } & SessionFacts)
  | ({ readonly status: 'ENDED'; readonly reason: SessionEnd; readonly endedAt: Instant } & SessionFacts);

export type SessionCommand =
  | {
      readonly type: 'Start';
      readonly userId: UserId;
      /** Digest of the first refresh token. */
      readonly tokenId: string;
      readonly expiresAt: Instant;
      readonly at: Instant;
    }
  | {
      readonly type: 'Refresh';
      /** Digest of the token that was presented, and what is known of it. */
      readonly presentedId: string;
      readonly presented: RefreshToken;
      /** Digest of the token that takes its place. */
      readonly tokenId: string;
      readonly graceMs: number;
      readonly at: Instant;
    }
  | { readonly type: 'End'; readonly reason: SessionEnd; readonly at: Instant };

export type SessionEvent =
  | {
      readonly type: 'SessionStarted';
      readonly userId: UserId;
      readonly tokenId: string;
      readonly expiresAt: Instant;
      readonly at: Instant;
    }
  | {
      readonly type: 'SessionRefreshed';
      readonly usedTokenId: string;
      readonly tokenId: string;
      readonly generation: number;
      readonly at: Instant;
    }
  | { readonly type: 'SessionEnded'; readonly reason: SessionEnd; readonly at: Instant };

export type SessionRefusal = Refusal<'REFRESH_TOKEN_INVALID' | 'SESSION_ALREADY_EXISTS'>;

/** Which events may follow each status, and where they lead. ENDED is final. */
export const sessionTransitions = {
  NONE: { SessionStarted: 'OPEN' },
  OPEN: { SessionRefreshed: 'OPEN', SessionEnded: 'ENDED' },
  ENDED: {},
} as const satisfies Transitions<Session['status'], SessionEvent['type']>;

type SessionDecision = Decision<SessionEvent, SessionRefusal>;

/** Whether a token may be traded for a new one: it never was, or only a moment ago by another tab. */
const isGood = (token: Exclude<RefreshToken, { status: 'NONE' }>, graceMs: number, at: Instant) =>
  token.status === 'FRESH' || at < token.usedAt + graceMs;

function refresh(state: Session, command: Extract<SessionCommand, { type: 'Refresh' }>): SessionDecision {
  const { presented, presentedId, tokenId, graceMs, at } = command;
  // Whoever presents what was never given out learns nothing and changes nothing.
  if (state.status !== 'OPEN' || presented.status === 'NONE') return refuse(refusal('REFRESH_TOKEN_INVALID'));
  if (state.expiresAt <= at) return accept({ type: 'SessionEnded', reason: 'EXPIRED', at });
  // Two hold the same token: one of them stole it, and nobody knows which.
  if (!isGood(presented, graceMs, at)) return accept({ type: 'SessionEnded', reason: 'TOKEN_REUSED', at });
  return accept({
    type: 'SessionRefreshed',
    usedTokenId: presentedId,
    tokenId,
    generation: state.generation + 1,
    at,
  });
}

function decide(state: Session, command: SessionCommand): SessionDecision {
  switch (command.type) {
    case 'Start': {
      const { userId, tokenId, expiresAt, at } = command;
      if (state.status !== 'NONE') return refuse(refusal('SESSION_ALREADY_EXISTS'));
      return accept({ type: 'SessionStarted', userId, tokenId, expiresAt, at });
    }
    case 'Refresh':
      return refresh(state, command);
    case 'End':
      return state.status === 'OPEN'
        ? accept({ type: 'SessionEnded', reason: command.reason, at: command.at })
        : accept();
  }
}

function evolve(state: Session, event: SessionEvent): Session {
  if (event.type === 'SessionStarted') {
    const { userId, expiresAt, at } = event;
    return { status: 'OPEN', userId, startedAt: at, expiresAt, generation: 1 };
  }
  if (state.status !== 'OPEN') return state;
  if (event.type === 'SessionRefreshed') return { ...state, generation: event.generation };
  return { ...state, status: 'ENDED', reason: event.reason, endedAt: event.at };
}

/**
 * The rules of one session: every refresh token is traded once; one that is traded again within the grace works, later
 * it ends the whole family (rule 20).
 */
export const session: Decider<Session, SessionCommand, SessionEvent, SessionRefusal> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};
