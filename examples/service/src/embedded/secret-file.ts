import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';

/**
 * A random secret that is made once and kept, readable by us alone. It appears whole or not at all, so that two
 * processes that start together, or one that is killed, never see half of it or two of them.
 * @returns 43 letters of base64url: 256 bits
 */
export async function keptSecret(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(`can't read the secret in ${path} (${error.code}): it belongs to whoever started it first`);
  });
  if (kept !== null) return kept.trim();
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(own, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(own, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}
