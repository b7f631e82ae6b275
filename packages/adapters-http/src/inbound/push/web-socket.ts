import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Call } from '../call.js';
import { malformed, Problem } from '../problem.js';
import type { End } from './listeners.js';
import type { Wire } from './outlet.js';

/** RFC 6455, 7.4.1, and the codes registered since. */
export const closeCodes: Readonly<Record<Exclude<End, 'LEFT' | 'GONE'>, number>> = {
  EXPIRED: 1008,
  FAILED: 1011,
  DRAINING: 1012,
  SLOW: 1013,
};

/** Clients have nothing to say here; what they send is read past. */
const LARGEST_MESSAGE = 4 * 1024;
/** How long a client may take to say goodbye. */
const GOODBYE = 1_000;

const upgrades = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: LARGEST_MESSAGE,
  handleProtocols: () => false,
});

/** What is wrong with a handshake; null = nothing. */
export function flawOfHandshake({ request, upgrade }: Call): Problem | null {
  const { 'sec-websocket-version': version = '', 'sec-websocket-key': key = '' } = request.headers;
  if (!upgrade || version !== '13')
    return new Problem('UPGRADE_REQUIRED', { headers: ['Upgrade', 'websocket', 'Sec-WebSocket-Version', '13'] });
  if (/^[+/0-9A-Za-z]{22}==$/.test(key)) return null;
  return malformed({ field: 'Sec-WebSocket-Key', value: key, message: 'must be 16 bytes in base64' });
}

/** Shakes hands; the flaws that it would find are found before. Answers whether anybody was still there. */
export function shakeHands({ request, response, upgrade }: Call, opened: (wire: Wire) => void): boolean {
  if (!upgrade) return false;
  const { socket, head } = upgrade;
  response.detachSocket(socket);
  let isOpen = false;
  // Called at once, or never.
  upgrades.handleUpgrade(request, socket, head, client => {
    isOpen = true;
    opened(webSocketWire(client, socket));
  });
  return isOpen;
}

function webSocketWire(client: WebSocket, socket: Duplex): Wire {
  let isAlive = true;
  client.on('pong', () => {
    isAlive = true;
  });
  // A broken frame closes the connection, and that is told by its end.
  client.on('error', () => undefined);
  return {
    transport: 'websocket',
    stream: socket,
    send: frame => client.send(JSON.stringify(frame)),
    beat() {
      const wasAlive = isAlive;
      isAlive = false;
      client.ping();
      return wasAlive;
    },
    close(why) {
      if (why === 'GONE' || why === 'LEFT') return client.terminate();
      client.close(closeCodes[why], why);
      setTimeout(() => client.terminate(), GOODBYE).unref();
    },
  };
}
