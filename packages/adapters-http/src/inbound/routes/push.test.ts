import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Asked, type Refused, SseClient, WebSocketClient } from '../../../../../tests/support/push-clients.js';
import { anActivePolicy, aServer, bare, operator, shopper, type TestServer, tokenFor } from '../http.fixtures.js';
import { anOrder, aProduct, goOn, paid, pay } from '../orders.fixtures.js';

const transports = [
  ['SSE', SseClient],
  ['WebSocket', WebSocketClient],
] as const;
type Kind = (typeof transports)[number][1];

let server: TestServer;
const open = new Set<SseClient | WebSocketClient>();
const connect = async (kind: Kind, asked: Asked) => {
  const client = await kind.connect(server.port, asked);
  open.add(client);
  return client;
};
const refusal = (kind: Kind, asked: Asked) =>
  kind.connect(server.port, asked).then(
    () => Promise.reject(new Error('was let in')),
    (error: Refused) => error,
  );
const start = async (config: Parameters<typeof aServer>[0] = {}) => {
  server = await aServer(config);
};
afterEach(async () => {
  for (const client of open) client.hangUp();
  open.clear();
  await server?.close();
});

async function aTicket(token = shopper()) {
  const { json, headers } = await server.post('/api/v1/events/tickets', { token });
  expect(headers.get('location')).toBe('/api/v1/events');
  return json;
}
const issue = async (policyId: string, user = 'ann') =>
  server.post('/api/v1/coupons/issue', { token: shopper(user), body: { policyId } });

