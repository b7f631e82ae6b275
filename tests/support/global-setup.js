import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what all workers of one run share. The database server itself is started by the first who needs it. */
export default async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'promotions-tests-'));
  // A server that may not run as root has to reach its data.
  await chmod(folder, 0o711);
  process.env.PROMOTIONS_TEST_RUN = folder;
}
