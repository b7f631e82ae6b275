import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Call } from '../call.js';

export const WEB_SOCKET_PATH = '/ws';

const isWebSocket = ({ method, url = '', headers }: IncomingMessage) =>
  method === 'GET' && /^\/ws(?:\?|$)/.test(url) && /^websocket$/i.test(headers.upgrade ?? '');

const aboutUpgrade = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Reads a request again as if it had not asked for another protocol, which it may be answered in just as well: some
 * clients offer HTTP/2 with every request that they send.
 */
function asOrdinary(server: Server, request: IncomingMessage, socket: Socket, head: Buffer) {
  const { rawHeaders, method, url, httpVersion, headers } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!aboutUpgrade.has(String(rawHeaders[i]).toLowerCase())) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  if (/\bclose\b/i.test(headers.connection ?? '')) lines.push('Connection: close');
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** Takes requests for a WebSocket to `take` as calls like any other: a refusal is answered over HTTP. */
export function acceptUpgrades(
  server: Server,
  begin: (request: IncomingMessage, response: ServerResponse) => Call,
  take: (call: Call) => void,
): void {
  server.on('upgrade', (request: IncomingMessage, stream, head: Buffer) => {
    const socket = stream as Socket;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    try {
      response.assignSocket(socket);
    } catch {
      // Pipelined behind a request that is not answered yet: no client that means it does that, and answers would be lost.
      return void socket.destroy();
    }
    if (!isWebSocket(request)) {
      response.detachSocket(socket);
      return asOrdinary(server, request, socket, head);
    }
    socket.on('error', () => socket.destroy());
    response.once('finish', () => {
      response.detachSocket(socket);
      socket.destroySoon();
    });
    const call = begin(request, response);
    call.upgrade = { socket, head };
    take(call);
  });
}
