import type { Transaction } from '@org/application';

/** What an adapter of your own needs of the connection of an open transaction. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;
}

interface Open {
  readonly client: SqlClient;
}

export const transactionOn = (client: SqlClient): Transaction => {
  const open: Open = { client };
  return open as unknown as Transaction;
};

/** The connection of an open transaction, for adapters of your own that take part in it. */
export const clientOf = (tx: Transaction): SqlClient => (tx as unknown as Open).client;
