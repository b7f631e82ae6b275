import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { roles } from '../../examples/service/src/roles.js';
import { Api, aShopper } from './support/api.js';
import { killAll, runToEnd, type ServiceProcess, startService } from './support/service-process.js';

let dataDir: string;
let service: ServiceProcess;
const start = () => startService({ DATA_DIR: dataDir });
const api = () => new Api(service.url);
const serverPid = async () => Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
/** A server that stops takes its file along. */
const runs = () => stat(join(dataDir, 'postgres/postmaster.pid')).then(Boolean, () => false);

beforeAll(async () => {
  // Private, as temporary folders are: the database runs as another user when we are root, and must get in.
  dataDir = await mkdtemp(join(tmpdir(), 'promotions-embedded-'));
  service = await start();
});
afterAll(async () => {
  if (service) await service.end('SIGTERM');
  await killAll();
  await rm(dataDir, { recursive: true, force: true });
});

/** Issues until it works, as a client with patience does. */
async function issueWithPatience(policyId: string) {
  const shopper = aShopper();
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await api().issue(shopper, policyId);
    statuses.push(answer.status);
    if (answer.status === 201) return statuses;
    await sleep(50);
  }
  throw new Error(`never issued: ${[...new Set(statuses)]}`);
}

describe('the service on its embedded Postgres', () => {
  let policyId: string;
  beforeAll(async () => {
    policyId = await api().policy({ limits: { total: 100, perUser: 1 } });
  });

  it.each(['localhost', '127.0.0.1'])('answers at %s', async host => {
    const response = await fetch(`http://${host}:${service.port}/health/ready`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'UP', checks: { roles: [...roles], database: 'UP' } },
    ]);
  });

  it('keeps its secrets to itself', async () => {
    const { mode } = await stat(join(dataDir, 'postgres.password'));
    expect(mode & 0o077).toBe(0);
  });

  it('refuses a second copy on the same data, naming the folder and who has it', async () => {
    const { code, output } = await runToEnd({ DATA_DIR: dataDir, PORT: '0' });
    expect(output).toContain(
      `DATA_DIR ${dataDir} is in use by another running copy (promotions owner, process ${service.pid})`,
    );
    expect(code).toBe(1);
    expect((await api().issue(aShopper(), policyId)).status).toBe(201);
  });

  it('ends with 0 when it is asked to, takes its database along, and has everything the next time', async () => {
    const shopper = aShopper();
    await api().issue(shopper, policyId);
    expect(await runs()).toBe(true);
    expect(await service.end('SIGTERM')).toBe(0);
    expect(await runs()).toBe(false);
    service = await start();
    expect((await api().issue(shopper, policyId)).body.code).toBe('COUPON_ALREADY_ISSUED');
  });

  it('takes over the database that a killed copy has left behind', async () => {
    const shopper = aShopper();
    await api().issue(shopper, policyId);
    const pid = await serverPid();
    expect(await service.end('SIGKILL')).toBeNull();
    service = await start();
    expect(await serverPid()).toBe(pid);
    expect((await api().issue(shopper, policyId)).body.code).toBe('COUPON_ALREADY_ISSUED');
  });

  it('starts again after both were killed', async () => {
    const shopper = aShopper();
    await api().issue(shopper, policyId);
    process.kill(await serverPid(), 'SIGKILL');
    await service.end('SIGKILL');
    service = await start();
    expect((await api().issue(shopper, policyId)).body.code).toBe('COUPON_ALREADY_ISSUED');
  });

  it('brings its database back when that is killed, answers 503 meanwhile, and goes on', async () => {
    const before = await serverPid();
    process.kill(before, 'SIGKILL');
    const statuses = await issueWithPatience(policyId);
    expect(statuses.filter(status => status !== 201 && status !== 503)).toEqual([]);
    expect(await serverPid()).not.toBe(before);
    expect((await api().call('GET', '/health/ready')).status).toBe(200);
  });
});

describe('beside a second copy with data of its own', () => {
  it('both serve', async () => {
    const other = await mkdtemp(join(tmpdir(), 'promotions-embedded-'));
    const second = await startService({ DATA_DIR: other });
    try {
      const policyId = await new Api(second.url).policy();
      expect((await new Api(second.url).issue(aShopper(), policyId)).status).toBe(201);
      expect((await api().issue(aShopper(), policyId)).body.code).toBe('POLICY_NOT_FOUND');
    } finally {
      expect(await second.end('SIGINT')).toBe(0);
      await rm(other, { recursive: true, force: true });
    }
  });
});
