import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { aServer, bare } from './http.fixtures.js';

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

/** A server that is asked whether it is ready, and answers when it is told to. */
async function aServerThatWaits() {
  const asked: (() => void)[] = [];
  const readiness = () =>
    new Promise<{ ready: true }>(resolve => {
      asked.push(() => resolve({ ready: true }));
    });
  return { asked, server: await aServer({}, { readiness }) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !condition(); turn++) await sleep(5);
}

describe('requests that are sent one behind the other on one connection', () => {
  it('are handled one after the other: no more than one answer waits for a client that does not read', async () => {
    const { asked, server } = await aServerThatWaits();
    const answers = bare(server.port, get('/health/ready').repeat(4) + get('/health/live', 'Connection: close\r\n'));
    for (let count = 1; count <= 4; count++) {
      await until(() => asked.length >= count);
      await sleep(20);
      expect(asked).toHaveLength(count);
      asked[count - 1]?.();
    }
    expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(Array(5).fill('HTTP/1.1 200'));
    await server.close();
  });

  it('are not piled up without end', async () => {
    const { asked, server } = await aServerThatWaits();
    const socket = connect(server.port, '127.0.0.1');
    let isOpen = true;
    socket.on('close', () => {
      isOpen = false;
    });
    socket.on('error', () => undefined);
    socket.write(get('/health/ready').repeat(1_000));
    await until(() => !isOpen);
    expect([isOpen, asked.length]).toEqual([false, 1]);
    await server.close();
  });

  it('are forgotten with their connection', async () => {
    const { asked, server } = await aServerThatWaits();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(get('/health/ready').repeat(3));
    await until(() => asked.length > 0);
    socket.destroy();
    await sleep(50);
    expect(asked).toHaveLength(1);
    asked[0]?.();
    await server.close();
  });
});
