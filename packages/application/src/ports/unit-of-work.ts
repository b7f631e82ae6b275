declare const transaction: unique symbol;
/**
 * An open database transaction, opaque to use cases: they only hand it on. What the ports are asked in one transaction
 * happens in the order of the asking, even when nobody waits for an answer in between: what is asked for behind a lock
 * is looked up once the lock is won.
 */
export interface Transaction {
  readonly [transaction]: true;
}

export interface UnitOfWork {
  /**
   * Runs `work` in one transaction: all of it is written, or nothing. Serialization failures and deadlocks run it
   * again from the start, so `work` has no effect but through `tx`.
   * @throws OutcomeUnknownError when the connection was lost while committing: it may or may not be written
   */
  run<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
}

/** A unit of work that takes part in a transaction that is open already; who opened it commits it. */
export const joined = (tx: Transaction): UnitOfWork => ({ run: work => work(tx) });
