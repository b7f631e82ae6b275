import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { aServer, bare, service } from './http.fixtures.js';

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('closing', () => {
  const slowly = (ms: number) => ({ jobs: { slow: () => wait(ms).then(() => ({ done: true })) } });
  const run = (name: string) =>
    `POST /schedulers/${name}/run HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${service}\r\n\r\n`;

  it('answers what was accepted, is not ready from the first moment on, and takes no new connections', async () => {
    const server = await aServer({ drainDelay: 100 }, slowly(200));
    const slow = server.post('/schedulers/slow/run', { token: service });
    await wait(50);
    const closed = server.close();
    expect((await server.get('/health/ready')).json).toMatchObject({ status: 'DOWN', checks: { draining: true } });
    const got = await slow;
    expect([got.status, got.headers.get('connection')]).toEqual([200, 'close']);
    await closed;
    await expect(server.get('/health/live')).rejects.toThrow();
    await expect(server.close()).resolves.toBeUndefined();
  });

  it('answers everything that one connection has sent, in order', async () => {
    const server = await aServer({}, slowly(50));
    const answers = bare(server.port, run('slow') + run('other') + run('slow'));
    await wait(20);
    await server.close();
    const statuses = [...(await answers).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '404', '200']);
  });

  it('answers what arrives on an open connection while it begins', async () => {
    const server = await aServer({ idleGrace: 1_000 }, slowly(10));
    const socket = connect(server.port, '127.0.0.1');
    let answers = '';
    socket.on('data', data => {
      answers += data;
    });
    socket.write(run('slow'));
    await once(socket, 'data');
    const [gone, closed] = [once(socket, 'close'), server.close()];
    socket.write(run('slow'));
    await Promise.all([gone, closed]);
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  it('answers what came in through a second door, too', async () => {
    const server = await aServer({}, slowly(150));
    const second = createServer(socket => server.server.emit('connection', socket));
    await new Promise<void>(resolve => second.listen(0, '127.0.0.1', resolve));
    const answer = bare((second.address() as AddressInfo).port, run('slow'));
    await wait(50);
    second.close();
    await server.close();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('does not wait for idle connections, nor for ever for busy ones', async () => {
    const never = new Promise<object>(() => {});
    const server = await aServer({ closeTimeout: 150 }, { jobs: { slow: () => never } });
    const idle = bare(server.port);
    const busy = bare(server.port, run('slow'));
    await wait(50);
    const began = Date.now();
    await server.close();
    expect(Date.now() - began).toBeLessThan(1_000);
    expect([await idle, await busy]).toEqual(['', '']);
  });
});
