import { asError, type Transaction } from '@org/application';

/** What an adapter of your own needs of the connection of an open transaction. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;
}

interface Open {
  readonly client: SqlClient;
  over: boolean;
  readonly committed: (() => void)[];
  /** Statements that nobody waits for: what each failed with, or null. */
  readonly sent: Promise<Error | null>[];
}

export const transactionOn = (client: SqlClient): Transaction => {
  const open: Open = { client, over: false, committed: [], sent: [] };
  return open as unknown as Transaction;
};

/** Nothing more can be sent in it: its connection belongs to somebody else soon. */
export const endTransaction = (tx: Transaction): void => {
  (tx as unknown as Open).over = true;
};

/** Lets a statement be on its way while the work goes on; the transaction fails with it. */
export const onTheWay = (tx: Transaction, statement: Promise<unknown>): void => {
  (tx as unknown as Open).sent.push(statement.then(() => null, asError));
};

/** The first failure of the statements that are on their way, when all of them have arrived; null = there is none. */
export async function failureOnTheWay(tx: Transaction): Promise<Error | null> {
  const failures = await Promise.all((tx as unknown as Open).sent);
  return failures.find(failure => failure !== null) ?? null;
}

/** What is to be done as soon as it is certain that all of it is written. Must not throw. */
export const onCommit = (tx: Transaction, then: () => void): void => {
  (tx as unknown as Open).committed.push(then);
};

export function tellCommitted(tx: Transaction): void {
  for (const then of (tx as unknown as Open).committed) then();
}

/**
 * The connection of an open transaction, for adapters of your own that take part in it.
 * @throws Error when it has ended: its work went on without it
 */
export function clientOf(tx: Transaction): SqlClient {
  const { client, over } = tx as unknown as Open;
  if (over) throw new Error('the transaction is over');
  return client;
}
