import type { Database } from '../jobs/jobs.js';
import { OperatorApi, type Signer } from './api.js';
import { type LoadResult, load, percentile, postRequest } from './http-load.js';
import { showProgress } from './progress.js';
import { isExact, type Proof, proofOf } from './proof.js';

export interface Sale {
  readonly requests: number;
  readonly users: number;
  readonly coupons: number;
  readonly connections: number;
}

/** Where the demonstration plays, and under which name: whatever it makes is called by it. */
export interface Scene {
  readonly url: string;
  readonly name: string;
  readonly sign: Signer;
  readonly database: Database;
}

const ISSUE = '/api/v1/coupons/issue';

async function sell({ url, name, sign }: Scene, sale: Sale) {
  const operator = new OperatorApi(url, sign(`${name}-operator`, 'operator'));
  const policyId = await operator.activePolicy(`Flash sale ${name}`, { total: sale.coupons, perUser: 1 });
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ policyId });
  const requests = Array.from({ length: sale.users }, (_, user) =>
    postRequest(hostname, ISSUE, sign(`${name}-${user}`, 'shopper'), body),
  );
  const told: string[] = [];
  const codes = new Map<string, number>();
  const bar = showProgress(sale.requests);
  const result = await load({
    host: hostname,
    port: Number(port || 80),
    connections: sale.connections,
    requests: sale.requests,
    request: index => requests[index % sale.users] as Buffer,
    onAnswer(_, status, text) {
      bar.step();
      if (status === 201) told.push((JSON.parse(text) as { couponId: string }).couponId);
      const code = status === 201 ? 'ISSUED' : (/"code":"([A-Z_]+)"/.exec(text)?.[1] ?? `status ${status}`);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    },
  });
  bar.end();
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

/**
 * A flash sale, and the proof of it from the database.
 * @throws Error when it was not exact
 */
export async function playSale(scene: Scene, sale: Sale): Promise<void> {
  console.log(`\nA flash sale: ${sale.requests} requests of ${sale.users} users for ${sale.coupons} coupons`);
  const { policyId, result, told, codes } = await sell(scene, sale);
  const proof = await proofOf(scene.database, policyId, told);
  print(sale, result, codes, proof);
  if (!isExact(proof, sale.coupons, Math.min(sale.requests, sale.users))) throw new Error('The sale was not exact.');
  console.log('Exact: every coupon once, nobody twice, nothing lost.');
}
