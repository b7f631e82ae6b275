import { createHmac, randomBytes } from 'node:crypto';
import type { CodeSecrets } from '@org/application';

const KEY_BYTES = 32;

/** Keys from the system's random source, and HMAC-SHA-256 as the keyed function; its numbers have 256 bits. */
export class HmacCodeSecrets implements CodeSecrets {
  newKey(): string {
    return randomBytes(KEY_BYTES).toString('hex');
  }

  prf(key: string): (round: number, half: bigint) => bigint {
    const secret = Buffer.from(key, 'hex');
    return (round, half) => BigInt(`0x${createHmac('sha256', secret).update(`${round}:${half}`).digest('hex')}`);
  }
}
