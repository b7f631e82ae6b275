import type { Grant } from '@org/application';
import { createSigner } from 'fast-jwt';
import type { HttpConfig } from '../config.js';
import { Problem } from '../problem.js';
import type { Caller } from './auth.js';

/** Rule 20. */
export const ACCESS_TOKEN_SECONDS = 900;

/** The tokens that this service itself hands out, and those that it accepts. */
export interface AccessTokens {
  /** Null = the key to sign with is somewhere else. */
  readonly sign: ((grant: Omit<Grant, 'refreshToken'>) => string) | null;
  /** Who a token stands for; null = nobody. */
  read(token: string): Caller | null;
}

export function accessTokens(
  { key, issuer, audience, signingKey = null }: HttpConfig['jwt'],
  authenticate: (header: string | undefined) => Caller | Problem,
): AccessTokens {
  const own = key.algorithm === 'HS256' ? key.secret : signingKey;
  const signer =
    own === null
      ? null
      : createSigner({
          ...{ key: own, algorithm: key.algorithm, iss: issuer, aud: audience },
          expiresIn: ACCESS_TOKEN_SECONDS * 1_000,
        });
  return {
    sign: signer && (({ userId, roles, sessionId }) => signer({ sub: userId, roles, sid: sessionId })),
    read(token) {
      const caller = authenticate(`Bearer ${token}`);
      return caller instanceof Problem ? null : caller;
    },
  };
}
