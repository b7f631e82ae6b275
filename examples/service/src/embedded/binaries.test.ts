import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkLibraries } from './binaries.js';

describe('shared libraries after an install without scripts', () => {
  let home: string;
  let native: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'promotions-links-'));
    native = join(home, 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib/libx.so.6.2'), '');
    const links = ['libx.so', 'libx.so.6'].map(name => ({
      source: 'native/lib/libx.so.6.2',
      target: `native/lib/${name}`,
    }));
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('are linked beside each other, and again it changes nothing', async () => {
    for (let start = 0; start < 2; start++) {
      expect(await linkLibraries(native, join(home, 'spare'))).toBeNull();
      expect(await readlink(join(native, 'lib/libx.so.6'))).toBe('libx.so.6.2');
    }
  });

  it('are linked elsewhere when the package can not be written to', async () => {
    // A folder that is not there takes no link, and root is refused nothing else.
    await rm(join(native, 'lib'), { recursive: true });
    expect(await linkLibraries(native, join(home, 'spare'))).toBe(`${home}/spare:${native}/lib`);
    expect(await readlink(join(home, 'spare/libx.so'))).toBe(join(native, 'lib/libx.so.6.2'));
  });
});
