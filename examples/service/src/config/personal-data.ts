import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AesPersonalData } from '@org/adapters-persistence';
import { keptSecret } from '../embedded/secret-file.js';
import type { Config } from './config.js';

type Needed = Pick<Config, 'personalDataKeys' | 'dataDir' | 'databaseUrl'>;

/** What keeps personal data; without configuration a key that was made once and stays in `DATA_DIR`. */
export async function personalDataOf(
  { personalDataKeys, dataDir, databaseUrl }: Needed,
  warn: (message: string) => void = () => undefined,
): Promise<AesPersonalData> {
  if (personalDataKeys) return new AesPersonalData(personalDataKeys);
  if (databaseUrl !== null)
    warn('PERSONAL_DATA_KEYS is not set: the key in DATA_DIR is used, and accounts can be read nowhere else');
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const secret = await keptSecret(join(dataDir, 'personal-data-key'));
  return new AesPersonalData([{ id: 'data-dir', secret: Buffer.from(secret, 'base64url') }]);
}
