import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { PersonalData } from '@org/application';

/** A key of 256 bits and its name, which is written on everything that it seals. */
export interface PersonalDataKey {
  /** 1–16 of `A-Z a-z 0-9 _ -`. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

interface Key {
  readonly id: string;
  readonly cipher: Buffer;
  readonly index: Buffer;
}

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const algorithm = 'aes-256-gcm';

/** One secret, two keys: what can look addresses up can't open them. */
function keyOf({ id, secret }: PersonalDataKey): Key {
  if (!/^[A-Za-z0-9_-]{1,16}$/.test(id)) throw new RangeError(`personal data key: ${id} is no name of a key`);
  if (secret.length !== 32) throw new RangeError(`personal data key ${id}: 32 bytes, not ${secret.length}`);
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `personal data: ${purpose}`, 32));
  return { id, cipher: derived('cipher'), index: derived('index') };
}

/**
 * AES-256-GCM with a random nonce per text, and HMAC-SHA-256 for look-ups. The first key seals and indexes, all of them
 * open and find: to rotate, add the new one at the end everywhere, then move it to the front, seal again what
 * is older, then drop the old one.
 */
export class AesPersonalData implements PersonalData {
  private readonly keys: ReadonlyMap<string, Key>;
  private readonly newest: Key;

  constructor(keys: readonly [PersonalDataKey, ...PersonalDataKey[]]) {
    this.keys = new Map(keys.map(key => [key.id, keyOf(key)]));
    this.newest = keyOf(keys[0]);
    if (this.keys.size !== keys.length) throw new RangeError('personal data keys: two have the same name');
  }

  seal(text: string, context: string): string {
    const iv = randomBytes(IV_BYTES);
    const head = `${VERSION}.${this.newest.id}`;
    const cipher = createCipheriv(algorithm, this.newest.cipher, iv).setAAD(Buffer.from(`${head}.${context}`));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${head}.${sealed.toString('base64url')}`;
  }

  open(sealed: string, context: string): string {
    const [version, id = '', body = '', ...more] = sealed.split('.');
    const key = this.keys.get(id);
    const bytes = Buffer.from(body, 'base64url');
    // Base64 that isn't the one form of its bytes was changed by somebody.
    const isWhole = bytes.length >= IV_BYTES + TAG_BYTES && bytes.toString('base64url') === body;
    if (version !== VERSION || more.length > 0 || !isWhole) throw new Error('this is not sealed data');
    if (!key) throw new Error(`data was sealed with the key "${id}", which is not known here`);
    const decipher = createDecipheriv(algorithm, key.cipher, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(`${VERSION}.${id}.${context}`)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)).toString('utf8') + decipher.final('utf8');
  }

  index(text: string): string {
    return indexWith(this.newest, text);
  }

  indexes(text: string): readonly string[] {
    return [...this.keys.values()].map(key => indexWith(key, text));
  }

  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${VERSION}.${this.newest.id}.`);
  }
}

const indexWith = ({ index }: Key, text: string) => createHmac('sha256', index).update(text).digest('base64url');

/** For programs without accounts: whoever touches one is told what is missing. */
export const withoutPersonalData: PersonalData = (() => {
  const missing = (): never => {
    throw new Error('accounts need a key for personal data: postgresAdapters(dataSource, { personalData })');
  };
  return { seal: missing, open: missing, index: missing, indexes: missing, isCurrent: missing };
})();
