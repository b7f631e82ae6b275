/** TypeScript text with its comments blanked and its strings taken out, so that words inside them deceive nobody. */
export interface Source {
  /** Every string reads `"#n"`; line numbers are those of the original. */
  readonly code: string;
  readonly literals: readonly string[];
  readonly comments: readonly string[];
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly names: string;
}

const token =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*")|(?<regex>(?<=(?:^|[(,=:[!&|?{};+*%<>~^]|=>|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*)/my;
const importForm =
  /\b(?:import|export)\b([\s\w{},*$]*?\bfrom)?\s*"#(\d+)"|\b(?:import|require(?:\.resolve)?)\s*\(\s*(?:"#(\d+)"|([^)]*))/g;

const lineBreaks = (text: string): string => text.replace(/[^\n]/g, '');

/** Reads `text` without a parser: enough for the rules, and the rules' own tests say what is enough. */
export function readSource(text: string): Source {
  const literals: string[] = [];
  const comments: string[] = [];
  let at = 0;

  const take = (literal: string): string => `"#${literals.push(literal) - 1}"${lineBreaks(literal)}`;

  /** Code up to the end, or up to the brace that closes the hole of a template. */
  function code(inHole: boolean): string {
    let read = '';
    for (let depth = 0; at < text.length; ) {
      const char = text.charAt(at);
      if (inHole && char === '}' && depth === 0) break;
      if (char === '`') read += template();
      else if (char === '/' || char === "'" || char === '"') read += tokenOr(char);
      else {
        depth += char === '{' ? 1 : char === '}' ? -1 : 0;
        read += char;
        at++;
      }
    }
    return read;
  }

  function tokenOr(char: string): string {
    token.lastIndex = at;
    const groups = token.exec(text)?.groups;
    const [kind, match] = Object.entries(groups ?? {}).find(([, found]) => found !== undefined) ?? ['', char];
    at += match.length;
    if (kind === 'text') return take(match.slice(1, -1));
    if (kind === 'regex') return '/#/';
    if (kind !== 'comment') return char;
    comments.push(match);
    return ` ${lineBreaks(match)}`;
  }

  /** A template without holes is a string; of any other the holes are code. */
  function template(): string {
    let words = '';
    let holes = '';
    for (at++; at < text.length && text.charAt(at) !== '`'; ) {
      if (text.startsWith('${', at)) {
        at += 2;
        holes += ` +(${code(true)})`;
        at++;
      } else {
        const length = text.charAt(at) === '\\' ? 2 : 1;
        words += text.slice(at, at + length);
        at += length;
      }
    }
    at++;
    return holes === '' ? take(words) : holes + lineBreaks(words);
  }

  return { code: code(false), literals, comments };
}

export const lineAt = (code: string, index: number): number => code.slice(0, index).split('\n').length;

/** Every module a source asks for; one that only the running program knows has the specifier `?`. */
export function importsOf({ code, literals }: Source): Import[] {
  return [...code.matchAll(importForm)].map(found => {
    const number = found[2] ?? found[3];
    return {
      specifier: number === undefined ? '?' : (literals[Number(number)] ?? '?'),
      names: found[1] ?? '',
      line: lineAt(code, found.index),
    };
  });
}

/** `@org/application/memory` → `@org/application`, `pg/lib/x` → `pg`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
