import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from './support/api.js';
import { countsOf, type TestDatabase, testDatabase } from './support/database.js';
import { usersOf } from './support/rush.js';
import { killAll, runToEnd, type ServiceProcess, secret, startService } from './support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'promotions-commands-'));
  env = { DATABASE_URL: database.url, JWT_SECRET: secret };
  service = await startService(env);
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('npm run issue-event', () => {
  it('gives everybody of a file one coupon per cause, however often it runs', async () => {
    const policyId = await new Api(service.url).policy({ issuance: ['EVENT'] });
    const users = join(folder, 'users.txt');
    await writeFile(users, `${usersOf('birthday', 1_200).join('\r\n')}\n\n`);
    const args = ['--policy', policyId, '--users', users, '--cause'];
    for (let run = 0; run < 2; run++) {
      const { code, output } = await runToEnd(env, 'issue-event', [...args, 'birthday-2026']);
      expect(output).toContain('1200 of 1200 users have the coupon of birthday-2026');
      expect(code).toBe(0);
    }
    expect((await countsOf(database, policyId)).issued).toBe(1_200);
    await runToEnd(env, 'issue-event', [...args, 'birthday-2027']);
    expect((await countsOf(database, policyId)).issued).toBe(2_400);
  });

  it('tells who was refused and why', async () => {
    const policyId = await new Api(service.url).policy({ issuance: ['EVENT'], limits: { total: 10 } });
    const users = join(folder, 'many.txt');
    await writeFile(users, usersOf('late', 25).join('\n'));
    const { output } = await runToEnd(env, 'issue-event', ['--policy', policyId, '--users', users, '--cause', 'x']);
    expect(output).toContain('10 of 25 users have the coupon of x');
    expect(output).toContain('15 refused: COUPON_SOLD_OUT');
  });

  it('writes nothing when a line of the file is no user id', async () => {
    const policyId = await new Api(service.url).policy({ issuance: ['EVENT'] });
    const users = join(folder, 'wrong.txt');
    await writeFile(users, `ann\nb o b\n`);
    const { code, output } = await runToEnd(env, 'issue-event', [
      '--policy',
      policyId,
      '--users',
      users,
      '--cause',
      'x',
    ]);
    expect([code, output]).toEqual([2, expect.stringContaining('"b o b"')]);
    expect((await countsOf(database, policyId)).issued).toBe(0);
  });
});

describe('npm run codes', () => {
  it('makes codes and writes them to a file', async () => {
    const policyId = await new Api(service.url).policy({ issuance: ['CODE'] });
    const out = join(folder, 'codes.csv');
    const args = ['--policy', policyId, '--count', '2500', '--pattern', '####-####', '--out', out];
    const { code, output } = await runToEnd(env, 'codes', args);
    expect([code, output]).toEqual([0, expect.stringContaining(`2500 codes written to ${out}`)]);
    const [head, ...lines] = (await readFile(out, 'utf8')).trim().split('\r\n');
    expect([head, lines.length, new Set(lines).size]).toEqual(['code,status', 2_500, 2_500]);
    expect(lines[0]).toMatch(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4},AVAILABLE$/);
  });

  it('says when there are not enough different ones', async () => {
    const policyId = await new Api(service.url).policy({ issuance: ['CODE'] });
    const { code, output } = await runToEnd(env, 'codes', [
      '--policy',
      policyId,
      '--count',
      '5000',
      '--pattern',
      'AB-###',
    ]);
    expect([code, output]).toEqual([1, expect.stringContaining('CODE_SPACE_TOO_SMALL')]);
  });
});

describe('npm run migrate', () => {
  it('tells what the database has, and wants to be asked rightly', async () => {
    const { code, output } = await runToEnd(env, 'migrate', ['status']);
    expect([code, output]).toEqual([0, expect.stringMatching(/^(?:up {3}\S+\n)+$/)]);
    expect((await runToEnd(env, 'migrate', ['sideways'])).code).toBe(2);
  });
});

describe('npm run demo', () => {
  // Enough orders of each kind that some of them can't be refused for another reason.
  const many = ['--requests', '3000', '--users', '1200', '--coupons', '100', '--connections', '32', '--orders', '45'];
  const few = ['--requests', '20', '--users', '20', '--coupons', '10', '--connections', '4', '--orders', '15'];
  const PATIENCE_MS = 150_000;
  const demo = (own: Readonly<Record<string, string>>, args: readonly string[]) =>
    runToEnd(own, 'demo', args, PATIENCE_MS);

  it('plays the sale and the orders against the running service and proves them', async () => {
    const { code, output } = await demo(env, ['--url', service.url, ...many]);
    expect(output).toContain('100 of 100');
    expect(output).toContain('Exact: every coupon once, nobody twice, nothing lost.');
    for (const end of ['COMPLETED', 'PAYMENT_FAILED', 'CANCELLED_BY_REQUEST', 'OUT_OF_STOCK'])
      expect(output).toMatch(new RegExp(`^ends .*\\d ${end}\\b`, 'm'));
    expect([code, output]).toEqual([0, expect.stringContaining('Balanced: every order is over')]);
  }, 180_000);

  it('starts a service of its own when none answers', async () => {
    const own = { DATA_DIR: join(folder, 'data'), PORT: '1' };
    const { code, output } = await demo(own, few);
    expect([code, output]).toEqual([0, expect.stringContaining('Exact: every coupon once')]);
    expect(output).toContain('Balanced: every order is over');
    expect(output).toContain('Started the service at');
  }, 180_000);

  it('fails when a unit is sold that nobody ordered', async () => {
    await database.query(`create function sell_more() returns trigger language plpgsql as
      $$ begin new.sold := new.sold + 1; return new; end $$`);
    await database.query(`create trigger sell_more before update on stock_items for each row
      when (new.sold > old.sold) execute function sell_more()`);
    try {
      const { code, output } = await demo(env, ['--url', service.url, ...few]);
      expect([code, output]).toEqual([1, expect.stringMatching(/The books are wrong: .*units sold/)]);
    } finally {
      await database.query('drop function sell_more cascade');
    }
  }, 180_000);
});
