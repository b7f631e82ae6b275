import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Caller } from './auth/auth.js';

/** One request under way, and what is told of it in the log, the metrics and the answer. */
export class Call {
  /** The pattern of the path: `/api/v1/coupons/{couponId}`. */
  route = 'unmatched';
  caller: Caller | null = null;
  code: string | null = null;
  error: unknown = null;
  /** Pairs, name then value. */
  limitHeaders: readonly string[] = [];
  isOver = false;
  /** The bare connection of a request that asks for a WebSocket; null = it asks for an answer. */
  upgrade: { readonly socket: Socket; readonly head: Buffer } | null = null;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly address: string,
    readonly requestId: string,
    readonly traceId: string,
    readonly traceparent: string,
    /** Of `performance.now()`. */
    readonly startedAt: number,
  ) {}

  get method(): string {
    return this.request.method ?? 'GET';
  }

  /** Without query and fragment. */
  get path(): string {
    const url = this.request.url ?? '/';
    const end = url.search(/[?#]/);
    return end === -1 ? url : url.slice(0, end);
  }
}

const calls = new WeakMap<IncomingMessage, Call>();

export const remember = (call: Call): void => {
  calls.set(call.request, call);
};

export function callOf(request: IncomingMessage): Call {
  const call = calls.get(request);
  if (!call) throw new Error('a request that was never begun');
  return call;
}
