import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How the programs of Postgres are run: as ourselves, or, when we are root, as somebody who is not. */
export interface Account {
  /** Null = as ourselves. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** What goes before the command line. */
  readonly wrapper: readonly string[];
}

const idOf = async (option: '-u' | '-g', name: string) => Number((await execute('id', [option, name])).stdout);

/** Postgres refuses to run as root: `postgres` runs it where there is such a user, else `nobody`. */
async function unprivileged(): Promise<{ uid: number; gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: await idOf('-u', name), gid: await idOf('-g', name) };
    } catch {
      // The next one.
    }
  }
  throw new Error('Postgres does not run as root, and there is neither a user `postgres` nor `nobody` on this machine');
}

/** The first folder on the way to `path` that the user may not pass; null = the way is free. */
async function barrier(path: string, { uid, gid }: { uid: number; gid: number }): Promise<string | null> {
  const folders = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) folders.unshift(folder);
  for (const folder of folders) {
    const found = await stat(folder);
    const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
    if ((found.mode & bit) === 0) return folder;
  }
  return null;
}

/**
 * `setpriv` lends the one right to pass folders that are closed to others: neither the home of root nor a private
 * temporary folder has to be opened for the sake of the database.
 */
const passThrough = ({ uid, gid }: { uid: number; gid: number }, capability: string) => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  `--inh-caps=+${capability}`,
  `--ambient-caps=+${capability}`,
  '--',
];

/**
 * @param paths what the programs have to reach: themselves and the data
 * @throws Error naming the folder that is in the way
 */
export async function chooseAccount(paths: readonly string[], clusterFolder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { user: null, wrapper: [] };
  const owner = await stat(clusterFolder).catch(() => null);
  const user = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await unprivileged();
  const barriers = await Promise.all(paths.map(path => barrier(path, user)));
  const closed = barriers.find(folder => folder !== null);
  if (closed === undefined) return { user, wrapper: [] };
  for (const capability of ['dac_read_search', 'dac_override']) {
    const wrapper = passThrough(user, capability);
    const [command = '', ...rest] = [...wrapper, 'ls', '-d', ...paths.map(path => `${dirname(path)}/.`)];
    const passes = await execute(command, rest, { cwd: '/' }).then(
      () => true,
      () => false,
    );
    if (passes) return { user, wrapper };
  }
  throw new Error(
    `Postgres runs as user ${user.uid} here and may not pass ${closed}: run \`chmod o+x ${closed}\`, start the service ` +
      'as another user than root, put it and DATA_DIR elsewhere, or set DATABASE_URL',
  );
}

export interface Command {
  readonly account: Account;
  readonly file: string;
  readonly args: readonly string[];
  readonly libraries: string | null;
}

/** Runs a program of Postgres to its end; its own words are in the error. */
export async function runAs({ account, file, args, libraries }: Command): Promise<string> {
  const [command = file, ...rest] = [...account.wrapper, file, ...args];
  // Nothing of ours is inherited: a stray PGDATA or LC_ALL would change what is started.
  const env = {
    PATH: process.env.PATH ?? '',
    ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(libraries && { LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }),
  };
  const user = account.user && account.wrapper.length === 0 ? account.user : {};
  try {
    const { stdout } = await execute(command, rest, { cwd: '/', env, ...user });
    return stdout;
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as { stderr?: string; stdout?: string; message: string };
    const words = `${stderr}\n${stdout}`.trim().split('\n').slice(-4).join(' ');
    throw new Error(words || message, { cause: error });
  }
}
