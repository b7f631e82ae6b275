import { randomBytes } from 'node:crypto';
import { appendFile, chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Account, chooseAccount, runAs } from './account.js';
import { type Binaries, locateBinaries } from './binaries.js';
import { type RunningServer, runningServer, staleServer } from './running-server.js';
import { keptSecret } from './secret-file.js';

/** One folder of data with its programs: everything needed to start and stop its server. */
export interface Cluster {
  /** What Postgres calls the data directory. */
  readonly folder: string;
  readonly password: string;
  readonly account: Account;
  readonly binaries: Binaries;
}

export const superuser = 'promotions';

/** Durability is the product: nothing here trades it for speed. */
const settings = (port: number): Readonly<Record<string, string | number>> => ({
  listen_addresses: `'127.0.0.1'`,
  port,
  unix_socket_directories: `''`,
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  max_wal_size: `'1GB'`,
  shared_buffers: `'128MB'`,
  max_connections: 100,
  // One for every idempotency key that is being worked on: batches hold a thousand of them.
  max_locks_per_transaction: 256,
  jit: 'off',
  timezone: `'UTC'`,
  log_timezone: `'UTC'`,
  log_min_messages: 'warning',
});

const LARGEST_LOG = 10_000_000;

/** Finds or makes the cluster of a data folder. Nothing is running yet. */
export async function openCluster(dataDir: string): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const home = await realpath(dataDir);
  const folder = join(home, 'postgres');
  const password = await keptSecret(join(home, 'postgres.password'));
  const binaries = await locateBinaries(join(home, 'postgres-libraries'));
  const account = await chooseAccount([binaries.postgres, folder], folder);
  const cluster = { folder, password, account, binaries };
  if (!(await stat(join(folder, 'PG_VERSION')).catch(() => null))) await initialise(cluster);
  return cluster;
}

/** Made beside its place and moved there when it is complete: a start that was killed leaves no half of a cluster. */
async function initialise({ folder, password, account, binaries }: Cluster): Promise<void> {
  const draft = `${folder}.new-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${draft}.password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (account.user) {
      await chown(draft, account.user.uid, account.user.gid);
      await chown(passwordFile, account.user.uid, account.user.gid);
    }
    const args = [
      `--pgdata=${draft}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
    ];
    await runAs({ account, file: binaries.initdb, args, libraries: binaries.extraLibraries });
    await appendFile(join(draft, 'postgresql.conf'), `\ninclude = 'promotions.conf'\n`);
    await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
      // Somebody else was quicker: theirs counts.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

export const serverOf = (cluster: Cluster): Promise<RunningServer | null> => runningServer(cluster.folder);

/** A port on the loopback interface that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/**
 * Starts the server of a cluster and waits until it accepts connections. It runs in a session of its own: neither
 * Ctrl-C in our terminal nor our end reaches it, only `stopServer` does.
 */
export async function startServer(cluster: Cluster, port: number, maxConnections?: number): Promise<void> {
  const { folder, account, binaries } = cluster;
  const log = join(folder, 'server.log');
  const chosen = { ...settings(port), ...(maxConnections && { max_connections: maxConnections }) };
  const lines = Object.entries(chosen).map(([name, value]) => `${name} = ${value}`);
  await writeFile(join(folder, 'promotions.conf'), `# Written at every start.\n${lines.join('\n')}\n`, { mode: 0o644 });
  if (((await stat(log).catch(() => null))?.size ?? 0) > LARGEST_LOG) await rename(log, `${log}.old`);
  const args = ['start', '-w', '-t', '60', '-s', '-D', folder, '-l', log];
  try {
    await runAs({ account, file: binaries.pgCtl, args, libraries: binaries.extraLibraries });
  } catch (cause) {
    // The file of a server that is gone can name a process that lives again under its number.
    const stale = await staleServer(folder);
    if (stale) await rm(stale, { force: true });
    const tail = await readFile(log, 'utf8').catch(() => '');
    const words = tail.trim().split('\n').slice(-3).join(' | ');
    throw new Error(`Postgres did not start: ${(cause as Error).message} ${words}`.trim(), { cause });
  }
}

/** Ends the server at once but cleanly: open transactions are rolled back, everything committed is on the disk. */
export async function stopServer({ folder, account, binaries }: Cluster): Promise<void> {
  const args = ['stop', '-w', '-t', '60', '-s', '-m', 'fast', '-D', folder];
  try {
    await runAs({ account, file: binaries.pgCtl, args, libraries: binaries.extraLibraries });
  } catch (error) {
    if (await runningServer(folder)) throw error;
  }
}
