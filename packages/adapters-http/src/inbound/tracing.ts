import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(8192);
let used = pool.length;

/** Random hex digits, `bytes` bytes of them, from a pool: one call to the system for hundreds of requests. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

export interface Trace {
  readonly traceId: string;
  /** W3C trace context of this request, to hand on. */
  readonly traceparent: string;
}

const w3c = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const nothing = /^0+$/;

/** Goes on with the caller's trace if it is one (W3C Trace Context, level 1), else begins another. */
export function traceOf(header: string | undefined): Trace {
  const found = header === undefined ? null : w3c.exec(header);
  const [, version = '', given = '', parent = '', flags = '', rest] = found ?? [];
  const isFine =
    found !== null && version !== 'ff' && !(version === '00' && rest) && !nothing.test(given) && !nothing.test(parent);
  const traceId = isFine ? given : randomHex(16);
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-${isFine ? flags : '00'}` };
}

const sane = /^[A-Za-z0-9._:-]{1,64}$/;

/** The caller's name of the request if it is a sane one, else a new one. */
export const requestIdOf = (header: string | undefined): string =>
  header !== undefined && sane.test(header) ? header : randomHex(12);
