import { createPrivateKey, createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import { readRedisAddress } from '@org/adapters-persistence';

/** What a value should have been: ends the sentence `PORT must be …`. */
export class Malformed extends Error {}

type Reader<Value> = (text: string) => Value;

export const text: Reader<string> = value => value;

export const wholeNumber =
  (least: number, most: number): Reader<number> =>
  value => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most)) throw new Malformed(`a whole number from ${least} to ${most}`);
    return number;
  };

export const oneOf =
  <const Word extends string>(...words: readonly Word[]): Reader<Word> =>
  value => {
    const found = words.find(word => word === value);
    if (found === undefined) throw new Malformed(words.length === 1 ? `\`${words[0]}\`` : `one of ${words.join(', ')}`);
    return found;
  };

/** One of the words or several, separated by commas; `every` stands for all of them. */
export const someOf =
  <const Word extends string>(every: string, words: readonly Word[]): Reader<ReadonlySet<Word>> =>
  value => {
    if (value === every) return new Set(words);
    const asked = value.split(',').map(word => word.trim());
    const found = words.filter(word => asked.includes(word));
    if (found.length === 0 || found.length < asked.length)
      throw new Malformed(`\`${every}\`, or some of ${words.join(', ')}, separated by commas`);
    return new Set(found);
  };

export const postgresUrl: Reader<string> = value => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol) || url.pathname.length < 2)
    throw new Malformed('like postgres://user:password@host:5432/database');
  return value;
};

export const redisUrl: Reader<string> = value => {
  if (!readRedisAddress(value))
    throw new Malformed(
      'like redis://host:6379, redis+sentinel://host:26379,host:26379/name or redis+cluster://host:6379',
    );
  return value;
};

/** Braces would put keys of one campaign into different slots of a cluster. */
export const redisPrefix: Reader<string> = value => {
  if (!/^[\w:.-]{1,64}$/.test(value)) throw new Malformed('1 to 64 letters, digits, and _ : . -');
  return value;
};

export const addresses: Reader<readonly string[]> = value => {
  const list = value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  for (const entry of list) {
    const [address = '', bits] = entry.split('/');
    const kind = isIP(address);
    const most = kind === 4 ? 32 : 128;
    if (kind === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
      throw new Malformed('addresses or ranges, separated by commas, like 10.0.0.0/8,127.0.0.1');
  }
  return list;
};

/** PEM, as it is or with `\n` written out, as one line of a `.env` file has to. */
export const publicKey: Reader<string> = value => {
  const pem = value.replaceAll('\\n', '\n');
  try {
    createPublicKey(pem);
  } catch {
    throw new Malformed('a public key in PEM');
  }
  if (pem.includes('PRIVATE KEY')) throw new Malformed('a public key in PEM, and this is a private one');
  return pem;
};

/** PEM of a key to sign with, in the same forms. */
export const privateKey: Reader<string> = value => {
  const pem = value.replaceAll('\\n', '\n');
  try {
    createPrivateKey(pem);
  } catch {
    throw new Malformed('a private key in PEM, without a passphrase');
  }
  return pem;
};

export interface NamedKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** `name:key,name:key`, each key 32 bytes in base64 or base64url; the first is the newest. */
export const namedKeys: Reader<readonly [NamedKey, ...NamedKey[]]> = value => {
  const keys = value.split(',').map(part => {
    const [id = '', encoded = '', ...more] = part.trim().split(':');
    return { id, secret: Buffer.from(encoded, 'base64'), isFine: more.length === 0 };
  });
  const isFine = keys.every(key => key.isFine && /^[A-Za-z0-9_-]{1,16}$/.test(key.id) && key.secret.length === 32);
  const [first, ...rest] = keys.map(({ id, secret }) => ({ id, secret }));
  if (!isFine || !first || new Set(keys.map(({ id }) => id)).size !== keys.length)
    throw new Malformed('keys of 32 bytes in base64 with different names, like 2026a:…,2025b:…');
  return [first, ...rest];
};

/** Secrets are measured in bytes; HS256 asks for as many as it puts out (RFC 7518, 3.2). */
export const SECRET_BYTES = 32;
