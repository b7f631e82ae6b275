import { setTimeout as sleep } from 'node:timers/promises';
import { asError, ConflictError, OutcomeUnknownError, type Transaction, type UnitOfWork } from '@org/application';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { Connection, DeadConnections, inOneGo } from './connection.js';
import { isAborted, isConnectionLost, isRepeatable, translated } from './errors.js';
import { endTransaction, failureOnTheWay, tellCommitted, transactionOn } from './transaction.js';

/**
 * Sets are looked up row by row through an index, whatever the planner thinks of a table: a plan that was made while
 * the table was empty would read all of it later. One plan serves all values: to plan anew takes longer than to run it.
 */
export const PLANNED_BY_INDEX = [
  'set local enable_seqscan = off',
  'set local enable_hashjoin = off',
  'set local enable_mergejoin = off',
  'set local jit = off',
  'set local plan_cache_mode = force_generic_plan',
];

/** One round trip. */
const BEGIN = ['begin isolation level read committed', ...PLANNED_BY_INDEX].join('; ');

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

  /** A server that was restarted leaves a pool of dead connections: none of them has done anything yet, so the next is tried. */
  private async attempt<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const dead = new DeadConnections();
    for (;;) {
      try {
        return await onConnection(await Connection.of(this.dataSource), work);
      } catch (error) {
        if (!(error instanceof NotBegunError)) throw error;
        if (!isConnectionLost(error.cause) || !dead.mayGoOn(error.cause)) throw error.cause;
      }
    }
  }
}

/** Whatever the work met, its transaction was never there. */
class NotBegunError extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

async function onConnection<Result>(connection: Connection, work: (tx: Transaction) => Promise<Result>) {
  const { client } = connection;
  const tx = transactionOn(client);
  // Nobody waits for it: what the work asks first goes along in the same packet.
  const notBegun = inOneGo(client)
    .query(BEGIN)
    .then(() => null, asError);
  try {
    const result = await work(tx);
    endTransaction(tx);
    // Only who was told that it has begun may say afterwards that it never did.
    const cause = await notBegun;
    if (cause) throw cause;
    await commit(client, () => failureOnTheWay(tx));
    tellCommitted(tx);
    return result;
  } catch (error) {
    endTransaction(tx);
    const cause = await notBegun;
    if (cause || isConnectionLost(error) || error instanceof OutcomeUnknownError) connection.broken ??= asError(error);
    else connection.broken ??= await client.query('rollback').then(() => undefined, asError);
    if (cause) throw new NotBegunError(cause);
    // Whoever came after a statement that failed was only told that the transaction is no more.
    throw isAborted(error) ? (connection.failure ?? error) : error;
  } finally {
    connection.release();
  }
}

/** Postgres answers the commit of a failed transaction with a rollback, and no error. */
async function commit(client: pg.ClientBase, failure: () => Promise<Error | null>) {
  let command: string;
  try {
    ({ command } = await client.query('commit'));
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    throw new OutcomeUnknownError('the connection was lost while committing', { cause: error });
  }
  if (command === 'COMMIT') return;
  throw (await failure()) ?? new Error('a statement of this transaction failed and its error was not passed on');
}
