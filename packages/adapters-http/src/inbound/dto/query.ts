import { createHash } from 'node:crypto';
import type { Page } from '@org/application';
import { isCallerId } from '@org/domain';
import { malformed, type Problem, unprocessable } from '../problem.js';
import { callerId, type Schema } from './kinds.js';

/** A parameter of the query: a word of a few, an id, the page, or text that its endpoint reads by itself. */
export type Parameter = 'limit' | 'cursor' | 'id' | 'text' | { readonly words: readonly string[] };
export type Parameters = Readonly<Record<string, Parameter>>;

const LARGEST_PAGE = 200;
const DEFAULT_PAGE = 50;

export const parameterSchema = (parameter: Parameter): Schema => {
  if (parameter === 'limit') return { type: 'integer', minimum: 1, maximum: LARGEST_PAGE, default: DEFAULT_PAGE };
  if (parameter === 'id') return callerId.schema;
  return parameter === 'cursor' || parameter === 'text'
    ? { type: 'string' }
    : { type: 'string', enum: parameter.words };
};

export interface Query extends Page {
  readonly words: Readonly<Record<string, string | undefined>>;
}

/** Reads what comes after the `?` by the parameters that the endpoint knows; `list` names the list that cursors are of. */
export function readQuery(url: string, parameters: Parameters, list: string): Query | Problem {
  const start = url.indexOf('?');
  const given = new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
  const words: Record<string, string> = {};
  let limit = DEFAULT_PAGE;
  let cursor: string | null = null;
  for (const [name, value] of given) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    const no = (message: string) => malformed({ field: name, value, message });
    if (parameter === undefined) return no('is not a known parameter');
    if (given.getAll(name).length > 1) return no('is there twice');
    if (parameter === 'limit') {
      if (!/^-?\d{1,9}$/.test(value)) return no('must be a whole number');
      limit = Number(value);
      const message = `must be from 1 to ${LARGEST_PAGE}`;
      if (limit < 1 || limit > LARGEST_PAGE) return unprocessable({ field: name, value, message });
    } else if (parameter === 'cursor') {
      cursor = value === '' ? null : openCursor(list, value);
      if (value !== '' && cursor === null) return no('must be the nextCursor of an answer');
    } else if (parameter === 'id') {
      if (!isCallerId(value)) return no(callerId.form);
      words[name] = value;
    } else if (parameter === 'text' || parameter.words.includes(value)) words[name] = value;
    else return no(`must be one of ${parameter.words.join(', ')}`);
  }
  return { limit, cursor, words };
}

const checkOf = (list: string, inside: string) =>
  createHash('sha256').update(`${list} ${inside}`).digest('base64url').slice(0, 8);

/** Cursors of the store are wrapped, so that one of another list, or none at all, is told from a good one. */
export const sealCursor = (list: string, inside: string | null): string | null =>
  inside === null ? null : `${Buffer.from(inside).toString('base64url')}.${checkOf(list, inside)}`;

export function openCursor(list: string, sealed: string): string | null {
  const [body = '', check, ...more] = sealed.split('.');
  const inside = Buffer.from(body, 'base64url').toString();
  return more.length === 0 && check === checkOf(list, inside) ? inside : null;
}
