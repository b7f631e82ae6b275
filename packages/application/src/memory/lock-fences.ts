import type { LockFences } from '../ports/lock-fences.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { Table } from './table.js';

export class InMemoryLockFences implements LockFences {
  private readonly rows = new Table<number>('lock fences');

  async draw(tx: Transaction, keys: readonly string[]) {
    await this.rows.lock(tx, keys);
    const fence = 1 + Math.max(0, ...keys.map(key => this.rows.get(tx, key) ?? 0));
    for (const key of keys) this.rows.set(tx, key, fence);
    return fence;
  }

  async holds(tx: Transaction, keys: readonly string[], fence: number) {
    await this.rows.lock(tx, keys);
    return keys.every(key => this.rows.get(tx, key) === fence);
  }
}
