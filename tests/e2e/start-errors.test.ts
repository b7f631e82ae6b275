import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAll, runToEnd, secret } from './support/service-process.js';

afterAll(killAll);

const misconfigured = 2;
const database = 'postgres://nobody:hidden@127.0.0.1:1/nothing';

describe('a start that makes no sense', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a port that is none', { PORT: 'http' }, 'PORT must be a whole number from 0 to 65535, not "http"'],
    [
      'an unknown strategy',
      { ISSUE_STRATEGY: 'FAST' },
      'ISSUE_STRATEGY must be one of GROUP_COMMIT, ROW_LOCK, REDIS_GATE, not "FAST"',
    ],
    ['a Redis that is none', { REDIS_URL: 'http://localhost:6379' }, 'REDIS_URL must be like redis://'],
    ['a broker without a port', { KAFKA_BROKERS: 'localhost' }, 'KAFKA_BROKERS must be'],
    ['a database without a secret', { DATABASE_URL: database }, 'JWT_SECRET is missing'],
    ['a short secret', { DATABASE_URL: database, JWT_SECRET: 'short' }, 'JWT_SECRET has 5 bytes'],
    ['a short secret without a database', { JWT_SECRET: 'short' }, 'JWT_SECRET has 5 bytes'],
    ['a slip in a name', { DATABSE_URL: database }, 'did you mean DATABASE_URL?'],
  ])('is refused with exit code 2 and one line that names it: %s', async (_, env, line) => {
    const { code, output } = await runToEnd(env);
    expect(output).toContain(line);
    expect(output).not.toContain('hidden');
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(misconfigured);
  });

  it('names a database that is not there, and not its password', async () => {
    const { code, output } = await runToEnd({ DATABASE_URL: database, JWT_SECRET: secret });
    expect(output).toContain('The service did not start');
    expect(output).not.toContain('hidden');
    expect(code).toBe(1);
  });
});

describe('a port that is taken', () => {
  let dataDir: string;
  const other = createServer();
  let taken = 0;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'promotions-taken-'));
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    taken = (other.address() as { port: number }).port;
  });
  afterAll(async () => {
    other.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is refused when it was asked for, and the database is stopped again', async () => {
    const { code, output } = await runToEnd({ PORT: String(taken), DATA_DIR: dataDir });
    expect(output).toContain(`can't listen on localhost port ${taken} (EADDRINUSE)`);
    expect(code).toBe(1);
    const again = await runToEnd({ PORT: String(taken), DATA_DIR: dataDir });
    expect(again.output).not.toContain('earlier process');
  });
});

describe('npm run token', () => {
  it('prints nothing but the token on its last line', async () => {
    const { code, output } = await runToEnd({ JWT_SECRET: secret }, 'token', ['--sub', 'u1', '--role', 'shopper']);
    expect(output.trim().split('\n').at(-1)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(code).toBe(0);
  });
  it('says what is wrong with the command', async () => {
    const { code, output } = await runToEnd({ JWT_SECRET: secret }, 'token', ['--role', 'king', '--sub', 'u1']);
    expect(output).toContain('--role must be one of shopper, operator, admin, service, not "king"');
    expect(code).toBe(misconfigured);
  });
});
