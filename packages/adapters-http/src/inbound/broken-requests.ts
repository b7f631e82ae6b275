import { ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Problem, problemBody } from './problem.js';
import { PROBLEM_TYPE } from './reply.js';
import { randomHex } from './tracing.js';

const codes: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** The answer that this connection waits for, or gets. */
const answerOn = (socket: Socket): ServerResponse | null => {
  const message: unknown = Reflect.get(socket, '_httpMessage');
  return message instanceof ServerResponse ? message : null;
};

/** Connections whose refusal comes after the answers that are under way. */
const waiting = new WeakSet<Socket>();

/**
 * Answers what is no HTTP request at all, or takes too long to become one, and hangs up. Good requests that came before
 * it on the same connection are answered first: their clients would take the refusal for theirs.
 */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (waiting.has(socket)) return;
  const answer = answerOn(socket);
  if (error.code === 'ECONNRESET' || !socket.writable || (answer?.headersSent && !answer.writableEnded)) {
    socket.destroy();
    return;
  }
  // A request that is not all here is the broken one itself.
  if (answer?.req.complete) {
    waiting.add(socket);
    // In the same moment Node hands the connection to the next answer.
    answer.once('finish', () => {
      waiting.delete(socket);
      setImmediate(answerBroken, error, socket);
    });
    return;
  }
  const problem = new Problem(codes[error.code ?? ''] ?? 'MALFORMED_REQUEST', { detail: 'This is no HTTP request.' });
  const body = problemBody(problem, { path: '', traceId: randomHex(16) });
  const { status } = problem;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
