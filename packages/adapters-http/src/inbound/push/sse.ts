import type { ServerResponse } from 'node:http';
import type { Wire } from './outlet.js';

/** Clients of a server that went away come back over some seconds, not all at once. */
const RETRY_FROM = 1_000;
const RETRY_SPREAD = 3_000;

/** Written before the first event: how long to wait before coming back, and where to go on from if nothing comes. */
export const greeting = (id: string): string =>
  `: connected\nretry: ${RETRY_FROM + Math.floor(Math.random() * RETRY_SPREAD)}\nid: ${id}\n\n`;

/** Server-sent events, as the HTML standard has them. JSON has no line breaks, so an event is one line of data. */
export const sseWire = (response: ServerResponse): Wire => ({
  transport: 'sse',
  // What is written to a client that has just gone is lost, and that is told by its end.
  stream: response.on('error', () => undefined),
  send: ({ id, event, data }) => response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
  beat() {
    response.write(': heartbeat\n\n');
    return true;
  },
  close(why) {
    // What waits for a slow client is dropped with it; the others get what was written.
    if (why === 'SLOW') response.destroy();
    else response.end();
  },
});
