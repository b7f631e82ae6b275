import type { Instant } from '@org/domain';
import type { Clock } from '../ports/clock.js';
import type { Claim, IdempotencyStore, KeyedRequest } from '../ports/idempotency-store.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { keyOf } from './frozen.js';
import { Table } from './table.js';

interface Answer {
  readonly fingerprint: string;
  readonly response: string;
  readonly completedAt: Instant;
}

const rowKey = ({ owner, key }: KeyedRequest) => keyOf(owner, key);

export class InMemoryIdempotencyStore implements IdempotencyStore {
  private readonly rows = new Table<Answer>('idempotency keys');

  constructor(private readonly clock: Clock) {}

  async claim(tx: Transaction, requests: readonly KeyedRequest[]) {
    const claimed = new Set<string>();
    return requests.map((request): Claim => {
      const key = rowKey(request);
      const answer = this.rows.get(tx, key);
      if (answer && answer.fingerprint !== request.fingerprint) return { claim: 'OTHER_REQUEST' };
      if (answer) return { claim: 'REPLAY', response: answer.response };
      // The second of two in one batch finds the first at work.
      if (claimed.has(key) || !this.rows.tryLock(tx, key)) return { claim: 'IN_FLIGHT' };
      claimed.add(key);
      return { claim: 'NEW' };
    });
  }

  async complete(tx: Transaction, answers: readonly (KeyedRequest & { readonly response: string })[]) {
    const completedAt = await this.clock.now(tx);
    for (const { fingerprint, response, ...request } of answers)
      await this.rows.insert(tx, rowKey({ ...request, fingerprint }), { fingerprint, response, completedAt });
  }

  async forget(tx: Transaction, retentionSeconds: number, limit: number) {
    const before = (await this.clock.now(tx)) - retentionSeconds * 1000;
    const old = this.rows
      .entries(tx)
      .filter(([key, { completedAt }]) => completedAt < before && this.rows.tryLock(tx, key))
      .slice(0, limit);
    for (const [key] of old) this.rows.set(tx, key, undefined);
    return old.length;
  }
}
