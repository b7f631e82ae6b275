import { Api } from '../e2e/support/api.js';
import { ownDatabase } from '../e2e/support/database.js';
import { eventually } from '../e2e/support/orders.js';
import { type ServiceProcess, startService } from '../e2e/support/service-process.js';
import { type BadClient, huge, silent, slow } from './support/bad-clients.js';
import { CLIENTS, POOL_SIZE, saleInTrouble } from './support/sale-in-trouble.js';

const IDLE = 200;
const HUGE = 50 * 1024 * 1024;
const PATIENCE_MS = 60_000;

const database = ownDatabase();
let service: ServiceProcess;
let api: Api;
beforeAll(async () => {
  service = await startService({ DATABASE_URL: database.url, DATABASE_POOL_SIZE: String(POOL_SIZE) });
  api = new Api(service.url);
});
afterAll(() => service?.end('SIGTERM'));

async function figure(name: string): Promise<number> {
  const { text } = await api.call('GET', '/metrics');
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
}

const many = (count: number, make: () => Promise<BadClient>) => Promise.all(Array.from({ length: count }, make));
const answers = (clients: readonly BadClient[]) => Promise.all(clients.map(({ answer }) => answer));

describe('clients that are silent, slow or never come to an end, beside honest ones in the middle of a sale', () => {
  it('are hung up on, and nobody else notices: every buyer is answered at the first time of asking', async () => {
    const memory = await figure('process_resident_memory_bytes');
    const files = await figure('process_open_fds');
    const { port } = service;
    let served = 0;
    const { codes } = await saleInTrouble({
      ...{ database, apis: [api], name: 'honest' },
      fault: async ({ winners }) => {
        const before = winners.size;
        const idle = await many(IDLE, () => silent(port));
        const slowBodies = await many(25, () => slow(port, 'body'));
        const slowHeads = await many(25, () => slow(port, 'head'));
        const bodies = [
          ...(await many(5, () => huge(port, HUGE, true))),
          ...(await many(5, () => huge(port, HUGE, false))),
        ];
        for (const answer of await answers(bodies)) expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"BODY_TOO_LARGE"/);
        for (const { socket } of bodies) expect(socket.bytesWritten).toBeLessThan(HUGE);
        for (const answer of await answers([...slowHeads, ...idle]))
          expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"REQUEST_TIMEOUT"/);
        served = winners.size - before;
        for (const { socket } of slowBodies) socket.destroy();
      },
    });
    expect([...codes.keys()].sort()).toEqual(['COUPON_ALREADY_ISSUED', 'COUPON_SOLD_OUT', 'ISSUED']);
    // Each of them many times: they did not have to wait until the others were gone.
    expect(served).toBeGreaterThan(5 * CLIENTS);
    expect((await figure('process_resident_memory_bytes')) - memory).toBeLessThan(4 * HUGE);
    await eventually(async () => (await figure('process_open_fds')) < files + IDLE, true, PATIENCE_MS);
  }, 120_000);
});
