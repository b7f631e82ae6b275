import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from './config.js';
import type { Connections } from './connections.js';

const SWEEP_EVERY = 20;

/** Stops taking connections; resolves when the last one has ended. */
const closed = (server: Server) =>
  new Promise<void>(resolve => {
    // The close of an HTTP server cuts idle connections at once, with a request on its way or not.
    NetServer.prototype.close.call(server, () => resolve());
  });

/**
 * Ends a server without losing a request that reached it: turn away (readiness is 503 from the first moment), close
 * the port, send away who waits for events, answer what is there, let what is on its way arrive, then end the idle connections. What is not finished
 * after `closeTimeout` is cut. Calling it again waits for the same end.
 */
export function shutdown(
  server: Server,
  connections: Connections,
  { drainDelay, idleGrace, closeTimeout }: Pick<Settings, 'drainDelay' | 'idleGrace' | 'closeTimeout'>,
  /** Ends what would never end by itself. */
  endListeners: () => void,
): () => Promise<void> {
  let ending: Promise<void> | null = null;

  async function end() {
    connections.isDraining = true;
    if (drainDelay > 0) await sleep(drainDelay);
    await nextTurn();
    const done = Promise.all([closed(server), connections.gone()]);
    endListeners();
    const cut = setTimeout(() => connections.endAll(), closeTimeout);
    await Promise.race([done, sleep(idleGrace)]);
    const sweep = setInterval(() => connections.endIdle(), SWEEP_EVERY);
    connections.endIdle();
    await done;
    clearInterval(sweep);
    clearTimeout(cut);
    // Stops the timer that looks for slow clients.
    if (server.listening) server.close();
    server.closeAllConnections();
  }

  return () => {
    ending ??= end();
    return ending;
  };
}
