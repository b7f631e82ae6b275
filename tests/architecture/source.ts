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
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*")|(?<template>`(?:\\[\s\S]|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*`)|(?<regex>(?<=(?:^|[(,=:[!&|?{};+*%<>~^]|=>|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*)/gm;
const hole = /\$\{((?:[^{}`]|`[^`]*`|\{[^{}]*\})*)\}/g;
const importForm =
  /\b(?:import|export)\b([\s\w{},*$]*?\bfrom)?\s*"#(\d+)"|\b(?:import|require(?:\.resolve)?)\s*\(\s*(?:"#(\d+)"|([^)]*))/g;

const lineBreaks = (text: string): string => text.replace(/[^\n]/g, '');

/** Reads `text` without a parser: enough for the rules, and the rules' own tests say what is enough. */
export function readSource(text: string): Source {
  const literals: string[] = [];
  const comments: string[] = [];
  const take = (literal: string): string => `"#${literals.push(literal) - 1}"`;
  const code = text.replace(token, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    if (groups.comment !== undefined) {
      comments.push(match);
      return ` ${lineBreaks(match)}`;
    }
    if (groups.text !== undefined) return take(match.slice(1, -1)) + lineBreaks(match);
    if (groups.regex !== undefined) return '/#/';
    const inside = [...match.matchAll(hole)].map(found => found[1] ?? '');
    if (inside.length === 0) return take(match.slice(1, -1)) + lineBreaks(match);
    const read = readSource(`(${inside.join('); (')})`);
    const shifted = read.code.replace(/"#(\d+)"/g, (_, n: string) => take(read.literals[Number(n)] ?? ''));
    return shifted + lineBreaks(match).slice(lineBreaks(shifted).length);
  });
  return { code, literals, comments };
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
