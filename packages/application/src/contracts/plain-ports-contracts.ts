import assert from 'node:assert/strict';
import type { CodeSecrets } from '../ports/code-secrets.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { Stopwatch } from '../ports/stopwatch.js';
import { contract } from './contract.js';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export interface IdGeneratorFixture {
  readonly ids: IdGenerator;
}

export const idGeneratorContract = contract<IdGeneratorFixture>('IdGenerator', {
  async 'makes lower-case UUIDs of version 7'({ ids }) {
    for (const _ of Array.from({ length: 100 })) assert.match(ids.next(), uuidV7);
  },
  async 'makes no id twice'({ ids }) {
    const made = Array.from({ length: 20_000 }, () => ids.next());
    assert.equal(new Set(made).size, made.length);
  },
  async 'makes ids that sort in the order of their making, also within one millisecond'({ ids }) {
    let last = '';
    for (const _ of Array.from({ length: 20_000 })) {
      const id = ids.next();
      assert.ok(id > last, `${id} sorts after ${last}`);
      last = id;
    }
  },
});

export interface StopwatchFixture {
  readonly stopwatch: Stopwatch;
  /** Lets at least so much time pass: waits, or moves the clock. */
  elapse(ms: number): Promise<void> | void;
}

export const stopwatchContract = contract<StopwatchFixture>('Stopwatch', {
  async 'never goes back'({ stopwatch, elapse }) {
    let last = stopwatch.elapsed();
    for (const _ of Array.from({ length: 5 })) {
      await elapse(1);
      const now = stopwatch.elapsed();
      assert.ok(now >= last, `${now} ≥ ${last}`);
      last = now;
    }
  },
  async 'counts milliseconds'({ stopwatch, elapse }) {
    const before = stopwatch.elapsed();
    await elapse(20);
    const passed = stopwatch.elapsed() - before;
    assert.ok(passed >= 19 && passed < 10_000, `${passed} ms for 20 ms or little more`);
  },
});

export interface CodeSecretsFixture {
  readonly codeSecrets: CodeSecrets;
}

export const codeSecretsContract = contract<CodeSecretsFixture>('CodeSecrets', {
  async 'makes keys of at least 128 bits, in hex, none twice'({ codeSecrets }) {
    const keys = Array.from({ length: 1_000 }, () => codeSecrets.newKey());
    for (const key of keys) assert.match(key, /^([0-9a-f]{2}){16,}$/);
    assert.equal(new Set(keys).size, keys.length);
  },
  async 'gives the same number for the same key, round and half, whoever asks and when'({ codeSecrets }) {
    const key = codeSecrets.newKey();
    const [prf, again] = [codeSecrets.prf(key), codeSecrets.prf(key)];
    const inputs = [0n, 1n, 2n ** 26n, 2n ** 52n, 2n ** 80n].flatMap(half =>
      [0, 1, 7].map(round => [round, half] as const),
    );
    const numbers = inputs.map(([round, half]) => prf(round, half));
    assert.ok(numbers.every(number => typeof number === 'bigint' && number >= 0n));
    assert.ok(inputs.every(([round, half], i) => again(round, half) === numbers[i]));
  },
  async 'gives other numbers for another key, round or half'({ codeSecrets }) {
    const keys = [codeSecrets.newKey(), codeSecrets.newKey()];
    const numbers = keys.flatMap(key =>
      [0, 1, 2, 3].flatMap(round => [0n, 1n, 2n, 3n].map(half => codeSecrets.prf(key)(round, half) % 2n ** 32n)),
    );
    // Thirty-two numbers of 32 bits: two alike by chance happen once in eight million runs.
    assert.equal(new Set(numbers).size, numbers.length);
  },
});
