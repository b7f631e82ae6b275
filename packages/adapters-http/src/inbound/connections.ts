import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Call } from './call.js';

interface Connection {
  latest: Call | null;
  open: number;
  /** Requests behind those, in their order. */
  readonly waiting: (() => void)[];
}

/** More than any client that means it sends without waiting for an answer. */
const MOST_WAITING = 100;

/** Who is connected, and whether he waits for an answer. */
export class Connections {
  private readonly sockets = new Map<Socket, Connection>();
  private whenEmpty: (() => void) | null = null;
  isDraining = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      // One that is read again from a request that asked for another protocol.
      if (this.sockets.has(socket)) return;
      this.sockets.set(socket, { latest: null, open: 0, waiting: [] });
      socket.once('close', () => {
        this.sockets.get(socket)?.waiting.splice(0);
        this.sockets.delete(socket);
        if (this.sockets.size === 0) this.whenEmpty?.();
      });
    });
  }

  /**
   * Handles a request when those before it on its connection are answered and gone: the answers that a client asks for
   * and does not take would else all be kept for it.
   */
  inTurn(socket: Socket, handle: () => void): void {
    const connection = this.sockets.get(socket);
    if (!connection || connection.open === 0) handle();
    else if (connection.waiting.length < MOST_WAITING) connection.waiting.push(handle);
    else socket.destroy();
  }

  begin(call: Call): void {
    const connection = this.sockets.get(call.request.socket);
    if (!connection) return;
    connection.latest = call;
    connection.open += 1;
    call.response.once('close', () => {
      connection.open -= 1;
      connection.waiting.shift()?.();
    });
  }

  /** While draining, the answer to the newest request of a connection is its last; those before it are not. */
  isLast(call: Call): boolean {
    const connection = this.sockets.get(call.request.socket);
    return this.isDraining && connection?.latest === call && connection.waiting.length === 0;
  }

  /** When nobody is connected any more, not even through another door that hands its connections to this server. */
  gone(): Promise<void> {
    return new Promise(resolve => {
      this.whenEmpty = resolve;
      if (this.sockets.size === 0) resolve();
    });
  }

  /** Ends the connections on which nobody waits for an answer. */
  endIdle(): void {
    for (const [socket, { open }] of this.sockets) if (open === 0) socket.destroySoon();
  }

  endAll(): void {
    for (const socket of this.sockets.keys()) socket.destroy();
  }
}
