import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.js';
import { personalDataOf } from './personal-data.js';

const keys = (...letters: string[]) =>
  letters.map(letter => `${letter}:${Buffer.alloc(32, letter).toString('base64')}`).join(',');

describe('the key of personal data', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'personal-data-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));
  const needed = (personalDataKeys: string | null, databaseUrl: string | null = null) => ({
    ...readConfig(personalDataKeys ? { PERSONAL_DATA_KEYS: personalDataKeys } : {}),
    ...{ dataDir, databaseUrl },
  });

  it('is made once and kept, readable by us alone', async () => {
    const sealed = (await personalDataOf(needed(null))).seal('ann', 'here');
    expect((await personalDataOf(needed(null))).open(sealed, 'here')).toBe('ann');
    const file = join(dataDir, 'personal-data-key');
    expect([(await stat(file)).mode & 0o777, (await readFile(file, 'utf8')).length]).toEqual([0o600, 44]);
  });

  it('that is made beside a database of many copies is warned of', async () => {
    const warnings: string[] = [];
    await personalDataOf(needed(null, 'postgres://db/shop'), message => warnings.push(message));
    await personalDataOf(needed(keys('a'), 'postgres://db/shop'), message => warnings.push(message));
    expect(warnings).toEqual([expect.stringContaining('PERSONAL_DATA_KEYS is not set')]);
  });

  it('comes from the environment, the newest first', async () => {
    const sealed = (await personalDataOf(needed(keys('a')))).seal('ann', 'here');
    const rotated = await personalDataOf(needed(keys('b', 'a')));
    expect(rotated.open(sealed, 'here')).toBe('ann');
    expect([rotated.isCurrent(sealed), rotated.isCurrent(rotated.seal('ann', 'here'))]).toEqual([false, true]);
    expect(rotated.indexes('ann')).toContain((await personalDataOf(needed(keys('a')))).index('ann'));
  });
});
