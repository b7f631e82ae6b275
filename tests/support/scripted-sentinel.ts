import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A sentinel that says what a test wants it to say, when the test wants it. */
export interface ScriptedSentinel {
  readonly url: string;
  /** Resolves when somebody has begun to listen for new primaries as many times as that. */
  listened(times: number): Promise<void>;
  /** The next one who asks for the primary hears of a new one before he gets his answer. */
  announceWithinNextAnswer(): void;
  /** How often it was asked for the primary. */
  asked(): number;
  stop(): Promise<void>;
}

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
const CHANNEL = '+switch-master';

/** Commands of a client, each as its words: they come whole, for they are short. */
const commandsOf = (chunk: Buffer): string[][] =>
  chunk
    .toString()
    .split(/^\*\d+\r\n/m)
    .filter(text => text !== '')
    .map(text => text.split('\r\n').filter((_, i) => i % 2 === 1));

/** Knows one primary on this machine, by the name `shop`. */
export async function startScriptedSentinel(primaryPort: number): Promise<ScriptedSentinel> {
  const listeners = new Set<Socket>();
  const sockets = new Set<Socket>();
  let mayAnnounce = false;
  let asked = 0;
  let begun = 0;
  const primary = `*2\r\n${bulk('127.0.0.1')}${bulk(String(primaryPort))}`;
  const news = `*3\r\n${bulk('message')}${bulk(CHANNEL)}${bulk(`shop 127.0.0.1 1 127.0.0.1 ${primaryPort}`)}`;

  const answers: Record<string, (socket: Socket) => void> = {
    subscribe(socket) {
      listeners.add(socket);
      begun++;
      socket.write(`*3\r\n${bulk('subscribe')}${bulk(CHANNEL)}:1\r\n`);
      server.emit('listened');
    },
    'get-master-addr-by-name': socket => {
      asked++;
      if (!mayAnnounce) return void socket.write(primary);
      mayAnnounce = false;
      for (const listener of listeners) listener.write(news);
      // Whoever listens on another socket has heard it by then.
      setTimeout(() => socket.write(primary), 100);
    },
    sentinels: socket => void socket.write('*0\r\n'),
  };

  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      listeners.delete(socket);
    });
    socket.on('data', chunk => {
      for (const [first = '', second = ''] of commandsOf(chunk)) {
        const answer = answers[first.toLowerCase()] ?? answers[second.toLowerCase()];
        if (answer) answer(socket);
        else socket.write('+OK\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis+sentinel://127.0.0.1:${(server.address() as AddressInfo).port}/shop`,
    async listened(times) {
      while (begun < times) await once(server, 'listened');
    },
    announceWithinNextAnswer() {
      mayAnnounce = true;
    },
    asked: () => asked,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
