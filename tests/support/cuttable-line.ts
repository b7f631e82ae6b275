import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and the server, and can cut the line in either direction at a word of the protocol. */
export class CuttableLine {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  /** Cut the line instead of passing on what the client says next that has this in it. */
  cutRequest: string | null = null;
  /** Let the request through, but cut the line instead of its reply. */
  cutReplyTo: string | null = null;

  constructor(private readonly target: URL) {
    this.server = createServer(client => this.pass(client));
  }

  private pass(client: Socket) {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    let silenced = false;
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', data => {
      if (this.cutRequest !== null && data.includes(this.cutRequest)) return end();
      if (this.cutReplyTo !== null && data.includes(this.cutReplyTo)) silenced = true;
      upstream.write(data);
    });
    upstream.on('data', data => (silenced ? end() : client.write(data)));
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    const url = new URL(this.target);
    // The server may be known by another address of this machine.
    url.hostname = '127.0.0.1';
    url.port = String(typeof address === 'object' ? address?.port : '');
    return url.href;
  }

  async close() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise(resolve => this.server.close(resolve));
  }
}
