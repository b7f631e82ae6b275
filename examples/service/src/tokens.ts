import { createHmac } from 'node:crypto';
import type { TokenKey } from '@org/adapters-http';

export type Role = 'shopper' | 'operator' | 'admin' | 'service';
export const roles: readonly Role[] = ['shopper', 'operator', 'admin', 'service'];

export interface TokenWish {
  readonly sub: string;
  readonly roles: readonly Role[];
  readonly ttlSeconds: number;
  readonly issuer: string;
  readonly audience: string;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encoded({ alg: 'HS256', typ: 'JWT' });

/**
 * A token for demonstrations and tests; a shop lets its own identity provider make them.
 * @throws Error when tokens are verified with a public key: the private one is not ours
 */
export function signToken(key: TokenKey, { sub, roles, ttlSeconds, issuer, audience }: TokenWish): string {
  if (key.algorithm !== 'HS256') throw new Error('tokens are signed elsewhere: JWT_PUBLIC_KEY is set');
  const now = Math.floor(Date.now() / 1000);
  const claims = encoded({ sub, roles, iss: issuer, aud: audience, iat: now, exp: now + ttlSeconds });
  const signature = createHmac('sha256', key.secret).update(`${header}.${claims}`).digest('base64url');
  return `${header}.${claims}.${signature}`;
}
