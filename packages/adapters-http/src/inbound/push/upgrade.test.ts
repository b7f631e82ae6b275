import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { aServer, shopper, type TestServer } from '../http.fixtures.js';

const offering = (path: string, protocol: string, more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${more}\r\n`;

/** Writes it all at once; tells what has come after a while, and whether the connection is still there. */
async function allAtOnce({ port }: TestServer, text: string) {
  const socket = connect(port, '127.0.0.1');
  let answers = '';
  let isOpen = true;
  socket.on('data', data => {
    answers += data;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isOpen = false;
  });
  socket.write(text);
  for (let turn = 0; turn < 100 && isOpen; turn++) await sleep(10);
  const found = { statuses: answers.match(/^HTTP\/1\.1 \d+/gm) ?? [], isOpen };
  socket.destroy();
  return found;
}

describe('requests for another protocol', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server.close());

  it('one behind the other before any is answered end their connection, which nothing else would', async () => {
    const list = offering('/api/v3/orders', 'h2c', `Authorization: Bearer ${shopper()}\r\n`);
    const { isOpen } = await allAtOnce(server, list.repeat(3));
    expect(isOpen).toBe(false);
  });

  it('end it also behind an ordinary one', async () => {
    const list = `GET /api/v3/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shopper()}\r\n\r\n`;
    const { isOpen } = await allAtOnce(server, `${list}${offering('/health/live', 'h2c')}`);
    expect(isOpen).toBe(false);
  });
});
