import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '../../examples/service/src/config/config.js';
import { root } from './files.js';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-env-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function make(name: string, ...profiles: readonly string[]) {
  const file = join(folder, name);
  const { PATH = '' } = process.env;
  await run('sh', [join(root, 'deploy/make-env.sh'), ...profiles], { env: { PATH, ENV_FILE: file } });
  const lines = (await readFile(file, 'utf8')).split('\n').filter(line => /^\w+=/.test(line));
  return { file, values: Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2))) };
}

describe('deploy/make-env.sh', () => {
  it('makes secrets that the service takes, other ones every time, for their owner alone', async () => {
    const [one, other] = [await make('one'), await make('other')];
    const DATABASE_URL = `postgres://promotions:${one.values.POSTGRES_PASSWORD}@postgres:5432/promotions`;
    const { JWT_SECRET, PERSONAL_DATA_KEYS, METRICS_TOKEN } = one.values;
    expect(() => readConfig({ DATABASE_URL, JWT_SECRET, PERSONAL_DATA_KEYS, METRICS_TOKEN })).not.toThrow();
    expect(JWT_SECRET).toHaveLength(64);
    for (const [name, value] of Object.entries(one.values).filter(([, text]) => text !== ''))
      expect([name, value]).not.toEqual([name, other.values[name]]);
    expect((await stat(one.file)).mode & 0o777).toBe(0o600);
  });

  it('writes down what belongs to each profile', async () => {
    const { values } = await make('all', 'kafka', 'redis', 'monitoring');
    expect(values).toMatchObject({
      COMPOSE_PROFILES: 'kafka,redis,monitoring',
      KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092,kafka-3:9092',
      REDIS_URL: expect.stringContaining(`:${values.REDIS_PASSWORD}@redis-sentinel-1:26379,`),
    });
    expect((await make('none')).values).toMatchObject({ COMPOSE_PROFILES: '', KAFKA_BROKERS: '', REDIS_URL: '' });
  });

  it('leaves what is there as it is', async () => {
    const { file, values } = await make('kept');
    await expect(make('kept')).rejects.toThrow('is there already: nothing was changed');
    expect(await readFile(file, 'utf8')).toContain(`JWT_SECRET=${values.JWT_SECRET}`);
  });

  it('knows no other profile, and makes nothing then', async () => {
    await expect(make('wrong', 'kafak')).rejects.toThrow('there is no profile kafak');
    await expect(stat(join(folder, 'wrong'))).rejects.toThrow('ENOENT');
  });
});
