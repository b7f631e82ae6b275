import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '@org/application';

/** What OWASP asks of Argon2id at least: 19 MiB, two passes, one lane. */
const memoryCost = 19_456;
const timeCost = 2;

export interface Argon2Cost {
  /** KiB. Default 19,456. */
  readonly memoryCost?: number;
  /** Passes. Default 2. */
  readonly timeCost?: number;
}

/**
 * Argon2id in the thread pool of Node. The cost is written into every hash, so it can be raised later. A hash of
 * another kind is no password of ours.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  private readonly cost: Required<Argon2Cost>;

  constructor(cost: Argon2Cost = {}) {
    this.cost = { memoryCost, timeCost, ...cost };
  }

  hash(password: string): Promise<string> {
    return hash(password, { ...this.cost, parallelism: 1 });
  }

  async verify(password: string, hashed: string): Promise<boolean> {
    if (!hashed.startsWith('$argon2id$')) return false;
    return verify(hashed, password).catch(() => false);
  }
}
