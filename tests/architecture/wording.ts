import { linksLeadSomewhere } from './links.js';
import type { Breach, Project, SourceFile, Unit } from './project.js';
import { sourceOfTarget } from './project.js';
import { lineAt } from './source.js';

interface Ban {
  readonly pattern: RegExp;
  readonly message: string;
  readonly where: (unit: Unit) => boolean;
}

const inside = (...folders: readonly string[]) => {
  return (unit: Unit): boolean => !unit.forTests && folders.some(folder => unit.path.startsWith(folder));
};

/** Tools around the core, not the core: they may wait, and two of them make time themselves. */
const tools = ['memory', 'contracts', 'simulation'].map(folder => `packages/application/src/${folder}/`);
const isCore = (unit: Unit): boolean =>
  inside('packages/domain/src/', 'packages/application/src/')(unit) && !tools.some(tool => unit.path.startsWith(tool));
const inSource = (unit: Unit): boolean => /^(?:packages|examples)\/[^/]+\/src\//.test(unit.path);
const inPersistence = inside('packages/adapters-persistence/');

/** Group commit has to wait for its neighbours; nothing else in the core waits. */
const mayWait = new Set(['packages/application/src/coalesce.ts']);

const bans: Readonly<Record<string, readonly Ban[]>> = {
  'no-clock-in-the-core': [
    { pattern: /\bDate\s*\.\s*now\b/g, message: 'reads the clock', where: isCore },
    { pattern: /\bnew\s+Date\b(?!\s*\(\s*[^\s)])/g, message: 'reads the clock', where: isCore },
    { pattern: /(?<!new\s+|\.)\bDate\s*\(/g, message: 'reads the clock', where: isCore },
    { pattern: /\bperformance\b\s*\./g, message: 'reads the clock', where: isCore },
    { pattern: /\.\s*(?:format|formatToParts)\s*\(\s*\)/g, message: 'formats the time of the clock', where: isCore },
  ],
  'no-host-settings-in-the-core': [
    {
      pattern: /\.\s*(?:get|set)(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)\s*\(/g,
      message: "uses the host's time zone",
      where: isCore,
    },
    { pattern: /\.\s*toLocale\w*\s*\(|\blocaleCompare\b/g, message: "uses the host's language", where: isCore },
    { pattern: /\bIntl\s*\.\s*\w+\s*\(\s*(?:\)|undefined\b)/g, message: "uses the host's language", where: isCore },
  ],
  'no-randomness-in-the-core': [
    { pattern: /\bMath\s*\.\s*random\b/g, message: 'is random', where: isCore },
    { pattern: /\bcrypto\b\s*[.;)]/g, message: 'is random', where: isCore },
  ],
  'no-timers-in-the-core': [
    {
      pattern: /(?<!\.)\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)\b/g,
      message: 'waits',
      where: unit => isCore(unit) && !mayWait.has(unit.path),
    },
  ],
  'no-host-in-the-core': [
    {
      pattern: /(?<![.\w])(?:process|globalThis|global|console|fetch|navigator|window)\b(?=\s*[.([;,)])(?!\s*\)\s*:)/g,
      message: 'touches the host',
      where: isCore,
    },
  ],
  'guarded-writes-only': [
    {
      pattern: /\bget(?:Tree|Mongo|Custom)?Repository\b/g,
      message: 'a repository of TypeORM writes without looking at the version',
      where: inPersistence,
    },
    {
      pattern: /\b\w*[mM]anager\b\s*[?!]?\.\s*(?:save|upsert|update|remove|softRemove|recover)\s*\(/g,
      message: 'an entity manager writes without looking at the version',
      where: inPersistence,
    },
    {
      pattern: /\.\s*save\s*\((?!\s*tx\b)/g,
      message: 'only a port of ours, which is handed the transaction, is asked to save',
      where: inPersistence,
    },
    { pattern: /\.\s*upsert\s*\(/g, message: 'upsert overwrites what it never read', where: inPersistence },
    {
      pattern: /\bimport\b[^"]*\b(?:Repository|TreeRepository|BaseEntity)\b[^"]*"#\d+"/g,
      message: 'a repository of TypeORM writes without looking at the version',
      where: unit => inPersistence(unit) && unit.source.literals.includes('typeorm'),
    },
  ],
  'no-escape-from-types': [
    {
      pattern: /\bas\s+any\b|[:<,|]\s*any\b(?=\s*[>;,)=|[\]])/g,
      message: '`any` switches the checks off',
      where: () => true,
    },
  ],
  'no-disabled-tests': [
    {
      pattern: /\b(?:it|test|describe)\s*\.\s*(?:concurrent\s*\.\s*)?(?:skip|only|todo|failing)\b/g,
      message: 'a test that does not run proves nothing',
      where: unit => unit.forTests,
    },
    {
      pattern: /(?<![.\w])(?:x(?:it|test|describe)|f(?:it|describe))\s*\(/g,
      message: 'a test that does not run proves nothing',
      where: unit => unit.forTests,
    },
  ],
};

const banRule =
  (rule: string, list: readonly Ban[]) =>
  ({ units }: Project): Breach[] =>
    units.flatMap(unit =>
      list
        .filter(ban => ban.where(unit))
        .flatMap(({ pattern, message }) =>
          [...unit.source.code.matchAll(pattern)].map(found => ({
            rule,
            path: unit.path,
            line: lineAt(unit.source.code, found.index),
            message: `${found[0].trim()}: ${message}`,
          })),
        ),
    );

const longest = 250;
const exempt = /\/migrations\//;

function shortFiles({ units }: Project): Breach[] {
  const lines = (text: string): number => text.replace(/\n$/, '').split('\n').length;
  return units
    .filter(unit => inSource(unit) && !exempt.test(unit.path) && lines(unit.text) > longest)
    .map(({ path, text }) => ({
      rule: 'short-files',
      path,
      line: longest + 1,
      message: `${lines(text)} lines, at most ${longest}: split it by what it is about`,
    }));
}

/** An `index.ts` stands at an entry point and nowhere else, and no other file merely passes things on. */
function noBarrels({ units }: Project): Breach[] {
  return units.filter(inSource).flatMap(({ path, source, manifest, home }) => {
    const entries = Object.values(manifest?.exports ?? {}).map(({ default: target }) => sourceOfTarget(target));
    if (entries.some(entry => `${home}/${entry}` === path)) return [];
    const rest = source.code.replace(/\bexport\b[\s\w{},*$]*?\bfrom\s*"#\d+"\s*;?/g, '');
    const passesOn = rest !== source.code && rest.trim() === '';
    if (!path.endsWith('/index.ts') && !passesOn) return [];
    return [{ rule: 'no-barrels', path, line: 1, message: 'is no entry point: import the file that has it' }];
  });
}

const silencers = /@ts-(?:ignore|nocheck)\b/;

function noSilencers({ units }: Project): Breach[] {
  return units.flatMap(({ path, source, forTests }) =>
    source.comments
      .filter(comment => silencers.test(comment) || (!forTests && /@ts-expect-error\b/.test(comment)))
      .map(comment => ({ rule: 'no-silenced-compiler', path, line: 1, message: comment.trim() })),
  );
}

/** A lock file or a setting that names a registry sends every reader there. */
const foreign =
  /\bhttps?:\/\/[\w.-]*(?:registry|artifactory|nexus|npmmirror|verdaccio|jfrog)[\w.-]*|\bregistry\s*=\s*http\S*|_authToken\b(?!\\)|"resolved":\s*"http[^"]*/i;

function noRegistryHosts({ files }: Project): Breach[] {
  return files
    .filter(({ path }: SourceFile) => !path.startsWith('tests/architecture/'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const found = foreign.exec(line)?.[0];
        return found === undefined ? [] : [{ rule: 'no-registry-hosts', path, line: index + 1, message: found }];
      }),
    );
}

/** What may be written where. */
export const wordingRules: Readonly<Record<string, (project: Project) => Breach[]>> = {
  ...Object.fromEntries(Object.entries(bans).map(([rule, list]) => [rule, banRule(rule, list)])),
  'short-files': shortFiles,
  'no-barrels': noBarrels,
  'no-silenced-compiler': noSilencers,
  'no-registry-hosts': noRegistryHosts,
  'links-lead-somewhere': linksLeadSomewhere,
};
