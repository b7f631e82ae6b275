import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { entities } from './entities.js';
import { migrations } from './migrations/migrations.js';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Most connections at a time. Default 20; the hot paths gain by batches, not by more connections. */
  readonly poolSize?: number;
  /** How long one statement may take before the server cancels it. Default 10,000 ms; 0 = for ever. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a free connection, or for a new one. Default 5,000 ms; 0 = for ever. */
  readonly acquireTimeoutMs?: number;
  /** How long a connection may stay idle before it is closed. Default 30,000 ms; 0 = for ever. */
  readonly idleTimeoutMs?: number;
  /** How a transaction that its process has forgotten is ended by the server. Default 60,000 ms; 0 = never. */
  readonly idleInTransactionTimeoutMs?: number;
  /** What `pg_stat_activity` shows. Default `commerce-promotions`. */
  readonly applicationName?: string;
  /** Told of idle connections that broke; they are replaced. Default: nobody. */
  readonly onIdleError?: (error: Error) => void;
}

/** The network may swallow a reply: the client gives up this much later than the server would have. */
const REPLY_MARGIN_MS = 5_000;

/** A data source with the tables of this package; `initialize()` it before use and `destroy()` it after. */
export function postgresDataSource({
  url,
  poolSize = 20,
  statementTimeoutMs = 10_000,
  acquireTimeoutMs = 5_000,
  idleTimeoutMs = 30_000,
  idleInTransactionTimeoutMs = 60_000,
  applicationName = 'commerce-promotions',
  onIdleError = () => undefined,
}: PostgresOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName,
    connectTimeoutMS: acquireTimeoutMs,
    // Without a listener, an idle connection that the server drops would end the process.
    poolErrorHandler: onIdleError,
    installExtensions: false,
    entities,
    migrations,
    migrationsTableName: 'promotions_migrations',
    migrationsTransactionMode: 'each',
    logging: false,
    extra: {
      keepAlive: true,
      // Statements of one transaction that don't wait for each other share a round trip; the server keeps their order.
      pipeline: true,
      idleTimeoutMillis: idleTimeoutMs,
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + REPLY_MARGIN_MS,
      idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    },
  });
}
