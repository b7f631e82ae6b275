import { ConflictError } from '../ports/errors.js';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.js';
import { DeadlockError } from './errors.js';
import { InMemoryTransaction } from './transaction.js';

/**
 * Transactions for the in-memory adapters. Several can be open at once; rows that are written or locked keep the
 * others waiting, and a circle of waiting transactions is broken by running one of them again.
 */
export class InMemoryUnitOfWork implements UnitOfWork {
  /** @param attempts how often work that ran into deadlocks is run before it is given up */
  constructor(private readonly attempts = 10) {}

  async run<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; attempt <= this.attempts; attempt++) {
      const open = new InMemoryTransaction();
      try {
        const result = await work(open as unknown as Transaction);
        open.commit();
        return result;
      } catch (error) {
        if (!(error instanceof DeadlockError)) throw error;
      } finally {
        open.end();
      }
    }
    throw new ConflictError(`deadlocks in ${this.attempts} attempts`);
  }
}
