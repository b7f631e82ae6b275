import { createPublicKey } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenKey } from '@org/adapters-http';
import { keptSecret } from '../embedded/secret-file.js';
import { type Config, ConfigError } from './config.js';

const curves: Readonly<Record<string, 'ES256' | 'ES384'>> = { prime256v1: 'ES256', secp384r1: 'ES384' };

/** The one algorithm that goes with a public key: the token has no say in it. */
function algorithmOf(pem: string) {
  const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
  if (asymmetricKeyType === 'rsa') return 'RS256';
  if (asymmetricKeyType === 'rsa-pss') return 'PS256';
  if (asymmetricKeyType === 'ed25519') return 'EdDSA';
  const curve = curves[asymmetricKeyDetails?.namedCurve ?? ''];
  if (asymmetricKeyType === 'ec' && curve) return curve;
  throw new ConfigError([`JWT_PUBLIC_KEY is a key of a kind that is not supported (${asymmetricKeyType})`]);
}

/** What tokens are verified with; without configuration a secret that was made once and stays in `DATA_DIR`. */
export async function tokenKeyOf({ jwtPublicKey, jwtSecret, dataDir }: Config): Promise<TokenKey> {
  if (jwtPublicKey) return { algorithm: algorithmOf(jwtPublicKey), publicKey: jwtPublicKey };
  if (jwtSecret) return { algorithm: 'HS256', secret: jwtSecret };
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  return { algorithm: 'HS256', secret: await keptSecret(join(dataDir, 'jwt-secret')) };
}
