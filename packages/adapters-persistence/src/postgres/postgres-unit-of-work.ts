import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError, OutcomeUnknownError, type Transaction, type UnitOfWork } from '@org/application';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { isConnectionLost, isRepeatable, translated } from './errors.js';
import { poolOf } from './statement.js';
import { transactionOn } from './transaction.js';

/**
 * Sets are looked up row by row through an index, whatever the planner thinks of a table: a plan that was made while
 * the table was empty would read all of it later.
 */
const BEGIN =
  'begin isolation level read committed; set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off; set local jit = off';

export interface UnitOfWorkOptions {
  /** How often work runs at most that meets serialization failures or deadlocks. Default 5. */
  readonly attempts?: number;
}

/** READ COMMITTED transactions on one connection each. */
export class PostgresUnitOfWork implements UnitOfWork {
  private readonly attempts: number;

  constructor(
    private readonly dataSource: DataSource,
    { attempts = 5 }: UnitOfWorkOptions = {},
  ) {
    this.attempts = attempts;
  }

  /**
   * @throws StoreUnavailableError when there is no connection, or it was lost before the commit: nothing is written
   * @throws OutcomeUnknownError when it was lost while committing
   * @throws ConflictError when deadlocks don't end
   */
  async run<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isRepeatable(error)) throw translated(error);
        if (attempt === this.attempts)
          throw new ConflictError(`serialization failure or deadlock in ${attempt} attempts`, { cause: error });
        await sleep(Math.random() * 2 ** attempt * 2);
      }
    }
  }

  private async attempt<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const client = await poolOf(this.dataSource).connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    // A connection in use has no other listener: without this one its loss would end the process.
    client.on('error', onError);
    try {
      await client.query(BEGIN);
      const result = await work(transactionOn(client));
      await commit(client);
      return result;
    } catch (error) {
      if (isConnectionLost(error) || error instanceof OutcomeUnknownError) broken ??= error as Error;
      else broken ??= await client.query('rollback').then(() => undefined, asError);
      throw error;
    } finally {
      client.removeListener('error', onError);
      client.release(broken);
    }
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

async function commit(client: pg.ClientBase) {
  let command: string;
  try {
    ({ command } = await client.query('commit'));
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    throw new OutcomeUnknownError('the connection was lost while committing', { cause: error });
  }
  // Postgres answers the commit of a failed transaction with a rollback, and no error.
  if (command !== 'COMMIT') throw new Error('a statement of this transaction failed and its error was not passed on');
}
