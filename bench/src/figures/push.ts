import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, percentile, postRequest } from '@org/example-service/http-load';
import { activePolicy } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { verdict } from '../measuring.js';
import { type Endpoint, HOST, type Stage, tokenOf } from '../stage.js';
import type { Cell } from '../table.js';

const heads = {
  SSE: 'GET /api/v1/events HTTP/1.1\r\nHost: bench\r\n',
  WebSocket:
    'GET /ws HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
} as const;
type Transport = keyof typeof heads;

const issuedAt = /"issuedAt":"([^"]+)"/g;

/** A client that notes when it was told of each coupon, counted from the issue by the clock of this machine. */
class Client {
  readonly latencies: number[] = [];
  private text = '';
  private isConnected = false;

  constructor(
    readonly socket: Socket,
    private readonly connected: () => void,
  ) {
    socket.setEncoding('latin1').on('data', (chunk: string) => this.read(chunk));
  }

  private read(chunk: string) {
    this.text += chunk;
    if (!this.isConnected && this.text.includes('\r\n\r\n')) {
      this.isConnected = true;
      this.connected();
    }
    let end = 0;
    for (const { 0: found, 1: at, index } of this.text.matchAll(issuedAt)) {
      this.latencies.push(Date.now() - Date.parse(at as string));
      end = index + found.length;
    }
    if (this.isConnected) this.text = this.text.slice(Math.max(end, this.text.length - 1_000));
  }
}

const AT_ONCE = 100;

/** Connects everybody, so many at a time. */
async function crowd({ port }: Endpoint, transport: Transport, users: readonly string[]): Promise<Client[]> {
  const clients: Client[] = [];
  const waiting = users.values();
  const connector = async () => {
    for (const user of waiting)
      await new Promise<void>((resolve, reject) => {
        const socket = connect(port, HOST, () => {
          socket.write(`${heads[transport]}Authorization: Bearer ${tokenOf(user, 'shopper')}\r\n\r\n`);
        });
        socket.once('error', reject);
        clients.push(new Client(socket, resolve));
      });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, connector));
  return clients;
}

interface Sizes {
  readonly listeners: number;
  readonly rate: number;
  readonly idleMs: number;
}

async function told(stage: Stage, transport: Transport, { listeners, rate, idleMs }: Sizes) {
  const database = await stage.ownDatabase();
  const service = await stage.ownService(database.url);
  const policyId = await activePolicy(database, 10_000_000);
  const users = Array.from({ length: listeners }, (_, i) => `listener-${i}`);
  const before = await service.child.memory();
  const began = performance.now();
  const clients = await crowd(service, transport, users);
  const seconds = (performance.now() - began) / 1_000;
  await sleep(500);
  const { now: connected } = await service.child.memory();
  const cpuBefore = await service.child.processorTime();
  await sleep(idleMs);
  const idle = ((await service.child.processorTime()) - cpuBefore) / idleMs;
  const body = JSON.stringify({ policyId });
  const run = await load({
    ...{ host: HOST, port: service.port, connections: 64, requests: listeners, rate },
    request: i => postRequest(HOST, '/api/v1/coupons/issue', tokenOf(users[i] as string, 'shopper'), body),
  });
  const isDone = () => clients.every(({ latencies }) => latencies.length > 0);
  for (let turn = 0; turn < 500 && !isDone(); turn++) await sleep(20);
  const { peak } = await service.child.memory();
  for (const { socket } of clients) socket.destroy();
  const latencies = Float64Array.from(clients.flatMap(client => client.latencies)).sort();
  const spread = [0.5, 0.95, 0.99, 1].map(share => percentile(latencies, share));
  const perListener = ((connected - before.now) * 1_024) / listeners;
  const row: Cell[] = [transport, listeners, seconds, before.now, connected, peak, perListener, idle * 100, ...spread];
  const checks: Check[] = [
    { what: `${transport}: coupons issued`, expected: listeners, actual: run.statuses.get(201) ?? 0 },
    {
      what: `${transport}: listeners who were told of their coupon once`,
      expected: listeners,
      actual: clients.filter(client => client.latencies.length === 1).length,
    },
  ];
  return { row, checks, p99: spread[2] as number };
}

/** Users who wait for events, all in one process, and are told of one coupon each. */
export const push: Figure = {
  name: 'push',
  async run(stage: Stage) {
    const sizes = { listeners: stage.pick(5_000, 60), rate: stage.pick(500, 60), idleMs: stage.pick(15_000, 200) };
    const rows: Cell[][] = [];
    const checks: Check[] = [];
    const verdicts: string[] = [];
    for (const transport of ['SSE', 'WebSocket'] as const) {
      const measured = await told(stage, transport, sizes);
      rows.push(measured.row);
      checks.push(...measured.checks);
      verdicts.push(
        verdict(`${transport}: p99 from issue to client, goal below 500 ms`, measured.p99, ' ms', measured.p99 < 500),
      );
    }
    const columns = [
      'transport',
      'clients',
      'connect s',
      'RSS MB before',
      'connected',
      'peak',
      'KB each',
      'idle CPU %',
    ];
    return {
      tables: [
        {
          title: `Push: ${sizes.listeners} clients in one process, one coupon each at ${sizes.rate}/s`,
          columns: [...columns, 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
          rows,
          notes: [
            'Milliseconds from the instant of the issue in the database to the client; the commit lies between. Tokens are checked at connect.',
            ...verdicts,
          ],
        },
      ],
      checks,
    };
  },
};
