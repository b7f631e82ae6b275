import { setTimeout as sleep } from 'node:timers/promises';
import { type Refused, SseClient, WebSocketClient } from '../support/push-clients.js';
import { Api, aShopper, type Caller, tokenOf } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { Shop } from './support/orders.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let services: ServiceProcess[];
let shop: Shop;

beforeAll(async () => {
  database = await testDatabase();
  const start = () => startService({ DATABASE_URL: database.url, LOG_LEVEL: 'info' });
  services = await Promise.all([start(), start()]);
  shop = new Shop(new Api(services[0]?.url as string));
});
afterAll(async () => {
  await Promise.all(services.map(service => service.end('SIGTERM')));
  await killAll();
  await database?.close();
});

const transports = [
  ['SSE', SseClient],
  ['WebSocket', WebSocketClient],
] as const;
const portOf = (which: number) => services[which]?.port as number;
const as = (caller: Caller, lastEventId?: string) => ({
  token: tokenOf(caller),
  ...(lastEventId !== undefined && { query: { lastEventId } }),
});

/** An order that is paid for: two events before the payment, one after it. */
async function awaitingPayment(ann: Caller, productId: string) {
  const placed = await shop.place(ann, productId, 1, { payment: 'EXTERNAL' });
  return String(placed.body.orderNumber);
}

describe.each(transports)('orders rule 22: over %s', (name, kind) => {
  it('an order is followed from PENDING to COMPLETED, on whichever process it is', async () => {
    const ann = aShopper();
    const clients = [await kind.connect(portOf(0), as(ann)), await kind.connect(portOf(1), as(ann))];
    const orderNumber = await awaitingPayment(ann, await shop.product());
    await shop.settled(ann, orderNumber);
    await shop.pay(orderNumber, 10_000);
    for (const client of clients) {
      await client.until(({ frames }) => frames.length === 3);
      expect(client.statuses).toEqual(['PENDING', 'AWAITING_PAYMENT', 'COMPLETED']);
      expect(client.frames.at(-1)?.data).toEqual(await shop.status(ann, orderNumber));
      client.hangUp();
    }
  });

  it('whoever comes back with the last id misses nothing and sees nothing twice', async () => {
    const ann = aShopper();
    const productId = await shop.product(1_000);
    const orders = new Set<string>();
    const seen: string[] = [];
    let isOrdering = true;
    // A WebSocket says nothing before its first event: a ticket tells where that client goes on from.
    const { lastEventId } = (await shop.api.call('POST', '/api/v1/events/tickets', { as: ann })).body;
    let last = String(lastEventId);
    const ordering = (async () => {
      for (let i = 0; i < 40; i++) orders.add(await awaitingPayment(ann, productId));
      for (const orderNumber of orders) {
        await shop.settled(ann, orderNumber);
        await shop.pay(orderNumber, 10_000);
      }
      isOrdering = false;
    })();
    for (let round = 0; isOrdering || round === 0; round++) {
      const client = await kind.connect(portOf(round % 2), as(ann, last));
      await sleep((round * 37) % 150);
      client.hangUp();
      last = client.lastId || last;
      seen.push(...client.frames.map(({ data }) => `${data.orderNumber} ${data.status}`));
    }
    await ordering;
    const client = await kind.connect(portOf(0), as(ann, last));
    const all = [...orders].flatMap(number =>
      ['PENDING', 'AWAITING_PAYMENT', 'COMPLETED'].map(is => `${number} ${is}`),
    );
    await client.until(({ frames }) => frames.length + seen.length >= all.length);
    await sleep(300);
    seen.push(...client.frames.map(({ data }) => `${data.orderNumber} ${data.status}`));
    client.hangUp();
    expect([...seen].sort()).toEqual([...all].sort());
    for (const orderNumber of orders)
      expect(seen.filter(each => each.startsWith(orderNumber)).map(each => each.split(' ')[1])).toEqual([
        ...['PENDING', 'AWAITING_PAYMENT', 'COMPLETED'],
      ]);
  });

  it('nobody is told what is somebody else’s, whatever id he comes with', async () => {
    const [ann, bob] = [aShopper(), aShopper()];
    const [hers, his] = [await kind.connect(portOf(0), as(ann)), await kind.connect(portOf(0), as(bob))];
    await shop.ordered(ann, await shop.product(), 1);
    await hers.until(({ frames }) => frames.length === 2);
    const late = await kind.connect(portOf(1), as(bob, hers.frames[0]?.id));
    await sleep(400);
    expect([his.frames, late.frames]).toEqual([[], []]);
    for (const client of [hers, his, late]) client.hangUp();
  });

  it('a ticket of one process opens another one, once, and is in no log', async () => {
    const ann = aShopper();
    const { ticket, lastEventId } = (await shop.api.call('POST', '/api/v1/events/tickets', { as: ann })).body;
    const query = { ticket: String(ticket), lastEventId: String(lastEventId) };
    const client = await kind.connect(portOf(1), { query });
    await shop.ordered(ann, await shop.product(), 1);
    await client.until(({ frames }) => frames.length === 2);
    client.hangUp();
    const again = await kind.connect(portOf(0), { query }).catch((error: Refused) => error);
    expect(again).toMatchObject({ status: 401, body: { code: 'TICKET_INVALID' } });
    for (let turn = 0; turn < 100 && !services[1]?.output().includes(name === 'SSE' ? '/api/v1/events' : '/ws'); turn++)
      await sleep(20);
    for (const service of services) expect(service.output()).not.toContain(String(ticket));
  });
});

it('a stop sends everybody away at once, and they go on elsewhere', async () => {
  const ann = aShopper();
  const leaving = await startService({ DATABASE_URL: database.url });
  const clients = [
    await SseClient.connect(leaving.port, as(ann)),
    await WebSocketClient.connect(leaving.port, as(ann)),
  ];
  const orderNumber = await awaitingPayment(ann, await shop.product());
  for (const client of clients) await client.until(({ frames }) => frames.length === 2);
  const before = Date.now();
  expect(await leaving.end('SIGTERM')).toBe(0);
  expect(Date.now() - before).toBeLessThan(5_000);
  expect(clients[1]).toMatchObject({ closeCode: 1012, isOver: true });
  await shop.pay(orderNumber, 10_000);
  for (const client of clients) {
    const kind = client instanceof SseClient ? SseClient : WebSocketClient;
    const next = await kind.connect(portOf(0), as(ann, client.lastId));
    await next.until(({ frames }) => frames.length === 1);
    expect(next.statuses).toEqual(['COMPLETED']);
    next.hangUp();
  }
});
