import type { EventEmitter } from 'node:events';
import { postgresDataSource } from '@org/adapters-persistence';
import { superuser } from './cluster.js';

/** The database of the service inside its cluster. */
export const database = 'promotions';

export const urlOf = (password: string, port: number, name: string) =>
  `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;

/** A session that holds the data folder: it ends with the process, however that ends, and with the server. */
export interface Ownership {
  release(): Promise<void>;
  /** Called once when the session is lost without `release`. */
  onLost(listener: () => void): void;
}

export type Claim =
  | { readonly owned: true; readonly ownership: Ownership }
  /** `owner` says who: `promotions owner, process 4711`. */
  | { readonly owned: false; readonly owner: string };

const LOCK = `hashtextextended('promotions data folder', 0)`;

const ownerSql = `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and (l.classid::bigint << 32 | l.objid::bigint) = ${LOCK}`;

/** Never closed for being idle or slow: it does nothing but hold a lock. */
const patient = { poolSize: 1, statementTimeoutMs: 0, idleTimeoutMs: 0, idleInTransactionTimeoutMs: 0 } as const;

/**
 * Claims the data folder of a running server for this process, by an advisory lock of a session: no file has to be
 * cleaned up after a kill, and no process number can be mistaken for another one.
 * @throws Error when the server doesn't accept connections
 */
export async function claimDataFolder(password: string, port: number): Promise<Claim> {
  const applicationName = `promotions owner, process ${process.pid}`;
  const dataSource = postgresDataSource({ url: urlOf(password, port, 'postgres'), applicationName, ...patient });
  await dataSource.initialize();
  const runner = dataSource.createQueryRunner();
  // A connection that is not given back would keep the lock, and the data source open.
  const end = async () => {
    await runner.release().catch(() => undefined);
    await dataSource.destroy().catch(() => undefined);
  };
  try {
    const connection = (await runner.connect()) as EventEmitter;
    let lost: (() => void) | null = null;
    let over = false;
    const onEnd = () => {
      if (over) return;
      over = true;
      void end();
      lost?.();
    };
    connection.on('error', onEnd).on('end', onEnd);
    const [{ owned }] = (await runner.query(`select pg_try_advisory_lock(${LOCK}) as owned`)) as [{ owned: boolean }];
    if (!owned) {
      const [holder] = (await runner.query(ownerSql)) as { name: string }[];
      over = true;
      await end();
      return { owned: false, owner: holder?.name ?? 'a process that is just ending' };
    }
    const [found] = (await runner.query('select from pg_database where datname = $1', [database])) as object[];
    if (!found) await runner.query(`create database ${database}`);
    const release = async () => {
      over = true;
      await end();
    };
    return {
      owned: true,
      ownership: {
        release,
        onLost(listener) {
          lost = listener;
          if (over) listener();
        },
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
