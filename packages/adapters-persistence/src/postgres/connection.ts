import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { isAborted, isSilent } from './errors.js';

/** How many connections of a pool may turn out to be dead before we give up: after a restart of the server all are. */
const MOST_DEAD = 100;
/** Each of these takes all the time that there is to wait: where two say nothing, the network is away, and nobody waits for the others. */
const MOST_SILENT = 2;

/** Counts the dead connections that one call has met. */
export class DeadConnections {
  private dead = 0;
  private silent = 0;

  /** Whether to try the next connection after one was lost by this error. */
  mayGoOn(error: unknown): boolean {
    this.dead += 1;
    if (isSilent(error)) this.silent += 1;
    return this.dead < MOST_DEAD && this.silent < MOST_SILENT;
  }
}

const guarded = new WeakSet<pg.Pool>();

/**
 * A server that dies greets a new client and ends it with the same breath: nobody has the connection yet who could
 * listen to that, and an error without a listener would end the process. Whoever gets it learns of it by his first query.
 */
function poolOf(dataSource: DataSource): pg.Pool {
  const pool = (dataSource.driver as unknown as { readonly master: pg.Pool }).master;
  if (!guarded.has(pool)) {
    guarded.add(pool);
    pool.on('connect', client => client.on('error', () => undefined));
  }
  return pool;
}

interface Stream {
  cork(): void;
  uncork(): void;
}

/** What is said on the line itself. */
interface Protocol {
  readonly stream: Stream;
  on(event: 'errorMessage', listener: (error: Error) => void): unknown;
  removeListener(event: 'errorMessage', listener: (error: Error) => void): unknown;
}

const protocolOf = (client: pg.ClientBase) => (client as unknown as { readonly connection: Protocol }).connection;

/** A connection in use has no other listener for its errors: without this one its loss would end the process. */
export class Connection {
  broken: Error | undefined;
  /** What a statement has failed with: those behind it are only told that the transaction is no more, and may be heard first. */
  failure: Error | undefined;
  private readonly onError = (error: Error) => {
    this.broken = error;
  };
  private readonly onFailure = (error: Error) => {
    if (!isAborted(error)) this.failure = error;
  };

  private constructor(readonly client: pg.PoolClient) {
    client.on('error', this.onError);
    protocolOf(client).on('errorMessage', this.onFailure);
  }

  static async of(dataSource: DataSource): Promise<Connection> {
    return new Connection(await poolOf(dataSource).connect());
  }

  /** What is broken does not go back to the pool. */
  release() {
    this.client.removeListener('error', this.onError);
    protocolOf(this.client).removeListener('errorMessage', this.onFailure);
    this.client.release(this.broken);
  }
}

const corked = new WeakSet<Stream>();

/** Statements that are sent in one go share one system call, too: what is written to the socket meanwhile waits for the last. */
export function inOneGo(client: pg.ClientBase): pg.ClientBase {
  const { stream } = protocolOf(client);
  if (corked.has(stream)) return client;
  corked.add(stream);
  stream.cork();
  queueMicrotask(() => {
    corked.delete(stream);
    stream.uncork();
  });
  return client;
}
