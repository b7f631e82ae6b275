import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tokenOf } from '../../e2e/support/api.js';

export interface BadClient {
  readonly socket: Socket;
  /** What it was told, as soon as it is hung up on. */
  readonly answer: Promise<string>;
}

async function dial(port: number): Promise<BadClient> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', data => {
    text += data;
  });
  const answer = new Promise<string>(resolve => socket.once('close', () => resolve(text)));
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return { socket, answer };
}

const head = (length: number | null) =>
  `POST /api/v1/coupons/issue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf({ sub: 'bad', roles: ['shopper'] })}\r\n` +
  `Content-Type: application/json\r\n${length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`}\r\n\r\n`;

/** Says nothing. */
export const silent = dial;

/** Says a byte a second, of the head of a request or of its body. */
export async function slow(port: number, part: 'head' | 'body'): Promise<BadClient> {
  const client = await dial(port);
  const { socket } = client;
  const text = part === 'head' ? head(100) : '{'.padEnd(1_000);
  if (part === 'body') socket.write(head(text.length));
  let said = 0;
  const timer = setInterval(() => socket.write(text.charAt(said++)), 1_000);
  socket.once('close', () => clearInterval(timer));
  return client;
}

const PIECE = Buffer.alloc(64 * 1024, ' ');
const CHUNK = Buffer.concat([Buffer.from(`${PIECE.length.toString(16)}\r\n`), PIECE, Buffer.from('\r\n')]);

/** Sends a body of so many bytes as fast as it is taken, announced or not. */
export async function huge(port: number, size: number, isAnnounced: boolean): Promise<BadClient> {
  const client = await dial(port);
  const { socket } = client;
  let left = size;
  const more = () => {
    while (left > 0 && socket.writable) {
      left -= PIECE.length;
      if (!socket.write(isAnnounced ? PIECE : CHUNK)) return;
    }
  };
  socket.write(head(isAnnounced ? size : null));
  socket.on('drain', more);
  more();
  return client;
}
