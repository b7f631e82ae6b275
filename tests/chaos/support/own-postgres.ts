import { join } from 'node:path';
import pg from 'pg';
import {
  freePort,
  openCluster,
  startServer,
  stopServer,
  superuser,
} from '../../../examples/service/src/embedded/cluster.js';
import { runFolder } from '../../support/run.js';

/** A server that a test may fill up: nobody else is on it. */
export interface OwnPostgres {
  readonly url: string;
  /** Where its files are. */
  readonly folder: string;
  /** Asks over a connection that is there from the start. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Another client of it. */
  client(): Promise<pg.Client>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(name: string, maxConnections: number): Promise<OwnPostgres> {
  const cluster = await openCluster(join(runFolder(), name));
  const port = await freePort();
  await startServer(cluster, port, maxConnections);
  const url = `postgres://${superuser}:${cluster.password}@127.0.0.1:${port}/postgres`;
  const client = async () => {
    const made = new pg.Client({ connectionString: url });
    made.on('error', () => undefined);
    await made.connect();
    return made;
  };
  const own = await client().catch(async error => {
    await stopServer(cluster);
    throw error;
  });
  return {
    url,
    folder: cluster.folder,
    client,
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await own.query(sql, [...parameters])).rows as Row[];
    },
    async stop() {
      await own.end();
      await stopServer(cluster);
    },
  };
}
