import { importRules, manifestLayers } from './layering.js';
import { manifestRules } from './manifests.js';
import { type Breach, type Manifest, type Project, projectOf, type SourceFile } from './project.js';
import { wordingRules } from './wording.js';

/** Every rule of the repository by its name. A new one goes in here and gets a planted breach in rules.test.ts. */
export const rules: Readonly<Record<string, (project: Project) => Breach[]>> = {
  ...importRules,
  'manifests-point-inwards': manifestLayers,
  ...manifestRules,
  ...wordingRules,
};

/** Every breach in `project`, in the order of the rules. */
export const breachesIn = (project: Project): Breach[] => Object.values(rules).flatMap(rule => rule(project));

/** The same for plain texts. */
export const breachesOf = (files: readonly SourceFile[], manifests: readonly Manifest[]): Breach[] =>
  breachesIn(projectOf(files, manifests));

export const sentence = ({ rule, path, line, message }: Breach): string => `${path}:${line} ${rule}: ${message}`;
