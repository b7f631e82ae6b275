import type { Transitions } from '../decider.js';
import type { Instant } from '../time.js';
import type { SessionEvent } from './session.js';

interface TokenFacts {
  readonly sessionId: string;
  /** Place in its family, from 1. */
  readonly generation: number;
  readonly issuedAt: Instant;
}

/** What is known of one refresh token, under its digest; the token itself is nowhere. The session decides and moves it. */
export type RefreshToken =
  | { readonly status: 'NONE' }
  | ({ readonly status: 'FRESH' } & TokenFacts)
  /** `usedAt` is the first time: the grace is counted from there. */
  | ({ readonly status: 'USED'; readonly usedAt: Instant } & TokenFacts);

/** Born by a start or a refresh; used by a refresh, or by several within the grace. */
export const refreshTokenTransitions = {
  NONE: { SessionStarted: 'FRESH', SessionRefreshed: 'FRESH' },
  FRESH: { SessionRefreshed: 'USED' },
  USED: { SessionRefreshed: 'USED' },
} as const satisfies Transitions<RefreshToken['status'], SessionEvent['type']>;

/** The tokens that an event is about: those that it makes and uses. */
export const tokenIdsOf = (event: SessionEvent): readonly string[] => {
  if (event.type === 'SessionEnded') return [];
  return event.type === 'SessionStarted' ? [event.tokenId] : [event.usedTokenId, event.tokenId];
};

/** The token of this digest after an event of its session. */
export function evolveRefreshToken(
  token: RefreshToken,
  tokenId: string,
  event: SessionEvent,
  sessionId: string,
): RefreshToken {
  if (event.type === 'SessionEnded') return token;
  if (token.status === 'NONE') {
    const generation = event.type === 'SessionStarted' ? 1 : event.generation;
    return event.tokenId === tokenId ? { status: 'FRESH', sessionId, generation, issuedAt: event.at } : token;
  }
  const isUse = event.type === 'SessionRefreshed' && event.usedTokenId === tokenId;
  return isUse && token.status === 'FRESH' ? { ...token, status: 'USED', usedAt: event.at } : token;
}
