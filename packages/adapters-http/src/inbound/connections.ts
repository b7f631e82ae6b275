import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Call } from './call.js';

interface Connection {
  latest: Call | null;
  open: number;
}

/** Who is connected, and whether he waits for an answer. */
export class Connections {
  private readonly sockets = new Map<Socket, Connection>();
  private whenEmpty: (() => void) | null = null;
  isDraining = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      // One that is read again from a request that asked for another protocol.
      if (this.sockets.has(socket)) return;
      this.sockets.set(socket, { latest: null, open: 0 });
      socket.once('close', () => {
        this.sockets.delete(socket);
        if (this.sockets.size === 0) this.whenEmpty?.();
      });
    });
  }

  begin(call: Call): void {
    const connection = this.sockets.get(call.request.socket);
    if (!connection) return;
    connection.latest = call;
    connection.open += 1;
    call.response.once('close', () => {
      connection.open -= 1;
    });
  }

  /** While draining, the answer to the newest request of a connection is its last; those before it are not. */
  isLast(call: Call): boolean {
    return this.isDraining && this.sockets.get(call.request.socket)?.latest === call;
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
