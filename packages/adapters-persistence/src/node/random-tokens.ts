import { createHash, randomBytes } from 'node:crypto';
import type { TokenSecrets } from '@org/application';

/** 256 bits of the system's random source, known by their SHA-256. */
export class RandomTokens implements TokenSecrets {
  newToken(): string {
    return randomBytes(32).toString('base64url');
  }

  digest(token: string): string {
    return createHash('sha256').update(token).digest('hex');
  }
}
