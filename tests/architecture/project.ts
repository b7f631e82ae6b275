import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { readSource, type Source } from './source.js';

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Manifest {
  readonly path: string;
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Breach {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A TypeScript file together with where it stands. */
export interface Unit extends SourceFile {
  readonly source: Source;
  /** `packages/domain`, `examples/service`, or the top folder of anything else. */
  readonly home: string;
  readonly manifest: Manifest | undefined;
  /** Tests and fixtures: they may use test tools, but know no more packages than the code they test. */
  readonly forTests: boolean;
}

export interface Project {
  readonly files: readonly SourceFile[];
  readonly manifests: readonly Manifest[];
  readonly units: readonly Unit[];
}

export const testFile = /\.(?:test|fixtures)\.ts$/;

/** What the rules look at, made of plain texts, so that a planted breach needs no disk. */
export function projectOf(files: readonly SourceFile[], manifests: readonly Manifest[]): Project {
  const units = files
    .filter(({ path }) => path.endsWith('.ts'))
    .map(file => {
      const home = /^(?:packages|examples)\/[^/]+|^[^/]+/.exec(file.path)?.[0] ?? '';
      const manifest = manifests.find(({ path }) => posix.dirname(path) === home);
      return { ...file, source: readSource(file.text), home, manifest, forTests: testFile.test(file.path) };
    });
  return { files, manifests, units };
}

/** The source file behind an entry point: `./dist/memory/index.js` → `src/memory/index.ts`. */
export const sourceOfTarget = (target: string): string => target.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts');

const root = join(import.meta.dirname, '../..');
const readable =
  /\.(?:ts|js|mjs|cjs|json|md|ya?ml|sql|html|sh)$|^\.(?:npmrc|gitignore)$|^run$|^(?:LICENSE|Dockerfile)$/;
const left = new Set(['node_modules', 'dist', 'coverage', '.git', '.data']);

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return left.has(entry.name) ? [] : walk(path);
    return readable.test(entry.name) && !entry.name.endsWith('.tsbuildinfo') ? [path] : [];
  });
}

/** The repository as it lies on disk. */
export function readProject(): Project {
  const files = walk('.').map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const manifests = files
    .filter(({ path }) => path.endsWith('package.json') && !dirname(path).includes('node_modules'))
    .map(({ path, text }) => ({ ...(JSON.parse(text) as Omit<Manifest, 'path'>), path }));
  return projectOf(files, manifests);
}
