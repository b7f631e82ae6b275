import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { malformed, Problem } from './problem.js';

/** The bytes of a body and what they say. */
export interface Body {
  readonly raw: Buffer;
  readonly value: object;
}

const tooLarge = (limit: number) => new Problem('BODY_TOO_LARGE', { data: { limit } });
const unsupported = new Problem('UNSUPPORTED_MEDIA_TYPE');
const empty: Body = { raw: Buffer.alloc(0), value: {} };

const isJson = (type: string) => /^application\/json[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(type);

/** The bytes of a body of at most `limit`; null when the client went away. */
function bytesOf(request: IncomingMessage, limit: number): Promise<Buffer | Problem | null> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      request.off('data', onData);
      resolve(tooLarge(limit));
    };
    request.on('data', onData);
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}

const DEEPEST = 32;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
const broken = /\0|\p{Surrogate}/u;

/** Far more than a cart or a policy has; looking at each costs time. */
const MOST_OBJECTS = 3_000;
const MOST_FIELDS = 100;
const MOST_ENTRIES = 10_000;
const MOST_VALUES = 50_000;
const tooMany = (field: string, most: number, what: string) =>
  malformed({ field, value: null, message: `must not have more than ${most} ${what}` });
const legible = (text: string) => text.replace(/\0|\p{Surrogate}/gu, '\ufffd');

/** Looks for what JSON.parse takes and nobody else should; `escapes` = whether texts can hold what UTF-8 can't. */
class Inspection {
  private objects = 0;
  private values = 0;

  constructor(private readonly escapes: boolean) {}

  flaw(value: unknown, field: string, depth: number): Problem | null {
    if (typeof value === 'string')
      return this.isBroken(value)
        ? malformed({ field, value: legible(value), message: 'has NUL or broken characters' })
        : null;
    if (typeof value === 'number' && !Number.isFinite(value))
      return malformed({ field, value: String(value), message: 'is too large a number' });
    if (typeof value !== 'object' || value === null) return null;
    if (depth > DEEPEST)
      return malformed({ field: '', value: null, message: `must not be deeper than ${DEEPEST} levels` });
    return Array.isArray(value) ? this.flawOfList(value, field, depth) : this.flawOfObject(value, field, depth);
  }

  private flawOfList(list: readonly unknown[], field: string, depth: number): Problem | null {
    if (list.length > MOST_ENTRIES) return tooMany(field, MOST_ENTRIES, 'entries');
    this.values += list.length;
    if (this.values > MOST_VALUES) return tooMany('', MOST_VALUES, 'values');
    for (const [index, entry] of list.entries()) {
      const found = this.flaw(entry, `${field}[${index}]`, depth + 1);
      if (found) return found;
    }
    return null;
  }

  private flawOfObject(object: object, around: string, depth: number): Problem | null {
    this.objects += 1;
    if (this.objects > MOST_OBJECTS) return tooMany('', MOST_OBJECTS, 'objects');
    const fields = Object.entries(object);
    if (fields.length > MOST_FIELDS) return tooMany(around, MOST_FIELDS, 'fields');
    for (const [name, value] of fields) {
      const field = around === '' ? name : `${around}.${name}`;
      if (forbiddenKeys.has(name) || this.isBroken(name))
        return malformed({ field: legible(field), value: null, message: 'is not a known field' });
      const found = this.flaw(value, field, depth + 1);
      if (found) return found;
    }
    return null;
  }

  private isBroken(text: string): boolean {
    return this.escapes && broken.test(text);
  }
}

/** Reads bytes as a JSON object that is safe to go on with. */
export function parseObject(raw: Buffer): object | Problem {
  if (!isUtf8(raw)) return malformed({ field: '', value: null, message: 'must be UTF-8' });
  const text = raw.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed({ field: '', value: text, message: 'must be JSON' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed({ field: '', value, message: 'must be a JSON object' });
  return new Inspection(text.includes('\\')).flaw(value, '', 1) ?? value;
}

/** The body of a request, or why it can't be read; null when the client went away before it was complete. */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  { mayBeAbsent }: { readonly mayBeAbsent: boolean },
): Promise<Body | Problem | null> {
  const { 'content-type': type, 'content-length': length, 'content-encoding': encoding } = request.headers;
  const isAbsent = request.headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
  if (mayBeAbsent && isAbsent) return empty;
  if (isAbsent && type === undefined) return malformed({ field: '', value: null, message: 'must be a JSON object' });
  if (!isAbsent && (encoding ?? 'identity') !== 'identity') return unsupported;
  if (type === undefined || !isJson(type)) return unsupported;
  if (Number(length ?? 0) > limit) return tooLarge(limit);
  const raw = await bytesOf(request, limit);
  if (raw === null || raw instanceof Problem) return raw;
  if (mayBeAbsent && raw.length === 0) return empty;
  const value = parseObject(raw);
  return value instanceof Problem ? value : { raw, value };
}
