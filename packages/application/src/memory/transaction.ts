import type { Transaction } from '../ports/unit-of-work.js';
import { DeadlockError } from './errors.js';
import type { Table } from './table.js';

/** The lock of one row, and those who wait for it in the order of their coming. */
export interface RowLock {
  readonly key: string;
  owner: InMemoryTransaction;
  readonly queue: { readonly tx: InMemoryTransaction; readonly grant: () => void }[];
  readonly forget: () => void;
}

/** What an open transaction has written so far, seen by nobody else, and the locks it keeps until its end. */
export class InMemoryTransaction {
  private readonly writes = new Map<Table<unknown>, Map<string, unknown>>();
  private readonly held = new Set<RowLock>();
  private readonly waitsFor = new Set<RowLock>();
  private lastLock: Promise<unknown> = Promise.resolve();
  private failure: Error | null = null;
  private over = false;

  /** The transaction behind the opaque token. @throws Error when it has ended: its work went on without it */
  static of(tx: Transaction): InMemoryTransaction {
    const open = tx as unknown as InMemoryTransaction;
    if (open.over) throw new Error('the transaction is over');
    return open;
  }

  writesTo(table: Table<unknown>): Map<string, unknown> | undefined {
    return this.writes.get(table);
  }

  write(table: Table<unknown>, key: string, row: unknown): void {
    const rows = this.writes.get(table) ?? new Map<string, unknown>();
    this.writes.set(table, rows.set(key, row));
  }

  /** Dooms the transaction, as a failed statement does: catching the error does not save it. */
  fail<Failure extends Error>(error: Failure): Failure {
    this.failure ??= error;
    return error;
  }

  hold(lock: RowLock): void {
    lock.owner = this;
    this.held.add(lock);
  }

  /** Notes that locks are being taken: what is asked for from now on waits for them. */
  taking(locks: Promise<void>): Promise<void> {
    // Whether they are won is told to whoever asked for them.
    this.lastLock = Promise.allSettled([this.lastLock, locks]);
    return locks;
  }

  /** When every lock is won that was asked for before: look-ups happen in the order in which they were asked for. */
  static async inTurn(tx: Transaction): Promise<void> {
    await InMemoryTransaction.of(tx).lastLock;
  }

  async wait(lock: RowLock): Promise<void> {
    if (waitsOn(lock, this)) throw this.fail(new DeadlockError(`a circle of locks at ${lock.key}`));
    this.waitsFor.add(lock);
    await new Promise<void>(grant => lock.queue.push({ tx: this, grant }));
    this.waitsFor.delete(lock);
  }

  commit(): void {
    if (this.failure) throw this.failure;
    for (const [table, rows] of this.writes) table.apply(rows);
  }

  /** Gives every lock to the next in its queue. */
  end(): void {
    this.over = true;
    for (const lock of this.held) {
      const next = lock.queue.shift();
      if (!next) lock.forget();
      else {
        next.tx.hold(lock);
        next.grant();
      }
    }
  }

  locksWaitedFor(): ReadonlySet<RowLock> {
    return this.waitsFor;
  }
}

/** Whether whoever has the lock waits, through any number of others, for `tx`. */
function waitsOn(lock: RowLock, tx: InMemoryTransaction, seen = new Set<RowLock>()): boolean {
  if (seen.has(lock)) return false;
  seen.add(lock);
  if (lock.owner === tx) return true;
  return [...lock.owner.locksWaitedFor()].some(next => waitsOn(next, tx, seen));
}
