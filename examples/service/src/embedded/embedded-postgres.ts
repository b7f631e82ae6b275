import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, freePort, openCluster, serverOf, startServer, stopServer } from './cluster.js';
import { claimDataFolder, database, type Ownership, urlOf } from './ownership.js';

export interface EmbeddedOptions {
  /** Where the data lies and stays. */
  readonly dataDir: string;
  readonly log: (message: string) => void;
  /** The database is gone for good; the process should end. Default: nobody is told. */
  readonly onFatal?: (error: Error) => void;
}

export interface EmbeddedPostgres {
  /** Stays the same while the process lives, also when the server had to be started again. */
  readonly url: string;
  /** Ends the server and gives the data folder back. */
  stop(): Promise<void>;
}

/** Another living process serves from this folder. */
export class DataFolderInUseError extends Error {
  readonly code = 'DATA_FOLDER_IN_USE';
}

/** How long a start may fail before we give up: recovery after a crash, backends that are still ending. */
const PATIENCE_MS = 60_000;
/** How long a folder may be held by somebody who was killed a moment ago. */
const HELD_MS = 2_000;
const PAUSE_MS = 100;

/** Starts the server, or takes over the one that a killed process left behind, and holds the data folder. */
async function bringUp(cluster: Cluster, dataDir: string, portBefore: number | null, isWanted: () => boolean) {
  const begun = Date.now();
  let heldSince: number | null = null;
  let failure: unknown;
  while (isWanted() && Date.now() - begun < PATIENCE_MS) {
    try {
      const running = await serverOf(cluster);
      const port = running?.port ?? portBefore ?? (await freePort());
      if (!running) await startServer(cluster, port);
      else if (portBefore !== null && port !== portBefore) throw new Error(`the server moved to port ${port}`);
      const claim = await claimDataFolder(cluster.password, port);
      if (claim.owned) return { port, ownership: claim.ownership, adopted: running !== null };
      heldSince ??= Date.now();
      if (Date.now() - heldSince > HELD_MS)
        throw new DataFolderInUseError(`DATA_DIR ${dataDir} is in use by another running copy (${claim.owner})`);
    } catch (error) {
      if (error instanceof DataFolderInUseError) throw error;
      failure = error;
    }
    await sleep(PAUSE_MS);
  }
  throw new Error(`the embedded Postgres in ${dataDir} does not start`, { cause: failure });
}

/**
 * A real Postgres in a folder, for as long as this process lives. Whatever was killed before, the service, the server
 * or both, a start finds a way back; when the server dies under us, it is started again on the same port.
 * @throws DataFolderInUseError when another living process has the folder
 */
export async function startEmbeddedPostgres({
  dataDir,
  log,
  onFatal = () => undefined,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(dataDir);
  let wanted = true;
  let recovery: Promise<void> = Promise.resolve();
  let held: Ownership | null = null;
  const first = await bringUp(cluster, dataDir, null, () => true);
  if (first.adopted) log('took over the database server that an earlier process left behind');

  const keep = (ownership: Ownership) => {
    held = ownership;
    ownership.onLost(() => {
      held = null;
      if (wanted) recovery = recover();
    });
  };
  async function recover(): Promise<void> {
    log('lost the database server, starting it again');
    try {
      const again = await bringUp(cluster, dataDir, first.port, () => wanted);
      keep(again.ownership);
      log('the database server is back');
    } catch (error) {
      if (wanted) onFatal(error as Error);
    }
  }
  keep(first.ownership);

  return {
    url: urlOf(cluster.password, first.port, database),
    async stop() {
      wanted = false;
      await recovery;
      await stopServer(cluster);
      await held?.release();
    },
  };
}

/** The database of a copy that is running now, for a command beside it; null when none is. */
export async function urlOfRunning(dataDir: string): Promise<string | null> {
  const cluster = await openCluster(dataDir);
  const running = await serverOf(cluster);
  if (!running) return null;
  const claim = await claimDataFolder(cluster.password, running.port).catch(() => null);
  if (!claim) return null;
  if (!claim.owned) return urlOf(cluster.password, running.port, database);
  // Nobody looks after it: not a running copy, an orphan.
  await claim.ownership.release();
  return null;
}
