import { generateKeyPairSync } from 'node:crypto';
import { aServer, jwt } from '../http.fixtures.js';
import { base, password, person } from './users.fixtures.js';

describe('with an asymmetric key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = {
    algorithm: 'EdDSA',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  } as const;
  const signingKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const conversation = async (config: object) => {
    const server = await aServer({ jwt: { ...jwt, key, ...config } });
    await server.post(`${base}/signup`, { body: person });
    const got = await server.post(`${base}/login`, { body: { email: person.email, password } });
    const read = got.status === 200 && (await server.get(`${base}/me`, { token: String(got.json.accessToken) })).status;
    await server.close();
    return [got.status, got.json.code, read];
  };

  it('tokens are signed with the private one, and accepted', async () =>
    expect(await conversation({ signingKey })).toEqual([200, undefined, 200]));

  it('nobody logs in where only the public one is known', async () =>
    expect(await conversation({})).toEqual([404, 'LOGIN_ELSEWHERE', false]));
});
