import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { EmptyProject, node, type PackageFolder, packages, type Ran, root, tool } from './packed.js';
import { examplesIn, filesIn } from './readme-examples.js';

interface EntryPoint {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

const api = JSON.parse(readFileSync(join(root, 'tests/architecture/public-api.json'), 'utf8')) as Record<
  string,
  EntryPoint
>;
const entries = Object.entries(api);
/** Compares everything, so that a failure shows what the program said. */
const ok = (ran: Ran): void => expect(ran).toEqual({ ...ran, code: 0 });

/** Prints the names of every entry point as JSON, with `load` the way of the module system. */
const printNames = (load: string): string => `
const names = {};
for (const entry of ${JSON.stringify(Object.keys(api))}) {
  names[entry] = Object.keys(${load}).filter(name => name !== '__esModule' && name !== 'module.exports').sort();
}
console.log(JSON.stringify(names));
`;

const useAll = (specifier: string, { values, types }: EntryPoint): string => `
import { ${[...values, ...types.map(name => `type ${name}`)].join(', ')} } from '${specifier}';
export type { ${types.join(', ')} };
export const all: readonly unknown[] = [${values.join(', ')}];
`;

let project: EmptyProject;

beforeAll(async () => {
  project = await EmptyProject.withTarballs();
}, 120_000);

afterAll(() => project?.remove());

jest.setTimeout(60_000);

describe.each(packages)('@org/%s, packed', folder => {
  it('carries the compiled code, its types, a README and the licence, and no tests', () => {
    const files = project.packed.find(packed => packed.folder === folder)?.files ?? [];
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
    );
    expect(files.filter(path => /\.(?:test|fixtures)\.|tsbuildinfo$/.test(path))).toEqual([]);
  });

  it('pleases publint', async () => {
    const ran = await node(
      [tool('publint/src/cli.js'), 'run', project.installed(folder), '--pack', 'false', '--strict'],
      project.folder,
    );
    ok(ran);
    expect(ran.stdout).toContain('All good!');
  });

  it('has right types for every ES module resolution', async () => {
    const tarball = project.packed.find(packed => packed.folder === folder)?.tarball ?? '';
    const cli = tool('@arethetypeswrong/cli/dist/index.js');
    ok(
      await node(
        [cli, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'],
        project.folder,
      ),
    );
  });
});

describe('an empty project with the five packages', () => {
  const pinned = Object.fromEntries(entries.map(([entry, { values }]) => [entry, [...values].sort()]));

  it('imports every pinned name from an ES module', async () => {
    await project.write('names.mjs', printNames('await import(entry)'));
    const ran = await node(['names.mjs'], project.folder);
    ok(ran);
    expect(JSON.parse(ran.stdout)).toEqual(pinned);
  });

  it('requires every pinned name from CommonJS, without a warning', async () => {
    await project.write('names.cjs', printNames('require(entry)'));
    const ran = await node(['names.cjs'], project.folder);
    expect(ran).toEqual({ ...ran, code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual(pinned);
  });

  it('compiles against @org/domain with its declarations checked, as a module and as CommonJS', async () => {
    const domain = api['@org/domain'] ?? { values: [], types: [] };
    const files = [
      await project.write('domain.mts', useAll('@org/domain', domain)),
      await project.write('domain.cts', "import domain = require('@org/domain');\nexport = Object.keys(domain);\n"),
    ];
    const ran = await project.compile(files, { skipLibCheck: false });
    ok(ran);
  });

  it('compiles against every other entry point', async () => {
    const files = await Promise.all(
      entries.map(([entry, names], index) => project.write(`entry-${index}.mts`, useAll(entry, names))),
    );
    const ran = await project.compile(files, { skipLibCheck: true });
    ok(ran);
  });

  it('@org/domain brings nothing with it', async () => {
    const manifest = JSON.parse(await project.read('node_modules/@org/domain/package.json')) as Record<string, unknown>;
    expect(Object.keys(manifest).filter(key => /dependencies$/i.test(key))).toEqual([]);
  });
});

/** Writes the programs of a page into the empty project, compiles those in TypeScript together, and runs all. */
async function compileAndRun(name: string, markdown: string): Promise<void> {
  const programs = await Promise.all(
    examplesIn(markdown).map(async ({ language, notes, code, line }) => {
      const extension = language === 'ts' ? 'mts' : language === 'js' ? 'mjs' : 'cjs';
      return { file: await project.write(`readme/${name}-line-${line}.${extension}`, code), notes };
    }),
  );
  const typed = programs.map(({ file }) => file).filter(file => file.endsWith('.mts'));
  ok(await project.compile(typed, { skipLibCheck: true, emit: true }));
  for (const { file, notes } of programs) {
    if (notes === 'no-run') continue;
    const ran = await node([file.replace(/\.mts$/, '.mjs')], project.folder);
    expect({ file, ...ran }).toEqual({ file, ...ran, code: 0, stderr: '' });
  }
}

describe('the pages of the repository', () => {
  it('README.md shows programs that compile and run', () =>
    compileAndRun('repository', readFileSync(join(root, 'README.md'), 'utf8')));

  it('docs/writing-an-adapter.md shows files that compile together, and a proof that runs', async () => {
    await project.write('guide/package.json', JSON.stringify({ type: 'module' }));
    const guide = filesIn(readFileSync(join(root, 'docs/writing-an-adapter.md'), 'utf8'));
    expect(guide.map(({ name }) => name)).toContain('prove.ts');
    const files = await Promise.all(guide.map(({ name, code }) => project.write(`guide/${name}`, code)));
    ok(await project.compile(files, { skipLibCheck: true, emit: true }));
    const ran = await node(['guide/prove.js'], project.folder);
    expect(ran).toEqual({ ...ran, code: 0, stderr: '', stdout: expect.stringMatching(/^PASSED /) });
  });
});

describe.each(packages)('the README of @org/%s', folder => {
  const examples = () => examplesIn(readReadme(folder));

  it('shows a program in TypeScript and tells CommonJS users how to load the package', () => {
    expect(examples().map(({ language }) => language)).toEqual(expect.arrayContaining(['ts', 'cjs']));
  });

  it('shows programs that compile and run', () => compileAndRun(folder, readReadme(folder)));
});

function readReadme(folder: PackageFolder): string {
  return readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8');
}
