import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { settings } from '../../examples/service/src/config/settings.js';

export const root = join(import.meta.dirname, '../..');
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every variable that the service reads. */
export const variables: ReadonlySet<string> = new Set(Object.values(settings).map(({ variable }) => variable));

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string };
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}

export const composeText = textOf('compose.yaml');
export const compose = parse(composeText, { merge: true }) as Compose;

/** `${NAME:-fallback}` as it is when nobody sets anything. */
export const unset = (value: string): string =>
  value.replace(/\$\{(\w+)(?::?-([^}]*)|:?\?[^}]*)?\}/g, (_, _name, fallback = '') => fallback);

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  // What a kind has in it is looked at by the tests of that kind.
  readonly spec: Fields;
}

/** A part of a manifest, of which only the names are sure. */
export interface Fields {
  readonly [field: string]: Value;
}
export type Value = string | number | boolean | null | Fields | readonly Value[];

/** Follows a path like `spec.template.spec`; undefined where it ends early. */
export function at(value: Value | undefined, path: string): Value | undefined {
  return path
    .split('.')
    .reduce<Value | undefined>(
      (inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Fields)[step] : undefined),
      value,
    );
}

export const listAt = (value: Value | undefined, path: string): readonly Fields[] =>
  (at(value, path) ?? []) as readonly Fields[];

export interface Kustomization {
  readonly path: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator?: readonly { readonly name: string; readonly envs: readonly string[] }[];
}

export const kubernetes = 'deploy/kubernetes';
export const kustomizationOf = (folder: string): Kustomization => {
  const path = `${kubernetes}/${folder}/kustomization.yaml`;
  return { ...(parse(textOf(path)) as Omit<Kustomization, 'path'>), path };
};

export const folders = [
  'base',
  'components/kafka',
  'components/redis',
  'components/keda',
  'components/monitoring',
] as const;

/** Every manifest that the folder's kustomization names. */
export function manifestsOf(folder: string): readonly Manifest[] {
  const { resources = [] } = kustomizationOf(folder);
  return resources
    .filter(name => name.endsWith('.yaml'))
    .flatMap(name => parseAllDocuments(textOf(posix.join(kubernetes, folder, name))))
    .map(document => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as Manifest;
    });
}

export const manifests: readonly Manifest[] = folders.flatMap(manifestsOf);
export const ofKind = (kind: string): readonly Manifest[] => manifests.filter(each => each.kind === kind);

/** `NAME=value` lines of a file. */
export function envFile(path: string): Readonly<Record<string, string>> {
  const lines = textOf(path)
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2)));
}
