import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const root = join(import.meta.dirname, '../..');
export const tool = (path: string): string => join(root, 'node_modules', path);
export const packages = ['domain', 'application', 'adapters-persistence', 'adapters-kafka', 'adapters-http'] as const;
export type PackageFolder = (typeof packages)[number];

export interface Packed {
  readonly folder: PackageFolder;
  readonly tarball: string;
  readonly files: readonly string[];
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only what a shell of somebody else would have: nothing of this repository, of npm's run, or of Jest. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:NODE_|JEST_|npm_(?:package|lifecycle|config_local)|INIT_CWD)/.test(name),
    ),
  );

/** Runs a program to its end; a program that fails is a result like any other. */
export async function execute(program: string, args: readonly string[], cwd: string): Promise<Ran> {
  try {
    const { stdout, stderr } = await run(program, args, { cwd, env: environment(), maxBuffer: 2 ** 26 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : -1, stdout, stderr: stderr || String(error) };
  }
}

export const node = (args: readonly string[], cwd: string): Promise<Ran> => execute(process.execPath, args, cwd);

/** An empty project with the five tarballs installed: where a reader of the READMEs begins. */
export class EmptyProject {
  private constructor(
    readonly folder: string,
    readonly packed: readonly Packed[],
  ) {}

  static async withTarballs(): Promise<EmptyProject> {
    const folder = await mkdtemp(join(tmpdir(), 'packed-'));
    const tarballs = join(folder, 'tarballs');
    await mkdir(tarballs);
    const names = packages.flatMap(name => ['--workspace', `packages/${name}`]);
    const pack = await execute('npm', ['pack', '--json', '--pack-destination', tarballs, ...names], root);
    if (pack.code !== 0) throw new Error(`npm pack: ${pack.stderr}`);
    const packed = packedFrom(pack.stdout, tarballs);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'empty-project', private: true }));
    const files = packed.map(({ tarball }) => tarball);
    const install = await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...files], folder);
    if (install.code !== 0) throw new Error(`npm install: ${install.stderr}`);
    return new EmptyProject(folder, packed);
  }

  installed(folder: PackageFolder): string {
    return join(this.folder, 'node_modules/@org', folder);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  async write(path: string, text: string): Promise<string> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true });
    await writeFile(join(this.folder, path), text);
    return path;
  }

  /** Type-checks like a careful user: NodeNext, strict, and with `emit` the JavaScript beside the sources. */
  async compile(
    files: readonly string[],
    options: { readonly skipLibCheck: boolean; readonly emit?: boolean },
  ): Promise<Ran> {
    const types = options.skipLibCheck ? ['--types', 'node', '--typeRoots', tool('@types')] : ['--types', ''];
    const flags = ['--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023', '--strict', ...types];
    const strictness = ['--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const rest = ['--skipLibCheck', String(options.skipLibCheck), ...(options.emit ? [] : ['--noEmit'])];
    return node([tool('typescript/bin/tsc'), ...flags, ...strictness, ...rest, ...files], this.folder);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

type PackReport = {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
};

/** npm answers with a list or with an object by name, depending on its version. */
function packedFrom(json: string, folder: string): Packed[] {
  const reports = Object.values(JSON.parse(json) as Record<string, PackReport>);
  return packages.map(name => {
    const report = reports.find(one => one.name === `@org/${name}`);
    if (!report) throw new Error(`npm pack left out @org/${name}`);
    return { folder: name, tarball: join(folder, report.filename), files: report.files.map(({ path }) => path) };
  });
}
