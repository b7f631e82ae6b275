import { Recent } from '@org/application';
import { isCallerId, isUuid } from '@org/domain';
import { createVerifier, TokenError } from 'fast-jwt';
import type { HttpConfig } from '../config.js';
import { challenge, Problem } from '../problem.js';

export const roles = ['shopper', 'operator', 'admin', 'service'] as const;
export type Role = (typeof roles)[number];

/** Who asks, as the token says. */
export interface Caller {
  readonly sub: string;
  readonly roles: ReadonlySet<Role>;
  /** Whether one of the roles may act for other users. */
  readonly actsForOthers: boolean;
  /** Whether one of the roles may read what belongs to other users. */
  readonly seesOthers: boolean;
  /** The session that the token came of; null = it was made elsewhere. */
  readonly sessionId: string | null;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const LONGEST_TOKEN = 8 * 1024;
/** A token that is not known costs a signature; one of 350 characters takes 0.7 kB here. */
const KEPT_CALLERS = 40_000;

const missing = new Problem('TOKEN_MISSING', { headers: challenge() });
const invalid = new Problem('TOKEN_INVALID', { headers: challenge(', error="invalid_token"') });
const expired = new Problem('TOKEN_EXPIRED', {
  headers: challenge(', error="invalid_token", error_description="expired"'),
});

const isRole = (word: unknown): word is Role => roles.some(role => role === word);
const has = (own: ReadonlySet<Role>, ...wanted: readonly Role[]) => wanted.some(role => own.has(role));

/** RFC 8725, 3.11: a token of another kind (refresh, logout, DPoP proof), signed by the same key, opens nothing. */
const isAccessToken = ({ typ }: Readonly<Record<string, unknown>>) =>
  typ === undefined || (typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ));

interface Token {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

function callerOf(claims: Readonly<Record<string, unknown>>): Caller | null {
  const { sub, roles: words, exp, sid } = claims;
  if (typeof sub !== 'string' || !isCallerId(sub)) return null;
  if (typeof exp !== 'number' || !Number.isSafeInteger(Math.floor(exp * 1000))) return null;
  if (!Array.isArray(words) || words.some(word => typeof word !== 'string')) return null;
  const own = new Set(words.filter(isRole));
  return {
    sub,
    roles: own,
    actsForOthers: has(own, 'service', 'operator'),
    seesOthers: has(own, 'service', 'operator', 'admin'),
    sessionId: typeof sid === 'string' && isUuid(sid) ? sid : null,
    expiresAt: exp * 1000,
  };
}

const tokenIn = (header: string) => {
  if (header.startsWith('Bearer ') && header[7] !== ' ') return header.slice(7);
  return /^bearer +/i.test(header) ? header.replace(/^bearer +/i, '') : '';
};

/**
 * Reads the `Authorization` header: the caller, or the 401. Tokens are verified once and remembered until they expire;
 * only good ones are, so that nobody can push them out with bad ones.
 */
export function authenticator(
  { key, issuer, audience }: HttpConfig['jwt'],
  now: () => number = Date.now,
): (header: string | undefined) => Caller | Problem {
  if (issuer === '' || audience === '') throw new RangeError('jwt: issuer and audience must be named');
  const verify = createVerifier({
    key: key.algorithm === 'HS256' ? key.secret : key.publicKey,
    algorithms: [key.algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    requiredClaims: ['sub', 'exp', 'iss', 'aud'],
    cache: false,
    complete: true,
  });
  const known = new Recent<Caller>(KEPT_CALLERS);

  function verified(token: string): Caller | Problem {
    try {
      const { header, payload } = verify(token) as Token;
      const caller = isAccessToken(header) ? callerOf(payload) : null;
      if (!caller) return invalid;
      known.set(token, caller);
      return caller;
    } catch (error) {
      return error instanceof TokenError && error.code === TokenError.codes.expired ? expired : invalid;
    }
  }

  return header => {
    if (header === undefined || header === '') return missing;
    const token = tokenIn(header);
    if (token === '' || token.length > LONGEST_TOKEN) return invalid;
    const caller = known.get(token) ?? verified(token);
    if (caller instanceof Problem || caller.expiresAt > now()) return caller;
    known.delete(token);
    return expired;
  };
}
