/** The secret side of code generation: the core has no cryptography of its own. */
export interface CodeSecrets {
  /** A new secret key, hex, at least 128 bits. */
  newKey(): string;
  /** A keyed pseudo-random function: the same key, round and half give the same number, which nobody can guess without the key. */
  prf(key: string): (round: number, half: bigint) => bigint;
}
