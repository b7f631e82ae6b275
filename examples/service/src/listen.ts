import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

export interface Listening {
  /** Where clients on this machine find it. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting on what `server.close()` doesn't know of. */
  close(): void;
}

export interface ListenOptions {
  /** `localhost` = 127.0.0.1 and ::1. */
  readonly host: string;
  readonly port: number;
  /** Take any free port when this one is taken. */
  readonly orAnyOther: boolean;
}

const bind = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** A second door to the same server: `localhost` is 127.0.0.1 to some clients and ::1 to others. */
async function bindSecond(http: HttpServer, port: number): Promise<Server | null> {
  const second = createServer(socket => http.emit('connection', socket));
  try {
    await bind(second, port, '::1');
    return second;
  } catch (error) {
    // A machine without IPv6 has one loopback address; a port that is taken there is taken.
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw error;
    return null;
  }
}

const unbind = (server: Server) => new Promise<void>(resolve => server.close(() => resolve()));

async function bindAll(http: HttpServer, host: string, port: number): Promise<Listening> {
  const local = host === 'localhost';
  const bound = await bind(http, port, local ? '127.0.0.1' : host);
  try {
    const second = local ? await bindSecond(http, bound) : null;
    const name = ['localhost', '0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host;
    const shown = name.includes(':') ? `[${name}]` : name;
    return { url: `http://${shown}:${bound}`, port: bound, close: () => second?.close() };
  } catch (error) {
    await unbind(http);
    throw error;
  }
}

const ATTEMPTS = 20;

/** @throws Error naming the address when it can't be listened on */
export async function listen(http: HttpServer, { host, port, orAnyOther }: ListenOptions): Promise<Listening> {
  for (let attempt = 1, wanted = port; ; attempt++) {
    try {
      return await bindAll(http, host, wanted);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Any free port of the one loopback address can be taken on the other.
      const another = code === 'EADDRINUSE' && (orAnyOther || wanted === 0) && attempt < ATTEMPTS;
      if (!another) throw new Error(`can't listen on ${host} port ${port} (${code}): set PORT, or 0 for any free one`);
      wanted = 0;
    }
  }
}
