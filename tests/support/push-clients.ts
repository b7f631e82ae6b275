import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** What a client is told, whatever carries it. */
export interface Frame {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Asked {
  readonly token?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const pathOf = (path: string, { query = {} }: Asked) => {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
};
const headersOf = ({ token, headers = {} }: Asked) => ({
  ...(token && { authorization: `Bearer ${token}` }),
  ...headers,
});

/** What both kinds of clients have in common: what they were told, and where they go on from. */
class Told {
  readonly frames: Frame[] = [];
  lastId = '';
  isOver = false;

  get statuses() {
    return this.frames.map(({ data }) => data.status);
  }

  async until(condition: (told: this) => boolean, what = 'it'): Promise<this> {
    for (let turn = 0; turn < 1_000; turn++) {
      if (condition(this)) return this;
      await sleep(5);
    }
    throw new Error(`${what} never came, but ${this.frames.length}: ${JSON.stringify(this.frames).slice(0, 2_000)}`);
  }
}

/** A client of server-sent events that reads them as the HTML standard says. */
export class SseClient extends Told {
  heartbeats = 0;
  retry = 0;
  private rest = '';

  private constructor(
    private readonly asked: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    super();
    response.setEncoding('utf8').on('data', (text: string) => this.read(text));
    response
      .on('error', () => undefined)
      .on('close', () => {
        this.isOver = true;
      });
  }

  /** @throws Refused when the answer is no stream */
  static connect(port: number, asked: Asked): Promise<SseClient> {
    return new Promise((resolve, reject) => {
      const path = pathOf('/api/v1/events', asked);
      const sent = request({ port, path, headers: headersOf(asked), agent: false }, response => {
        if (response.statusCode === 200) resolve(new SseClient(sent, response));
        else refused(response).then(reject);
      });
      sent.on('error', reject).end();
    });
  }

  hangUp() {
    this.asked.destroy();
  }

  private read(text: string) {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.take(block.split('\n'));
  }

  private take(lines: readonly string[]) {
    const fields = Object.fromEntries(
      lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    if (fields[''] === 'heartbeat') this.heartbeats++;
    if (fields.retry) this.retry = Number(fields.retry);
    if (fields.id !== undefined) this.lastId = fields.id;
    if (fields.data === undefined) return;
    this.frames.push({ id: this.lastId, event: String(fields.event), data: JSON.parse(fields.data) });
  }
}

export class WebSocketClient extends Told {
  pings = 0;
  closeCode = 0;

  private constructor(readonly socket: WebSocket) {
    super();
    socket.on('message', text => {
      const frame = JSON.parse(String(text));
      this.lastId = frame.id;
      this.frames.push(frame);
    });
    socket.on('ping', () => this.pings++);
    socket.on('close', code => {
      this.closeCode = code;
      this.isOver = true;
    });
  }

  /** @throws Refused when the answer is no upgrade */
  static connect(port: number, asked: Asked, options: { readonly autoPong?: boolean } = {}): Promise<WebSocketClient> {
    return new Promise((resolve, reject) => {
      const url = `ws://127.0.0.1:${port}${pathOf('/ws', asked)}`;
      const socket = new WebSocket(url, { headers: headersOf(asked), ...options });
      const client = new WebSocketClient(socket);
      socket.once('open', () => resolve(client));
      socket.on('unexpected-response', (_, response) => refused(response).then(reject));
      socket.on('error', reject);
    });
  }

  hangUp() {
    this.socket.terminate();
  }
}

/** An answer over HTTP where a connection was wished for. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly body: Record<string, unknown>,
  ) {
    super(`${status} ${body.code}`);
  }
}

async function refused(response: IncomingMessage): Promise<Refused> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return new Refused(response.statusCode ?? 0, response.headers, text === '' ? {} : JSON.parse(text));
}
