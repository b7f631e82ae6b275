import { SseClient, WebSocketClient } from '../../../../../tests/support/push-clients.js';
import { anActivePolicy, bare, shopper } from '../http.fixtures.js';
import { connect, issue, server, start } from './push.fixtures.js';

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
