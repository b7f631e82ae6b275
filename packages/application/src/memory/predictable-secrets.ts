import type { CodeSecrets } from '../ports/code-secrets.js';

const MASK = (1n << 64n) - 1n;

/** The finaliser of SplitMix64: spreads every bit of its input over all bits of its output. */
function mix(value: bigint): bigint {
  let mixed = (value + 0x9e3779b97f4a7c15n) & MASK;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return mixed ^ (mixed >> 31n);
}

/** The same keys in every run, for tests and simulations: anybody can guess what comes out of them. */
export class PredictableSecrets implements CodeSecrets {
  private last = 0n;

  newKey(): string {
    this.last += 1n;
    return this.last.toString(16).padStart(32, '0');
  }

  prf(key: string): (round: number, half: bigint) => bigint {
    const secret = BigInt(`0x${key}`);
    const seed = mix((secret & MASK) ^ mix(secret >> 64n));
    return (round, half) => mix(mix(mix(seed ^ BigInt(round)) ^ (half & MASK)) ^ (half >> 64n));
  }
}
