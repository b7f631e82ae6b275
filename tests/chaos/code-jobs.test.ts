import { setTimeout as sleep } from 'node:timers/promises';
import { Api, operator } from '../e2e/support/api.js';
import { ownDatabase } from '../e2e/support/database.js';
import { secret, startCommand, startService } from '../e2e/support/service-process.js';

const count = Number(process.env.CODES_COUNT ?? 60_000);

const database = ownDatabase();

const made = async (policyId: string) => {
  const [row] = await database.query<{ created: number }>(
    'select coalesce(max(created), 0)::int as created from code_jobs where policy_id = $1',
    [policyId],
  );
  return row?.created ?? 0;
};
const untilMore = async (policyId: string, than: number) => {
  while ((await made(policyId)) <= than) await sleep(2);
  return made(policyId);
};
const countsOf = (policyId: string) =>
  database.query(
    `select count(*)::int as codes, count(distinct code)::int as different, max(position)::int as last,
       (select count(*)::int from code_jobs where policy_id = $1 and status = 'DONE') as jobs
     from coupon_codes where policy_id = $1`,
    [policyId],
  );
const exactly = [{ codes: count, different: count, last: count, jobs: 1 }];

describe('a job that makes codes, killed twice', () => {
  it('goes on by the same command and makes exactly as many as were ordered', async () => {
    const service = await startService({ DATABASE_URL: database.url });
    const policyId = await new Api(service.url).policy({ issuance: ['CODE'] });
    await service.end('SIGTERM');
    const env = { DATABASE_URL: database.url, JWT_SECRET: secret };
    const args = ['--policy', policyId, '--count', String(count), '--pattern', '####-####-####'];
    for (let kill = 0, sofar = 0; kill < 2; kill++) {
      const { child, ended } = startCommand(env, 'codes', args);
      sofar = await untilMore(policyId, sofar);
      child.kill('SIGKILL');
      await ended;
    }
    const last = startCommand(env, 'codes', args);
    expect(await last.ended).toBe(0);
    expect(last.output()).toContain('going on with job');
    expect(await countsOf(policyId)).toEqual(exactly);
  }, 300_000);

  it('goes on by itself when the service starts again', async () => {
    let service = await startService({ DATABASE_URL: database.url });
    const api = new Api(service.url);
    const policyId = await api.policy({ issuance: ['CODE'] });
    const body = { count, pattern: '######-######' };
    const { body: job } = await api.call('POST', `/api/v3/coupon-policies/${policyId}/codes`, { as: operator, body });
    for (let kill = 0, sofar = 0; kill < 2; kill++) {
      sofar = await untilMore(policyId, sofar);
      await service.end('SIGKILL');
      service = await startService({ DATABASE_URL: database.url });
    }
    const path = `/api/v3/coupon-policies/${policyId}/codes/jobs/${job.jobId}`;
    let status = 'RUNNING';
    while (status === 'RUNNING') {
      await sleep(50);
      status = (await new Api(service.url).call('GET', path, { as: operator })).body.status;
    }
    expect(status).toBe('DONE');
    expect(await countsOf(policyId)).toEqual(exactly);
    await service.end('SIGTERM');
  }, 300_000);
});
