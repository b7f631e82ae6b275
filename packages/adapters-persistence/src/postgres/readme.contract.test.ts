import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEmptyDatabase } from '../../../../tests/support/postgres.js';

const home = join(import.meta.dirname, '../..');

it('the program in the README runs on an empty database', async () => {
  const readme = await readFile(join(home, 'README.md'), 'utf8');
  const [, program = ''] = /^```ts no-run\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const { url, drop } = await createEmptyDatabase();
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: url };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: home,
    env,
  });
  expect(stdout).toMatch(/^object \d{4}-\d\d-\d\dT/);
  await drop();
});
