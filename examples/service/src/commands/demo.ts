import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readConfig } from '../config/config.js';
import { answersAt, type Signer } from '../demo/api.js';
import { playOrders } from '../demo/order-phase.js';
import { startOwnService } from '../demo/own-service.js';
import { playSale } from '../demo/sale.js';
import { signToken } from '../tokens.js';
import { openBackend } from './backend.js';
import { runCommand, wholeNumber } from './run-command.js';

const usage = `npm run demo -- [--url http://localhost:3000] [--requests 50000] [--users 20000] [--coupons 1000] [--connections 256] [--orders 2000]
  Plays a flash sale and then orders of every kind against the running service, or against one that is started for it,
  and reads the proof and the books back from the database.`;

runCommand(usage, async args => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      requests: { type: 'string', default: '50000' },
      users: { type: 'string', default: '20000' },
      coupons: { type: 'string', default: '1000' },
      connections: { type: 'string', default: '256' },
      orders: { type: 'string', default: '2000' },
    },
  });
  const sale = {
    requests: wholeNumber(values.requests, 'requests'),
    users: wholeNumber(values.users, 'users'),
    coupons: wholeNumber(values.coupons, 'coupons'),
    connections: wholeNumber(values.connections, 'connections'),
  };
  const orders = wholeNumber(values.orders, 'orders');
  const config = readConfig(process.env);
  const wanted = values.url ?? `http://localhost:${config.port || 3000}`;
  const running = values.url !== undefined || (await answersAt(wanted));
  const own = running ? null : await startOwnService();
  try {
    const url = (own?.url ?? wanted).replace(/\/$/, '');
    console.log(`${own ? 'Started' : 'Found'} the service at ${url}`);
    const { database, tokenKey, close } = await openBackend(config);
    try {
      const name = `demo-${randomBytes(4).toString('hex')}`;
      const claims = { ttlSeconds: 3_600, issuer: config.jwtIssuer, audience: config.jwtAudience };
      const sign: Signer = (sub, role) => signToken(tokenKey, { sub, roles: [role], ...claims });
      const scene = { url, name, sign, database };
      await playSale(scene, sale);
      await playOrders(scene, orders);
    } finally {
      await close();
    }
  } finally {
    await own?.stop();
  }
});
