import { posix } from 'node:path';
import { installed } from './layering.js';
import type { Breach, Manifest, Project } from './project.js';

const lifecycle = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
const published = ({ path }: Manifest): boolean => path.startsWith('packages/');
const breach = (rule: string, path: string, message: string): Breach => ({ rule, path, line: 1, message });

/** One version of one thing: two copies of a driver in a process are two pools and two truths. */
function oneVersionOfEach({ manifests }: Project): Breach[] {
  const rule = 'one-version-of-each';
  const seen = new Map<string, { readonly version: string; readonly path: string }>();
  const all = manifests.flatMap(manifest =>
    Object.entries({ ...manifest.devDependencies, ...installed(manifest) }).map(entry => ({ manifest, entry })),
  );
  return all.flatMap(({ manifest, entry: [name, version] }) => {
    const first = seen.get(name);
    if (!first) seen.set(name, { version, path: manifest.path });
    if (first && first.version !== version)
      return [breach(rule, manifest.path, `${name}@${version}, but ${first.version} in ${first.path}`)];
    return /^\d/.test(version) ? [] : [breach(rule, manifest.path, `${name}@${version} is no exact version`)];
  });
}

/** The five packages are released together, under one licence, and run nothing when they are installed. */
function packagesAgree({ manifests }: Project): Breach[] {
  const rule = 'packages-agree';
  const root = manifests.find(({ path }) => path === 'package.json');
  return manifests.filter(published).flatMap(manifest => {
    const own = Object.entries(installed(manifest)).filter(([name]) => name.startsWith('@org/'));
    const demands: readonly (readonly [boolean, string])[] = [
      [manifest.version === root?.version, `version ${manifest.version} is not that of the root`],
      [manifest.license === 'MIT', 'the licence is MIT'],
      [manifest.type === 'module', 'ES modules throughout'],
      [manifest.private !== true, 'is published'],
      [manifest.engines?.node === root?.engines?.node, 'engines differ from the root'],
      [['dist', 'README.md', 'LICENSE'].every(file => manifest.files?.includes(file)), 'files lacks a part'],
      [lifecycle.every(script => !(script in (manifest.scripts ?? {}))), 'runs a script when it is installed'],
      [own.every(([, version]) => version === manifest.version), 'needs another version of a sister package'],
      [
        Object.values(manifest.exports ?? {}).every(entry => Object.keys(entry)[0] === 'types'),
        'an entry point names its types first',
      ],
    ];
    return demands.filter(([met]) => !met).map(([, message]) => breach(rule, manifest.path, message));
  });
}

/** A licence that is not in the tarball is not given. */
function licenceInEach({ files, manifests }: Project): Breach[] {
  const text = files.find(({ path }) => path === 'LICENSE')?.text;
  return manifests.filter(published).flatMap(({ path }) => {
    const copy = files.find(file => file.path === `${posix.dirname(path)}/LICENSE`)?.text;
    return copy !== undefined && copy === text
      ? []
      : [breach('licence-in-each', path, 'LICENSE differs from the root')];
  });
}

export const manifestRules: Readonly<Record<string, (project: Project) => Breach[]>> = {
  'one-version-of-each': oneVersionOfEach,
  'packages-agree': packagesAgree,
  'licence-in-each': licenceInEach,
};
