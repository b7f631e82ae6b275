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

/** More than this is not even read to be thrown away: the connection is cut. */
const MOST_DISCARDED = 8 * 1024 * 1024;

const isJson = (type: string) => /^application\/json[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(type);

/** Lets the rest of a body pass by, so that the client can finish sending and read the answer. */
function discard(request: IncomingMessage, seen: number) {
  let passed = seen;
  request.on('data', (chunk: Buffer) => {
    passed += chunk.length;
    if (passed > MOST_DISCARDED) request.destroy();
  });
  request.resume();
}

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
      discard(request, size);
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

/** What is wrong inside a value that JSON.parse took; `escapes` = whether strings can hold what UTF-8 can't. */
function flaw(value: unknown, escapes: boolean, field: string, depth: number): Problem | null {
  if (typeof value === 'string')
    return escapes && broken.test(value)
      ? malformed({
          field,
          value: value.replace(/\0|\p{Surrogate}/gu, '\ufffd'),
          message: 'has NUL or broken characters',
        })
      : null;
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : malformed({ field, value: String(value), message: 'is too large a number' });
  if (typeof value !== 'object' || value === null) return null;
  if (depth > DEEPEST)
    return malformed({ field: '', value: null, message: `must not be deeper than ${DEEPEST} levels` });
  for (const [key, inner] of Object.entries(value)) {
    const name = Array.isArray(value) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`;
    if (forbiddenKeys.has(key) || (escapes && broken.test(key)))
      return malformed({
        field: name.replace(/\0|\p{Surrogate}/gu, '\ufffd'),
        value: null,
        message: 'is not a known field',
      });
    const found = flaw(inner, escapes, name, depth + 1);
    if (found) return found;
  }
  return null;
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
  return flaw(value, text.includes('\\'), '', 1) ?? value;
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
  if (!isAbsent && (encoding ?? 'identity') !== 'identity') return unsupported;
  if (type === undefined || !isJson(type)) return unsupported;
  if (Number(length ?? 0) > limit) {
    if (Number(length) <= MOST_DISCARDED) discard(request, 0);
    return tooLarge(limit);
  }
  const raw = await bytesOf(request, limit);
  if (raw === null || raw instanceof Problem) return raw;
  if (mayBeAbsent && raw.length === 0) return empty;
  const value = parseObject(raw);
  return value instanceof Problem ? value : { raw, value };
}
