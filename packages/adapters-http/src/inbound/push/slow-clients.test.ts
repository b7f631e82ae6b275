import { connect as connectSocket, type Socket } from 'node:net';
import { eventTypes } from '@org/application';
import { SseClient, WebSocketClient } from '../../../../../tests/support/push-clients.js';
import { aServer, shopper, type TestServer } from '../http.fixtures.js';

const LARGE = 50_000;
/** More than the buffers of any system take between a client and its server. */
const MANY = 400;

let server: TestServer;
beforeEach(async () => {
  server = await aServer({ maxPushBuffer: 1_000_000, heartbeat: 300 });
});
afterEach(() => server.close());

/** `ann` is given coupons that take long to tell of. */
async function largeEvents(from: number, count: number) {
  const { unitOfWork, events } = server.adapters;
  for (let n = from; n < from + count; n++) {
    const data = { couponId: `c-${n}`, userId: 'ann', policyVersion: 'x'.repeat(LARGE), sequence: n };
    const instants = { issuedAt: '2026-11-21T03:00:00.000Z', validFrom: '2026-11-21T03:00:00.000Z', expiresAt: null };
    const event = { type: eventTypes.CouponIssued, key: 'p', origin: { actor: 'ann', traceparent: null } };
    await unitOfWork.run(tx =>
      events.append(tx, [{ ...event, streamId: `c-${n}`, streamVersion: 1, data: { ...data, ...instants } }]),
    );
    // A breath, for those who take it.
    if (n % 5 === 0) await new Promise(resolve => setTimeout(resolve, 5));
  }
}

const ends = async () =>
  (await server.get('/metrics')).text.match(/push_listeners_ended_total\{.*\} \d+/g)?.map(line => line.slice(26)) ?? [];

async function until(condition: () => Promise<boolean> | boolean) {
  for (let turn = 0; turn < 600; turn++) {
    if (await condition()) return;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error(`never came; ended are ${await ends()}`);
}

/** Asks for events and reads none. */
function deaf(head: string): Socket {
  const socket = connectSocket(server.port, '127.0.0.1');
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(`GET ${head}\r\nHost: x\r\nAuthorization: Bearer ${shopper()}\r\n`);
  return socket;
}

it('a client that takes nothing is cut off, and who takes it is told everything', async () => {
  const sse = deaf('/api/v1/events HTTP/1.1');
  sse.write('\r\n');
  const webSocket = deaf('/ws HTTP/1.1');
  webSocket.write('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n');
  webSocket.write('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  const good = [
    await SseClient.connect(server.port, { token: shopper() }),
    await WebSocketClient.connect(server.port, { token: shopper() }),
  ];
  await until(async () =>
    /push_listeners\{transport="sse"\} 2\n[\s\S]*websocket"\} 2/.test((await server.get('/metrics')).text),
  );
  await largeEvents(0, MANY);
  for (const client of good) await client.until(({ frames }) => frames.length === MANY, 'the last event');
  await until(async () => (await ends()).length === 2);
  expect((await ends()).sort()).toEqual(['{transport="sse",why="SLOW"} 1', '{transport="websocket",why="SLOW"} 1']);
  for (const client of good) client.hangUp();
  sse.destroy();
  webSocket.destroy();
}, 60_000);

it('a client that is stuck between two beats is cut off, however little it is told', async () => {
  await server.close();
  server = await aServer({ maxPushBuffer: MANY * LARGE * 2, heartbeat: 300 });
  const socket = deaf('/api/v1/events HTTP/1.1');
  socket.write('\r\n');
  await until(async () => (await server.get('/metrics')).text.includes('push_listeners{transport="sse"} 1'));
  await largeEvents(0, MANY);
  await until(async () => (await ends()).includes('{transport="sse",why="SLOW"} 1'));
  socket.destroy();
}, 60_000);
