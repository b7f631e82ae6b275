import { posix } from 'node:path';
import type { Breach, Manifest, Project, Unit } from './project.js';
import { type Import, importsOf, packageOf } from './source.js';

interface Layer {
  readonly home: RegExp;
  /** Packages of this repository that it may use, in code, in tests and in its manifest. */
  readonly org: readonly string[];
  /** Whether its code may use npm packages and Node's modules at all. */
  readonly outside: boolean;
}

/** Dependencies point inwards: the whole architecture in one table. Whatever is not in it may use everything. */
const layers: readonly Layer[] = [
  { home: /^packages\/domain$/, org: ['@org/domain'], outside: false },
  { home: /^packages\/application$/, org: ['@org/domain', '@org/application'], outside: false },
  { home: /^packages\/adapters-/, org: ['@org/domain', '@org/application'], outside: true },
];

/** Contract suites compare with Node's assertions, and one of them wraps Jest. */
const contractsFolder = 'packages/application/src/contracts/';
const contractModules = new Set(['node:assert', 'node:assert/strict']);

/** What a manifest asks of people who install it. */
export const installed = (manifest: Manifest): Readonly<Record<string, string>> => ({
  ...manifest.dependencies,
  ...manifest.peerDependencies,
  ...manifest.optionalDependencies,
});

const layerOf = (home: string): Layer | undefined => layers.find(layer => layer.home.test(home));
const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const isNode = (specifier: string): boolean => specifier.startsWith('node:');
const isOrg = (specifier: string): boolean => specifier.startsWith('@org/');

const reaches = (unit: Unit, found: Import): string => posix.join(posix.dirname(unit.path), found.specifier);

type Judgement = (unit: Unit, found: Import, project: Project) => string | undefined;

const pointsInwards: Judgement = (unit, { specifier }) => {
  const layer = layerOf(unit.home);
  if (!layer || isRelative(specifier)) return undefined;
  const outwards = `${unit.home} must not import ${specifier}`;
  if (isOrg(specifier)) {
    const name = packageOf(specifier);
    return layer.org.includes(name) || name === unit.manifest?.name ? undefined : outwards;
  }
  if (layer.outside || unit.forTests) return undefined;
  return unit.path.startsWith(contractsFolder) && contractModules.has(specifier) ? undefined : outwards;
};

const judgements: Readonly<Record<string, Judgement>> = {
  /** A relative path that leaves its package goes round every other rule. Tests may share what starts real components. */
  'stay-in-your-package': (unit, found) => {
    if (!/^(?:packages|examples)\//.test(unit.home) || !isRelative(found.specifier)) return undefined;
    if (unit.forTests && reaches(unit, found).startsWith('tests/support/')) return undefined;
    return reaches(unit, found).startsWith(`${unit.home}/`) ? undefined : `${found.specifier} leaves ${unit.home}`;
  },

  'layers-point-inwards': pointsInwards,

  'import-what-you-declare': (unit, found, project) => {
    const { manifest, forTests } = unit;
    const { specifier } = found;
    if (!manifest || forTests || isRelative(specifier) || isNode(specifier) || specifier === '?') return undefined;
    if (pointsInwards(unit, found, project) !== undefined) return undefined;
    const name = packageOf(specifier);
    return name in installed(manifest) ? undefined : `${name} is not among the dependencies of ${manifest.path}`;
  },

  /** `@org/x/dist/…` would tie a caller to a file that may move. */
  'entry-points-only': (_unit, { specifier }, { manifests }) => {
    if (!isOrg(specifier)) return undefined;
    const name = packageOf(specifier);
    const owner = manifests.find(manifest => manifest.name === name);
    const asked = specifier === name ? '.' : `.${specifier.slice(name.length)}`;
    return owner?.exports && asked in owner.exports ? undefined : `${specifier} is no entry point`;
  },

  'inversify-in-the-container-only': (unit, { specifier }) => {
    if (packageOf(specifier) !== 'inversify') return undefined;
    return /^examples\/[^/]+\/src\/container[^/]*\.ts$/.test(unit.path) ? undefined : 'inversify outside container.ts';
  },
};

/** Who may import whom. */
export const importRules: Readonly<Record<string, (project: Project) => Breach[]>> = Object.fromEntries(
  Object.entries(judgements).map(([rule, judge]) => [
    rule,
    (project: Project) =>
      project.units.flatMap(unit =>
        importsOf(unit.source).flatMap(found => {
          const message = judge(unit, found, project);
          return message === undefined ? [] : [{ rule, path: unit.path, line: found.line, message }];
        }),
      ),
  ]),
);

/** The same table once more, for the manifests. */
export function manifestLayers({ manifests }: Project): Breach[] {
  return manifests.flatMap(manifest => {
    const layer = layerOf(posix.dirname(manifest.path));
    if (!layer) return [];
    return Object.keys(installed(manifest))
      .filter(name => (isOrg(name) ? !layer.org.includes(name) || name === manifest.name : !layer.outside))
      .map(name => ({
        rule: 'manifests-point-inwards',
        path: manifest.path,
        line: 1,
        message: `${manifest.name} must not depend on ${name}`,
      }));
  });
}
