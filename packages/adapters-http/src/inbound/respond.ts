import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Call } from './call.js';
import type { HttpLogger } from './logging.js';
import type { Counters } from './metrics/metrics.js';
import { Problem, problemBody } from './problem.js';
import { PROBLEM_TYPE, type Reply } from './reply.js';
import { apiPolicy, securityHeaders } from './security-headers.js';

export interface Responder {
  /** Sends the answer, and tells the log and the metrics. */
  send(call: Call, answer: Reply | Problem): void;
  /** Takes note of a client that went away before its request was complete. */
  gone(call: Call): void;
}

/** Nginx's number for a client that went away; it is never sent. */
const CLIENT_GONE = 499;

/** More than this of a body is not even taken to be thrown away: the connection is cut. */
const MOST_DISCARDED = 8 * 1024 * 1024;

/**
 * Lets what is left of a body pass by, so that the client can finish sending and read the answer. Left to itself the
 * server would take all of it, however much that is.
 */
function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let passed = 0;
  request.on('data', (chunk: Buffer) => {
    passed += chunk.length;
    if (passed > MOST_DISCARDED) request.destroy();
  });
  request.resume();
}

export interface ResponderOptions {
  readonly logger: HttpLogger;
  readonly counters: Counters;
  /** Whether this answer is the last one of its connection. */
  isLast(call: Call): boolean;
}

export function responder({ logger, counters, isLast }: ResponderOptions): Responder {
  const fixed = [...securityHeaders(apiPolicy), 'Cache-Control', 'no-store'];

  function over(call: Call, status: number) {
    if (call.isOver) return;
    call.isOver = true;
    const { method, route } = call;
    const ms = performance.now() - call.startedAt;
    counters.finished(method, route, status, ms / 1000, call.code);
    const isFailure = status >= 500;
    if (!isFailure && logger.isLevelEnabled?.('info') === false) return;
    const line = {
      requestId: call.requestId,
      traceId: call.traceId,
      method,
      route,
      status,
      ms: Math.round(ms * 1000) / 1000,
      user: call.caller?.sub ?? null,
      address: call.address,
      ...(call.code !== null && { code: call.code }),
    };
    if (isFailure && call.error !== null) logger.error({ ...line, err: call.error }, 'request failed');
    else if (isFailure) logger.error(line, 'request failed');
    else logger.info(line, 'request');
  }

  function write(call: Call, { status, headers, type, body, csp }: Reply) {
    const { response } = call;
    const head = csp ? [...securityHeaders(csp), 'Cache-Control', 'no-cache'] : fixed.slice();
    head.push('X-Request-Id', call.requestId);
    if (status !== 204) head.push('Content-Type', type);
    if (typeof body === 'string' && status !== 204) head.push('Content-Length', String(Buffer.byteLength(body)));
    head.push(...call.limitHeaders, ...headers);
    if (isLast(call)) head.push('Connection', 'close');
    if (status !== 101) {
      discardRest(call.request);
      response.writeHead(status, head);
    }
    if (typeof body === 'function') {
      body(response);
      over(call, status);
      return;
    }
    if (call.method === 'HEAD') {
      if (typeof body !== 'string') body.destroy();
      response.end();
    } else if (typeof body === 'string') response.end(body);
    else {
      stream(call, status, body);
      return;
    }
    over(call, status);
  }

  function stream(call: Call, status: number, body: Readable) {
    pipeline(body, call.response).then(
      () => over(call, status),
      error => {
        // The head is out already: only a cut connection tells the client that something is missing.
        call.error = error;
        call.response.destroy();
        over(call, call.request.destroyed ? CLIENT_GONE : 500);
      },
    );
  }

  return {
    send(call, answer) {
      if (!(answer instanceof Problem)) return write(call, answer);
      call.code = answer.code;
      const { status, more } = answer;
      write(call, { status, headers: more.headers ?? [], type: PROBLEM_TYPE, body: problemBody(answer, call) });
    },
    gone: call => over(call, CLIENT_GONE),
  };
}
