import { posix } from 'node:path';
import { type Project, sourceOfTarget, type Unit } from './project.js';

/** The names that people can import from one entry point. Types are gone at run time, values are not. */
export interface EntryPoint {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

type Kind = 'value' | 'type';
type Names = Map<string, Kind>;

const declaration =
  /\bexport\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(const|let|function\s*\*?|class|enum|interface|type)\s+([\w$]+)(?=\s*[<=({:;]|\s+(?:extends|implements)\b)/g;
const list = /\bexport\s+(type\s+)?\{([^}]*)\}(?:\s*from\s*"#(\d+)")?/g;
const star = /\bexport\s+(type\s+)?\*\s*(?:as\s+([\w$]+)\s+)?from\s*"#(\d+)"/g;

const kindOf = (keyword: string | undefined): Kind => (/^(?:interface|type)\b/.test(keyword ?? '') ? 'type' : 'value');

function namesIn(path: string, units: ReadonlyMap<string, Unit>): Names {
  const unit = units.get(path);
  if (!unit) throw new Error(`${path} is exported and does not exist`);
  const { code, literals } = unit.source;
  const names: Names = new Map();
  for (const [, keyword, name = ''] of code.matchAll(declaration)) {
    // A value and a type may share a name; people then get both, and the value is what can be missed.
    if (names.get(name) !== 'value') names.set(name, kindOf(keyword));
  }
  for (const [, ofTypes, inner = ''] of code.matchAll(list)) {
    for (const item of inner.split(',').map(part => part.trim())) {
      const name = item.split(/\s+/).at(-1);
      if (name) names.set(name, ofTypes || item.startsWith('type ') ? 'type' : 'value');
    }
  }
  for (const [, ofTypes, alias, number] of code.matchAll(star)) {
    if (alias) names.set(alias, ofTypes ? 'type' : 'value');
    const specifier = literals[Number(number)] ?? '';
    if (alias || !specifier.startsWith('.')) continue;
    const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
    for (const [name, kind] of namesIn(target, units)) if (name !== 'default') names.set(name, ofTypes ? 'type' : kind);
  }
  return names;
}

/** Every entry point of every published package with its names in order. */
export function publicApi({ units, manifests }: Project): Record<string, EntryPoint> {
  const byPath = new Map(units.map(unit => [unit.path, unit]));
  const entries = manifests
    .filter(({ path }) => path.startsWith('packages/'))
    .flatMap(({ path, name, exports = {} }) =>
      Object.entries(exports).flatMap(([entry, target]) => {
        const source = posix.join(posix.dirname(path), sourceOfTarget(target.default));
        if (!byPath.has(source)) return []; // an entry point not written yet; the packed packages are tested for that
        const names = [...namesIn(source, byPath)];
        const of = (kind: Kind): string[] => names.flatMap(([id, its]) => (its === kind ? [id] : [])).sort();
        return [[`${name}${entry.slice(1)}`, { values: of('value'), types: of('type') }] as const];
      }),
    );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