describe.each(transports)('orders rule 22: events over %s', (name, kind) => {
  it('tell an order’s statuses as its status endpoint does, in their order', async () => {
    await start();
    const ann = await connect(kind, { token: shopper() });
    const orderNumber = await anOrder(server, 'ann', { payment: 'EXTERNAL' });
    await goOn(server);
    await pay(server, paid(orderNumber, 20_000));
    await ann.until(({ frames }) => frames.length === 3);
    expect(ann.frames.map(({ event }) => event)).toEqual(Array(3).fill('order.status'));
    expect(ann.statuses).toEqual(['PENDING', 'AWAITING_PAYMENT', 'COMPLETED']);
    const { json } = await server.get(`/api/v3/orders/${orderNumber}/status`, { token: shopper() });
    expect(ann.frames.at(-1)?.data).toEqual(json);
    expect(new Set(ann.frames.map(({ id }) => id)).size).toBe(3);
  });

  it('tell of coupons as the issue answers them', async () => {
    await start();
    const ann = await connect(kind, { token: shopper() });
    const { json } = await issue(await anActivePolicy(server));
    await ann.until(({ frames }) => frames.length === 1);
    expect(ann.frames).toEqual([
      { id: expect.any(String), event: 'coupon.result', data: { status: 'ISSUED', coupon: json } },
    ]);
  });

  it('tell what came of a request for a coupon, as it is found under its Location', async () => {
    await start();
    const policyId = await anActivePolicy(server, { limits: { total: 1 } });
    const [ann, bob] = [await connect(kind, { token: shopper() }), await connect(kind, { token: shopper('bob') })];
    const ids = [];
    for (const user of ['ann', 'bob'])
      ids.push((await server.post('/api/v3/coupons', { token: shopper(user), body: { policyId } })).json.requestId);
    await goOn(server);
    for (const [i, client] of [ann, bob].entries()) {
      await client.until(({ frames }) => frames.length === 1);
      const { json } = await server.get(`/api/v3/coupons/requests/${ids[i]}`, { token: operator });
      expect(client.frames).toEqual([{ id: expect.any(String), event: 'coupon.result', data: json }]);
    }
    expect([ann.statuses, bob.statuses]).toEqual([['ISSUED'], ['REFUSED']]);
  });

  it('are only one’s own', async () => {
    await start();
    const policyId = await anActivePolicy(server);
    const [ann, bob, olga] = [
      await connect(kind, { token: shopper() }),
      await connect(kind, { token: shopper('bob') }),
      await connect(kind, { token: operator }),
    ];
    await issue(policyId, 'bob');
    await anOrder(server, 'bob');
    await issue(policyId, 'ann');
    await bob.until(({ frames }) => frames.length === 2);
    await ann.until(({ frames }) => frames.length === 1);
    await sleep(50);
    expect([ann.frames.length, bob.frames.length, olga.frames.length]).toEqual([1, 2, 0]);
    const stolen = await connect(kind, { token: shopper('eve'), query: { lastEventId: String(bob.frames[0]?.id) } });
    await sleep(50);
    expect(stolen.frames).toEqual([]);
  });

  it('go on after the last id that was seen', async () => {
    await start();
    await aProduct(server, 'mug', { free: 100 });
    const first = await connect(kind, { token: shopper() });
    const orderNumber = await anOrder(server, 'ann', { payment: 'EXTERNAL' });
    await first.until(({ frames }) => frames.length === 1);
    first.hangUp();
    await goOn(server);
    const second = await connect(kind, { token: shopper(), query: { lastEventId: first.lastId } });
    await pay(server, paid(orderNumber, 20_000));
    await second.until(({ frames }) => frames.length === 2);
    await sleep(50);
    expect(second.statuses).toEqual(['AWAITING_PAYMENT', 'COMPLETED']);
  });

  it('a ticket opens once, and goes on from where it was fetched', async () => {
    await start();
    const { ticket, lastEventId, expiresIn, expiresAt } = await aTicket();
    expect([expiresIn, typeof expiresAt]).toEqual([30, 'string']);
    await issue(await anActivePolicy(server));
    const query = { ticket: String(ticket), lastEventId: String(lastEventId) };
    const ann = await connect(kind, { query });
    await ann.until(({ frames }) => frames.length === 1);
    const { status, headers, body } = await refusal(kind, { query });
    expect([status, body.code]).toEqual([401, 'TICKET_INVALID']);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    const all = JSON.stringify(server.lines);
    expect(all).toContain(name === 'SSE' ? '/api/v1/events' : '/ws');
    for (const secret of [ticket, lastEventId]) expect(all).not.toContain(secret);
  });

  const bad: [string, Asked, number, string][] = [
    ['without a token', {}, 401, 'TOKEN_MISSING'],
    ['with a token of nobody', { token: 'x.y.z' }, 401, 'TOKEN_INVALID'],
    ['with a token that is over', { token: tokenFor('ann', ['shopper'], { exp: 1 }) }, 401, 'TOKEN_EXPIRED'],
    ['with a ticket that nobody gave', { query: { ticket: 'x'.repeat(43) } }, 401, 'TICKET_INVALID'],
    ['with a token as a ticket', { query: { ticket: shopper() } }, 401, 'TICKET_INVALID'],
    ['with a role that there is not', { token: tokenFor('ann', ['guest']) }, 403, 'FORBIDDEN'],
    ['with a garbled id', { token: shopper(), query: { lastEventId: 'x' } }, 400, 'MALFORMED_REQUEST'],
    ['with a garbled header', { token: shopper(), headers: { 'last-event-id': 'x' } }, 400, 'MALFORMED_REQUEST'],
    ['with what is not asked for', { token: shopper(), query: { access_token: 'secret' } }, 400, 'MALFORMED_REQUEST'],
  ];
  it.each(bad)('are refused as a problem %s', async (_, asked, status, code) => {
    await start();
    const got = await refusal(kind, asked);
    expect([got.status, got.body.code]).toEqual([status, code]);
    expect(JSON.stringify(got.body)).not.toContain('secret');
    if (status !== 400) return;
    const [error] = got.body.errors as { field: string }[];
    expect(['lastEventId', 'Last-Event-ID', 'access_token']).toContain(error?.field);
  });

  it('show a sign of life, and what shows none is gone', async () => {
    await start({ heartbeat: 45 });
    const ann = await connect(kind, { token: shopper() });
    const signs = () => (ann instanceof SseClient ? ann.heartbeats : ann.pings);
    await ann.until(() => signs() >= 3, 'a third sign');
    expect(ann.isOver).toBe(false);
    if (ann instanceof SseClient) return;
    const dead = await WebSocketClient.connect(server.port, { token: shopper() }, { autoPong: false });
    await dead.until(({ isOver }) => isOver);
    expect([dead.closeCode, ann.isOver]).toEqual([1006, false]);
  });

  it('end with the token', async () => {
    await start({ heartbeat: 45 });
    const token = tokenFor('ann', ['shopper'], { exp: Math.floor(Date.now() / 1_000) + 2 });
    const clients = [
      await connect(kind, { token }),
      await connect(kind, { query: { ticket: String((await aTicket(token)).ticket) } }),
    ];
    for (const client of clients) {
      await client.until(({ isOver }) => isOver);
      if (client instanceof WebSocketClient) expect(client.closeCode).toBe(1008);
    }
  });

  it('have limits for one user and in all', async () => {
    await start({ maxListenersPerUser: 2, maxListeners: 3 });
    const first = await connect(kind, { token: shopper() });
    await connect(kind, { token: shopper() });
    const tooMany = await refusal(kind, { token: shopper() });
    expect([tooMany.status, tooMany.body.code, tooMany.body.limit]).toEqual([429, 'TOO_MANY_LISTENERS', 2]);
    await connect(kind, { token: shopper('bob') });
    const full = await refusal(kind, { token: shopper('eve') });
    expect([full.status, full.body.code, full.headers['retry-after']]).toEqual([503, 'PUSH_UNAVAILABLE', '5']);
    first.hangUp();
    for (let turn = 0; turn < 200; turn++) {
      const again = await kind.connect(server.port, { token: shopper('eve') }).catch(() => null);
      if (again) return void open.add(again);
      await sleep(5);
    }
    throw new Error('the place was never free');
  });

  it('give up the place of who hangs up before he is let in', async () => {
    await start({ maxListenersPerUser: 1 });
    const { eventFeed } = server.adapters;
    const now = eventFeed.now.bind(eventFeed);
    let goOnNow: () => void = () => undefined;
    const held = new Promise<void>(resolve => {
      goOnNow = resolve;
    });
    const asked = new Promise<void>(resolve => {
      eventFeed.now = async () => {
        resolve();
        await held;
        return now();
      };
    });
    const handshake =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    const socket = connectSocket(server.port, '127.0.0.1');
    const path = name === 'SSE' ? '/api/v1/events' : '/ws';
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shopper()}\r\n`);
    socket.write(`${name === 'SSE' ? '' : handshake}\r\n`);
    await asked;
    socket.destroy();
    expect((await refusal(kind, { token: shopper() })).body.code).toBe('TOO_MANY_LISTENERS');
    goOnNow();
    await sleep(200);
    const next = await connect(kind, { token: shopper() });
    await issue(await anActivePolicy(server));
    await next.until(({ frames }) => frames.length === 1);
  });

  it('count as requests of their address', async () => {
    await start({ rateLimitPerAddress: 2 });
    await connect(kind, { token: shopper() });
    await connect(kind, { token: shopper() });
    expect((await refusal(kind, { token: shopper() })).body.code).toBe('RATE_LIMITED');
  });

  it('outlive the time that a request may take, and the idle connection', async () => {
    await start({ headersTimeout: 50, requestTimeout: 60, keepAliveTimeout: 50 });
    const ann = await connect(kind, { token: shopper() });
    await sleep(300);
    await issue(await anActivePolicy(server));
    await ann.until(({ frames }) => frames.length === 1);
  });

  it('end when the server does, and nobody waits for them', async () => {
    await start({ closeTimeout: 10_000 });
    const ann = await connect(kind, { token: shopper() });
    const before = Date.now();
    await server.close();
    expect(Date.now() - before).toBeLessThan(2_000);
    await ann.until(({ isOver }) => isOver);
    if (ann instanceof WebSocketClient) expect(ann.closeCode).toBe(1012);
  });

  it('are counted', async () => {
    await start();
    const ann = await connect(kind, { token: shopper() });
    await issue(await anActivePolicy(server));
    await ann.until(({ frames }) => frames.length === 1);
    const transport = name === 'SSE' ? 'sse' : 'websocket';
    const figures = async () => (await server.get('/metrics')).text;
    expect(await figures()).toContain(`push_listeners{transport="${transport}"} 1`);
    expect(await figures()).toContain('push_events_total{event="coupon.result"} 1');
    ann.hangUp();
    for (let turn = 0; turn < 100 && (await figures()).includes(`push_listeners{transport="${transport}"} 1`); turn++)
      await sleep(5);
    expect(await figures()).toContain(`push_listeners_ended_total{transport="${transport}",why="LEFT"} 1`);
    expect(await figures()).toContain('http_requests_in_flight 1');
  });
});

describe('server-sent events', () => {
  it('tell where to go on from before anything has happened', async () => {
    await start();
    const ann = (await connect(SseClient, { token: shopper() })) as SseClient;
    await ann.until(({ lastId }) => lastId !== '');
    expect(ann.retry).toBeGreaterThanOrEqual(1_000);
    expect(ann.response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    ann.hangUp();
    await issue(await anActivePolicy(server));
    // The header is what the browser adds to a URL that it was once given.
    const asked = { token: shopper(), query: { lastEventId: '' }, headers: { 'last-event-id': ann.lastId } };
    await (await connect(SseClient, asked)).until(({ frames }) => frames.length === 1);
  });

  it('answer a HEAD without staying', async () => {
    await start();
    const got = await server.call('HEAD', '/api/v1/events', { token: shopper() });
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });
});

describe('/ws', () => {
  it('takes nothing but WebSockets', async () => {
    await start();
    const got = await server.get('/ws', { token: shopper() });
    expect([got.status, got.json.code, got.headers.get('upgrade')]).toEqual([426, 'UPGRADE_REQUIRED', 'websocket']);
    const head = `GET /ws HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shopper()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    expect(await bare(server.port, `${head}Sec-WebSocket-Version: 12\r\n\r\n`)).toMatch(/^HTTP\/1\.1 426 /);
    expect(await bare(server.port, `${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*Sec-WebSocket-Key/,
    );
  });

  it('is cut off by a message that is too long, and reads past the others', async () => {
    await start();
    const ann = (await connect(WebSocketClient, { token: shopper() })) as WebSocketClient;
    ann.socket.send('hello');
    await issue(await anActivePolicy(server));
    await ann.until(({ frames }) => frames.length === 1);
    ann.socket.send('x'.repeat(10_000));
    await ann.until(({ isOver }) => isOver);
    expect(ann.closeCode).toBe(1009);
  });
});

describe('requests that offer another protocol', () => {
  it('are answered in this one, body and all, and so is what follows on their connection', async () => {
    await start();
    const policyId = await anActivePolicy(server, { limits: { perUser: 1 } });
    const body = JSON.stringify({ policyId });
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
    const post = (more: string) =>
      `POST /api/v1/coupons/issue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shopper()}\r\n${more}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const text = await bare(
      server.port,
      post(offer) + body.slice(0, 5),
      30,
      body.slice(5),
      50,
      `${post('Connection: close\r\n')}${body}`,
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 409']);
    const elsewhere = `GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`;
    expect(await bare(server.port, elsewhere)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
