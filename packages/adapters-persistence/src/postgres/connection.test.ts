import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { Connection, DeadConnections } from './connection.js';

const message = (type: string, body: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const welcome = [message('R', Buffer.from([0, 0, 0, 0])), message('Z', Buffer.from('I'))];
const farewell = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
);

describe('a connection', () => {
  it('whose server dies in the moment of the greeting is an error of the first query, and does not end the process', async () => {
    const server = createServer(socket => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([...welcome, farewell])));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'nobody', max: 1 });
    const connection = await Connection.of({ driver: { master: pool } } as unknown as DataSource);
    await sleep(20);
    await expect(connection.client.query('select 1')).rejects.toThrow();
    connection.broken ??= new Error('the server is gone');
    connection.release();
    await pool.end();
    server.close();
  });
});

describe('dead connections', () => {
  const met = (error: Error) => {
    const dead = new DeadConnections();
    let count = 1;
    while (dead.mayGoOn(error)) count++;
    return count;
  };

  it('are passed over, all of a pool whose server was started anew', () => {
    expect(met(new Error('Connection terminated unexpectedly'))).toBe(100);
  });

  it('that say nothing are given up after the second: the others would take as long', () => {
    expect(met(new Error('Query read timeout'))).toBe(2);
    expect(met(Object.assign(new Error('connect'), { code: 'ETIMEDOUT' }))).toBe(2);
  });
});
