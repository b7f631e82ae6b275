import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import { type Config, readConfig } from '../config/config.js';
import { answersAt, OperatorApi } from '../demo/api.js';
import { type LoadResult, load, percentile, postRequest } from '../demo/http-load.js';
import { startOwnService } from '../demo/own-service.js';
import { isExact, type Proof, proofOf } from '../demo/proof.js';
import { signToken } from '../tokens.js';
import { type Backend, openBackend } from './backend.js';
import { runCommand, wholeNumber } from './run-command.js';

const usage = `npm run demo -- [--url http://localhost:3000] [--requests 50000] [--users 20000] [--coupons 1000] [--connections 256]
  Plays a flash sale against the running service, or against one that is started for it, and reads the proof back from
  the database.`;

interface Sale {
  readonly requests: number;
  readonly users: number;
  readonly coupons: number;
  readonly connections: number;
}

const ISSUE = '/api/v1/coupons/issue';

async function play(url: string, config: Config, { tokenKey }: Backend, sale: Sale) {
  const name = `demo-${randomBytes(4).toString('hex')}`;
  const claims = { ttlSeconds: 3_600, issuer: config.jwtIssuer, audience: config.jwtAudience };
  const operator = signToken(tokenKey, { sub: `${name}-operator`, roles: ['operator'], ...claims });
  const policyId = await new OperatorApi(url, operator).activePolicy(`Flash sale ${name}`, sale.coupons);
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ policyId });
  const requests = Array.from({ length: sale.users }, (_, user) => {
    const token = signToken(tokenKey, { sub: `${name}-${user}`, roles: ['shopper'], ...claims });
    return postRequest(hostname, ISSUE, token, body);
  });
  const told: string[] = [];
  const codes = new Map<string, number>();
  const bar = new cliProgress.SingleBar({ noTTYOutput: true, fps: 5 }, cliProgress.Presets.shades_classic);
  bar.start(sale.requests, 0);
  let answered = 0;
  const result = await load({
    host: hostname,
    port: Number(port || 80),
    connections: sale.connections,
    requests: sale.requests,
    request: index => requests[index % sale.users] as Buffer,
    onAnswer(_, status, text) {
      if (++answered % 500 === 0) bar.update(answered);
      if (status === 201) told.push((JSON.parse(text) as { couponId: string }).couponId);
      const code = status === 201 ? 'ISSUED' : (/"code":"([A-Z_]+)"/.exec(text)?.[1] ?? `status ${status}`);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    },
  });
  bar.update(sale.requests);
  bar.stop();
  return { policyId, result, told, codes };
}

function print(sale: Sale, { seconds, latencies }: LoadResult, codes: ReadonlyMap<string, number>, proof: Proof): void {
  const ms = (share: number) => `${percentile(latencies, share).toFixed(1)} ms`;
  const answers = [...codes].map(([code, count]) => `${count} ${code}`).join(', ');
  console.log(`
answers      ${answers}
throughput   ${Math.round(sale.requests / seconds)} requests/s (${sale.requests} in ${seconds.toFixed(1)} s, ${sale.connections} connections)
latency      p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}, max ${ms(1)}

In the database:
winners             ${proof.winners} of ${sale.coupons}
users with two      ${proof.usersWithTwo}
gaps in sequence    ${proof.gaps}
events missing      ${proof.eventsMissing}
told, but lost      ${proof.lost}`);
}

runCommand(usage, async args => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      requests: { type: 'string', default: '50000' },
      users: { type: 'string', default: '20000' },
      coupons: { type: 'string', default: '1000' },
      connections: { type: 'string', default: '256' },
    },
  });
  const sale = {
    requests: wholeNumber(values.requests, 'requests'),
    users: wholeNumber(values.users, 'users'),
    coupons: wholeNumber(values.coupons, 'coupons'),
    connections: wholeNumber(values.connections, 'connections'),
  };
  const config = readConfig(process.env);
  const wanted = values.url ?? `http://localhost:${config.port || 3000}`;
  const running = values.url !== undefined || (await answersAt(wanted));
  const own = running ? null : await startOwnService();
  try {
    const url = (own?.url ?? wanted).replace(/\/$/, '');
    console.log(
      `${own ? 'Started' : 'Found'} the service at ${url}: ${sale.requests} requests of ${sale.users} users for ${sale.coupons} coupons`,
    );
    const backend = await openBackend(config);
    try {
      const { policyId, result, told, codes } = await play(url, config, backend, sale);
      const proof = await proofOf(backend.database, policyId, told);
      print(sale, result, codes, proof);
      if (!isExact(proof, sale.coupons, Math.min(sale.requests, sale.users)))
        throw new Error('The sale was not exact.');
      console.log('Exact: every coupon once, nobody twice, nothing lost.');
    } finally {
      await backend.close();
    }
  } finally {
    await own?.stop();
  }
});
