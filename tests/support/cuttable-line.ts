import { connect, createServer, type Server, type Socket } from 'node:net';

/** What clients say to the server, or what they are answered. */
export type Direction = 'requests' | 'answers';

/** Stands between a client and the server, and can cut the line in either direction at a word of the protocol. */
export class CuttableLine {
  private readonly lines = new Set<Readonly<Record<Direction, Socket>>>();
  private readonly server: Server;
  private dropped: Direction | null = null;
  /** Cut the line instead of passing on what the client says next that has this in it. */
  cutRequest: string | null = null;
  /** Let the request through, but cut the line instead of its reply. */
  cutReplyTo: string | null = null;
  /** Cut the line instead of passing on what the server answers next that has this in it. */
  cutAnswer: string | null = null;
  /** How many lines a word has cut so far. */
  cuts = 0;

  constructor(private readonly target: URL) {
    this.server = createServer(client => this.pass(client));
  }

  private pass(client: Socket) {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    const line = { requests: client, answers: upstream };
    const end = () => {
      this.lines.delete(line);
      client.destroy();
      upstream.destroy();
    };
    const cut = () => {
      this.cuts++;
      end();
    };
    let silenced = false;
    this.lines.add(line);
    for (const socket of [client, upstream]) socket.setNoDelay().on('error', end).on('close', end);
    client.on('data', data => {
      if (this.cutRequest !== null && data.includes(this.cutRequest)) return cut();
      if (this.cutReplyTo !== null && data.includes(this.cutReplyTo)) silenced = true;
      upstream.write(data);
    });
    upstream.on('data', data => {
      if (silenced || (this.cutAnswer !== null && data.includes(this.cutAnswer))) return cut();
      client.write(data);
    });
    if (this.dropped !== null) line[this.dropped].pause();
  }

  /**
   * Loses whatever is sent in one direction, on old lines and new ones. As of any network, what was lost is sent again
   * when it is there again: null.
   */
  drop(direction: Direction | null): void {
    this.dropped = direction;
    for (const line of this.lines)
      for (const [name, socket] of Object.entries(line)) name === direction ? socket.pause() : socket.resume();
  }

  /** Breaks every line, for both sides, in the middle of whatever is said on it. */
  reset(): void {
    for (const line of this.lines) for (const socket of Object.values(line)) socket.resetAndDestroy();
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
    for (const line of this.lines) for (const socket of Object.values(line)) socket.destroy();
    await new Promise(resolve => this.server.close(resolve));
  }
}
