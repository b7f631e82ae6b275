import type { Transaction } from '../ports/unit-of-work.js';
import { ConstraintError } from './errors.js';
import { InMemoryTransaction, type RowLock } from './transaction.js';

/**
 * Rows by key with the isolation of a database at READ COMMITTED: a transaction sees what is committed and what it
 * wrote itself, and a lock on a row (there or not) lasts until its transaction ends.
 */
export class Table<Row> {
  private readonly committed = new Map<string, Row>();
  private readonly locks = new Map<string, RowLock>();

  constructor(private readonly name: string) {}

  get(tx: Transaction, key: string): Row | undefined {
    const own = InMemoryTransaction.of(tx).writesTo(this as Table<unknown>);
    return own?.has(key) ? (own.get(key) as Row | undefined) : this.committed.get(key);
  }

  /** Writes a row that this transaction has locked; undefined deletes it. */
  set(tx: Transaction, key: string, row: Row | undefined): void {
    const open = InMemoryTransaction.of(tx);
    if (this.locks.get(key)?.owner !== open) throw new Error(`${this.name}: ${key} is written without its lock`);
    open.write(this as Table<unknown>, key, row);
  }

  /** Every row as the transaction sees it. */
  entries(tx: Transaction): readonly (readonly [string, Row])[] {
    const own = InMemoryTransaction.of(tx).writesTo(this as Table<unknown>) as Map<string, Row | undefined> | undefined;
    const all = own ? new Map<string, Row | undefined>([...this.committed, ...own]) : this.committed;
    return [...all].filter((entry): entry is [string, Row] => entry[1] !== undefined);
  }

  /** Only what is committed: what a query outside of any transaction sees. */
  readonly outside = {
    get: (key: string): Row | undefined => this.committed.get(key),
    entries: (): readonly (readonly [string, Row])[] => [...this.committed],
    size: (): number => this.committed.size,
  };

  /** Locks the rows in the order of their keys, waiting for whoever has one. */
  lock(tx: Transaction, keys: readonly string[]): Promise<void> {
    return InMemoryTransaction.of(tx).taking(this.lockAll(tx, keys));
  }

  private async lockAll(tx: Transaction, keys: readonly string[]): Promise<void> {
    for (const key of [...new Set(keys)].sort()) {
      if (this.tryLock(tx, key)) continue;
      const lock = this.locks.get(key);
      if (lock) await InMemoryTransaction.of(tx).wait(lock);
    }
  }

  /** Locks a row unless somebody else has it. */
  tryLock(tx: Transaction, key: string): boolean {
    const open = InMemoryTransaction.of(tx);
    const lock = this.locks.get(key);
    if (lock) return lock.owner === open;
    const mine: RowLock = { key: `${this.name} ${key}`, owner: open, queue: [], forget: () => this.locks.delete(key) };
    this.locks.set(key, mine);
    open.hold(mine);
    return true;
  }

  /** Adds a row under a key that must be free; who adds the same at the same time is waited for. */
  async insert(tx: Transaction, key: string, row: Row): Promise<void> {
    await this.lock(tx, [key]);
    if (this.get(tx, key) !== undefined)
      throw InMemoryTransaction.of(tx).fail(new ConstraintError(`${this.name}: ${key} is there already`));
    this.set(tx, key, row);
  }

  apply(rows: ReadonlyMap<string, unknown>): void {
    for (const [key, row] of rows) {
      if (row === undefined) this.committed.delete(key);
      else this.committed.set(key, row as Row);
    }
  }
}
