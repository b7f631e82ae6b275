import { connect, type Socket } from 'node:net';

/** Requests over plain keep-alive sockets: light enough that the service, not its client, is what gets measured. */
export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  /** Sockets, each with one request under way. */
  readonly connections: number;
  /** How many requests in all. */
  readonly requests: number;
  /** The bytes of request `index`; see `postRequest` and `getRequest`. */
  request(index: number): Buffer;
  /** Requests a second, evenly spread, whether or not the answers keep up; without it each socket sends as soon as it can. */
  readonly rate?: number;
  /** Told of every answer. A status of 0 is a request whose connection broke: its outcome is unknown. */
  onAnswer?(index: number, status: number, body: string): void;
}

export interface LoadResult {
  readonly seconds: number;
  /** Answers by status; 0 = the connection broke. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Milliseconds, sorted. With a rate, from the moment at which the request was due. */
  readonly latencies: Float64Array;
}

/** A POST with a JSON body, ready to be sent. */
export function postRequest(host: string, path: string, token: string, body: string, headers = ''): Buffer {
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n${headers}Content-Length: ${length}\r\n\r\n${body}`,
  );
}

/** A GET, ready to be sent. */
export const getRequest = (host: string, path: string, token: string): Buffer =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);

/** The value below which `share` (0 to 1) of the latencies lie. */
export const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;

const headEnd = Buffer.from('\r\n\r\n');

/** One answer at the beginning of `bytes`, or null while it is not whole. Answers without a length are not understood. */
function answerIn(bytes: Buffer): { status: number; body: string; rest: Buffer } | null {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(length)) throw new Error(`an answer without a length: ${head}`);
  const start = end + headEnd.length;
  if (bytes.length < start + length) return null;
  const body = bytes.toString('utf8', start, start + length);
  return { status: Number(head.slice(9, 12)), body, rest: bytes.subarray(start + length) };
}

/** Sends all requests and waits for all answers. A socket that breaks is replaced. */
export function load({ host, port, connections, requests, request, rate, onAnswer }: LoadOptions): Promise<LoadResult> {
  const statuses = new Map<number, number>();
  const latencies = new Float64Array(requests);
  const began = performance.now();
  const dueAt = (index: number) => (rate ? began + (index * 1000) / rate : performance.now());
  let next = 0;
  let answered = 0;

  return new Promise((resolve, reject) => {
    const finish = () => {
      const seconds = (performance.now() - began) / 1000;
      resolve({ seconds, statuses, latencies: latencies.sort() });
    };

    function open() {
      if (next >= requests) return;
      const socket: Socket = connect({ host, port, noDelay: true });
      let current = -1;
      let sentAt = 0;
      let unread: Buffer = Buffer.alloc(0);

      const send = () => {
        if (next >= requests) {
          socket.end();
          return;
        }
        const index = next++;
        const due = dueAt(index);
        const wait = due - performance.now();
        const go = () => {
          current = index;
          // A timer may be early by less than a millisecond.
          sentAt = Math.min(due, performance.now());
          socket.write(request(index));
        };
        if (wait > 1) setTimeout(go, wait);
        else go();
      };

      const settle = (status: number, body: string) => {
        const index = current;
        current = -1;
        latencies[index] = performance.now() - sentAt;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        onAnswer?.(index, status, body);
        if (++answered === requests) finish();
      };

      socket.on('connect', send);
      socket.on('data', chunk => {
        try {
          unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
          const answer = answerIn(unread);
          if (!answer) return;
          unread = answer.rest;
          settle(answer.status, answer.body);
          send();
        } catch (error) {
          reject(error);
        }
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (current >= 0) settle(0, '');
        // A refused connection is tried again after a breath; a server that is gone is no reason to spin.
        if (next < requests) setTimeout(open, 20);
      });
    }

    for (let i = 0; i < connections; i++) open();
  });
}
