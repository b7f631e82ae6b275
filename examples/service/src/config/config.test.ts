import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roles } from '../roles.js';
import { ConfigError, isSlipOf, readConfig } from './config.js';
import { configurationPage } from './documentation.js';
import { settings } from './settings.js';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};
const secret = 's'.repeat(32);
const database = 'postgres://user:hidden@db:5432/shop';

describe('the configuration', () => {
  it('has a default for everything', () =>
    expect(readConfig({})).toMatchObject({ port: 3000, portGiven: false, host: 'localhost', databaseUrl: null }));

  it('counts an empty value as not set', () =>
    expect(readConfig({ PORT: '', REDIS_URL: '' })).toMatchObject({ port: 3000, portGiven: false, redisUrl: null }));

  it.each([
    ['PORT', ['0', '3000', '65535'], ['-1', '65536', '3e3', '80 ', 'http', '0x50']],
    ['DATABASE_POOL_SIZE', ['3', '200'], ['2', '201', '', 'many'].filter(Boolean)],
    ['ISSUE_STRATEGY', ['GROUP_COMMIT', 'ROW_LOCK', 'REDIS_GATE'], ['group_commit', 'V4']],
    ['REDIS_PREFIX', ['shop:', 'a.b-c_d'], ['{shop}', 'a b']],
    ['CACHE_POLICY_SECONDS', ['0', '300'], ['-1', '86401']],
    ['KAFKA_BROKERS', ['a:1', 'a:1,[::1]:9092'], ['a', 'a:0', 'http://a:1', 'a:1;b:2']],
    ['KAFKA_TOPIC_PREFIX', ['shop-', 'a.b_c'], ['shop/', 'ü']],
    ['KAFKA_PARTITIONS', ['order-events=1'], ['order-events', 'orders=4', 'order-events=0']],
    ['ROLES', ['all'], ['everything', 'all,api', 'api,', 'api;relay', 'API']],
    ['RATE_LIMIT_PER_USER', ['0', '6000'], ['-1', '1.5', 'none', 'Infinity']],
    ['LOG_LEVEL', ['debug', 'silent'], ['INFO', 'verbose']],
    ['TRUST_PROXY', ['10.0.0.0/8', '127.0.0.1, ::1', 'fd00::/8'], ['true', '10.0.0.0/33', '10.0.0', '10.0.0.1/x']],
    ['REFRESH_GRACE_SECONDS', ['0', '10'], ['11', '-1']],
    ['LOGIN_MAX_FAILURES', ['1', '100'], ['0', '101']],
    ['SWEEP_INTERVAL_SECONDS', ['0', '5'], ['86401', '5s']],
  ])('%s takes %j and refuses %j', (variable, accepted, refused) => {
    for (const value of accepted) expect(problemsOf({ [variable]: value })).toEqual([]);
    for (const value of refused) {
      const [problem = ''] = problemsOf({ [variable]: value });
      expect(problem).toContain(variable);
      expect(problem).toContain(JSON.stringify(value));
    }
  });

  it.each(['redis://shop:6379/1', 'redis://ann:secret@shop', 'rediss+sentinel://a,b/shop/1', 'redis+cluster://a:7000'])(
    'takes %s for a Redis',
    REDIS_URL => expect(problemsOf({ REDIS_URL })).toEqual([]),
  );

  it.each(['shop:secret', 'http://ann:secret@shop', 'redis://secret,b', 'redis+sentinel://secret'])(
    'refuses %s, and does not repeat it',
    REDIS_URL => {
      const [problem = ''] = problemsOf({ REDIS_URL });
      expect(problem).toContain('REDIS_URL must be like redis://host:6379');
      expect(problem).not.toContain('secret');
    },
  );

  it('names all that is wrong at once', () =>
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'y' })).toEqual([
      'PORT must be a whole number from 0 to 65535, not "x"',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "y"',
    ]));

  it('reads brokers, and what they ask for, as lists', () =>
    expect(
      readConfig({
        KAFKA_BROKERS: 'a:9092, b:9093',
        ...{ KAFKA_PARTITIONS: 'order-events=32', KAFKA_RETENTION_DAYS: 'order-events=1,point-events=90' },
      }),
    ).toMatchObject({
      kafkaBrokers: ['a:9092', 'b:9093'],
      kafkaPartitions: { 'order-events': 32 },
      kafkaRetentionDays: { 'order-events': 1, 'point-events': 90 },
    }));

  it.each([
    ['half a login', { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'ann' }, 'KAFKA_SASL_PASSWORD'],
    ['a certificate nobody asks for', { KAFKA_SSL_CA: '-----BEGIN CERTIFICATE-----' }, 'KAFKA_SSL_CA'],
    ['a login without brokers', { KAFKA_BROKERS: '', KAFKA_SSL: 'on' }, 'KAFKA_BROKERS'],
  ])('refuses for Kafka %s', (_, env, named) =>
    expect(problemsOf({ KAFKA_BROKERS: 'a:9092', ...env })).toEqual([expect.stringContaining(named)]),
  );

  it.each([
    ['a missing secret', {}, ['JWT_SECRET is missing: with DATABASE_URL it must have at least 32 bytes']],
    ['31 bytes', { JWT_SECRET: secret.slice(1) }, [expect.stringContaining('has 31 bytes')]],
    ['32 bytes', { JWT_SECRET: secret }, []],
  ])('with a database: %s', (_, env, problems) =>
    expect(problemsOf({ DATABASE_URL: database, ...env })).toEqual(problems),
  );

  it('takes no short secret without a database either, and needs none there', () => {
    expect(problemsOf({ JWT_SECRET: secret.slice(1) })).toEqual(['JWT_SECRET has 31 bytes: it must have at least 32']);
    expect(problemsOf({ JWT_SECRET: secret })).toEqual([]);
    expect(problemsOf({})).toEqual([]);
  });

  it('lets a process be there for some of the roles, where it does not own the database', () => {
    const shared = { DATABASE_URL: database, JWT_SECRET: secret };
    expect([...readConfig({ ...shared, ROLES: 'scheduler, api' }).roles]).toEqual(['api', 'scheduler']);
    expect([...readConfig({}).roles]).toEqual([...roles]);
    expect(problemsOf({ ROLES: 'api' })).toEqual([expect.stringContaining('ROLES names some of the roles without')]);
    expect(problemsOf({ ROLES: roles.join(',') })).toEqual([]);
  });

  it('takes a public key with its line ends written out, and no private one', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const env = { DATABASE_URL: database, JWT_PUBLIC_KEY: pem.replaceAll('\n', '\\n') };
    expect(readConfig(env).jwtPublicKey).toBe(pem);
    const own = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(problemsOf({ JWT_PUBLIC_KEY: own })).toEqual([expect.stringContaining('this is a private one')]);
  });

  it('takes a private key only with the public one that belongs to it', () => {
    const [own, other] = [1, 2].map(() => generateKeyPairSync('ed25519'));
    const pem = (key: typeof own, kind: 'public' | 'private') =>
      kind === 'public'
        ? (key?.publicKey.export({ type: 'spki', format: 'pem' }).toString() ?? '')
        : (key?.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() ?? '');
    const JWT_PRIVATE_KEY = pem(own, 'private');
    expect(problemsOf({ JWT_PRIVATE_KEY, JWT_PUBLIC_KEY: pem(own, 'public') })).toEqual([]);
    expect(problemsOf({ JWT_PRIVATE_KEY })).toEqual([expect.stringContaining('without JWT_PUBLIC_KEY')]);
    expect(problemsOf({ JWT_PRIVATE_KEY, JWT_PUBLIC_KEY: pem(other, 'public') })).toEqual([
      'JWT_PRIVATE_KEY and JWT_PUBLIC_KEY do not belong together',
    ]);
  });

  const key = Buffer.alloc(32, 1).toString('base64');
  it.each([
    [`a:${key}`, true],
    [`b:${key}, a:${key.replaceAll('/', '_')}`, true],
    [key, false],
    [`a:${key.slice(4)}`, false],
    [`a:${key},a:${key}`, false],
    [`a:${key}:x`, false],
    [`no name:${key}`, false],
  ])('PERSONAL_DATA_KEYS of %s: %s', (value, isFine) => {
    const problems = problemsOf({ PERSONAL_DATA_KEYS: value });
    expect(problems).toHaveLength(isFine ? 0 : 1);
    expect(problems.join()).not.toContain(key.slice(4, 20));
  });

  it('never repeats a secret', () => {
    const [problem = ''] = problemsOf({ DATABASE_URL: 'mysql://user:hidden@db/shop' });
    expect(problem).toContain('DATABASE_URL');
    expect(problem).not.toContain('hidden');
  });

  it.each([
    ['JWT_SECERT', 'JWT_SECRET', true],
    ['DATABSE_URL', 'DATABASE_URL', true],
    ['DATABASE_URI', 'DATABASE_URL', true],
    ['database_url', 'DATABASE_URL', true],
    ['RATE_LIMITS_PER_USER', 'RATE_LIMIT_PER_USER', true],
    ['DATABASE_HOST', 'DATABASE_URL', false],
    ['REDIS_PORT', 'REDIS_URL', false],
    ['KAFKA_BROKERS_PORT', 'KAFKA_BROKERS', false],
  ])('%s is a slip of %s: %s', (name, known, slip) => expect(isSlipOf(name, known)).toBe(slip));

  it('refuses a slip in a name, and leaves what others have set alone', () => {
    expect(problemsOf({ DATABSE_URL: database })).toEqual(['DATABSE_URL is not a setting: did you mean DATABASE_URL?']);
    expect(problemsOf({ SPORT: '1', HOSTS: 'a', REDIS_PORT: '6379', npm_config_port: '1' })).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8');
  it('is what `npm run docs:config` makes now', () => expect(page).toBe(configurationPage()));
  it('has a row for every variable', () => {
    for (const { variable } of Object.values(settings)) expect(page).toContain(`| \`${variable}\` |`);
  });
});
