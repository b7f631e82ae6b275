import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import { aServer, jwt, secret, shopper, type TestServer, tokenFor } from '../http.fixtures.js';
import { Problem } from '../problem.js';
import { authenticator, type Caller } from './auth.js';

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const claims = { sub: 'ann', roles: ['shopper'], iss: 'shop', aud: 'promotions', exp: now() + 60 };

/** Signed by the right secret, whatever it says. */
const signed = (header: object, payload: object, key = secret) => {
  const input = `${base64(header)}.${base64(payload)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};
const hs256 = { alg: 'HS256', typ: 'JWT' };

describe('a token', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server.close());
  const ask = async (authorization?: string) => {
    const { status, json, headers } = await server.get('/api/v1/coupons/users/ann', {
      headers: authorization === undefined ? {} : { authorization },
    });
    return { status, code: json.code, challenge: headers.get('www-authenticate') };
  };

  it.each([
    ['that is good', `Bearer ${signed(hs256, claims)}`],
    ['after a word in any case', `bearer ${signed(hs256, claims)}`],
    ['for several audiences', `Bearer ${signed(hs256, { ...claims, aud: ['x', 'promotions'] })}`],
    ['of the type of access tokens', `Bearer ${signed({ ...hs256, typ: 'at+jwt' }, claims)}`],
    ['of no type', `Bearer ${signed({ alg: 'HS256' }, claims)}`],
    ['with a role that is not known here', `Bearer ${signed(hs256, { ...claims, roles: ['shopper', 'vip'] })}`],
  ])('%s is taken', async (_, header) => expect((await ask(header)).status).toBe(200));

  it.each<[string, string | undefined, string]>([
    ['that is not there', undefined, 'TOKEN_MISSING'],
    ['that is empty', 'Bearer ', 'TOKEN_INVALID'],
    ['of another scheme', 'Basic YTpi', 'TOKEN_INVALID'],
    ['that is no token', 'Bearer x.y.z', 'TOKEN_INVALID'],
    ['that is meant to get others with', `Bearer ${signed({ ...hs256, typ: 'refresh+jwt' }, claims)}`, 'TOKEN_INVALID'],
    ['of a type that is no word', `Bearer ${signed({ ...hs256, typ: ['JWT'] }, claims)}`, 'TOKEN_INVALID'],
    ['without a signature', `Bearer ${base64(hs256)}.${base64(claims)}.`, 'TOKEN_INVALID'],
    ['with alg none', `Bearer ${base64({ alg: 'none' })}.${base64(claims)}.`, 'TOKEN_INVALID'],
    ['with alg none and a signature', `Bearer ${signed({ alg: 'none' }, claims)}`, 'TOKEN_INVALID'],
    ['with another alg', `Bearer ${signed({ alg: 'HS512' }, claims)}`, 'TOKEN_INVALID'],
    ['signed by somebody else', `Bearer ${signed(hs256, claims, 'another secret')}`, 'TOKEN_INVALID'],
    ['with one letter changed', `Bearer ${signed(hs256, claims).replace('.ey', '.eY')}`, 'TOKEN_INVALID'],
    ['that is expired', `Bearer ${signed(hs256, { ...claims, exp: now() - 1 })}`, 'TOKEN_EXPIRED'],
    ['that never expires', `Bearer ${signed(hs256, { ...claims, exp: undefined })}`, 'TOKEN_INVALID'],
    ['that expires at a word', `Bearer ${signed(hs256, { ...claims, exp: 'never' })}`, 'TOKEN_INVALID'],
    ['that is not valid yet', `Bearer ${signed(hs256, { ...claims, nbf: now() + 60 })}`, 'TOKEN_INVALID'],
    ['of another issuer', `Bearer ${signed(hs256, { ...claims, iss: 'mall' })}`, 'TOKEN_INVALID'],
    ['of no issuer', `Bearer ${signed(hs256, { ...claims, iss: undefined })}`, 'TOKEN_INVALID'],
    ['for somebody else', `Bearer ${signed(hs256, { ...claims, aud: 'mall' })}`, 'TOKEN_INVALID'],
    ['for nobody', `Bearer ${signed(hs256, { ...claims, aud: undefined })}`, 'TOKEN_INVALID'],
    ['of nobody', `Bearer ${signed(hs256, { ...claims, sub: undefined })}`, 'TOKEN_INVALID'],
    ['of a number', `Bearer ${signed(hs256, { ...claims, sub: 7 })}`, 'TOKEN_INVALID'],
    ['of a user with a blank', `Bearer ${signed(hs256, { ...claims, sub: 'a b' })}`, 'TOKEN_INVALID'],
    ['without roles', `Bearer ${signed(hs256, { ...claims, roles: undefined })}`, 'TOKEN_INVALID'],
    ['with a word for roles', `Bearer ${signed(hs256, { ...claims, roles: 'admin' })}`, 'TOKEN_INVALID'],
    ['with a critical extension', `Bearer ${signed({ ...hs256, crit: ['b64'], b64: false }, claims)}`, 'TOKEN_INVALID'],
    ['over 8 KB', `Bearer ${signed(hs256, { ...claims, more: 'x'.repeat(8192) })}`, 'TOKEN_INVALID'],
  ])('%s is refused', async (_, header, code) =>
    expect(await ask(header)).toEqual({ status: 401, code, challenge: expect.stringMatching(/^Bearer realm=/) }),
  );

  it('without any role that this service knows may do nothing', async () =>
    expect(await ask(`Bearer ${tokenFor('ann', ['vip'])}`)).toMatchObject({ status: 403, code: 'FORBIDDEN' }));
});

describe('whoever is turned away with 401', () => {
  it.each<[string, string, object]>([
    ['from a login', '/api/v1/users/login', { email: 'ann@shop.example', password: 'wrong horse battery' }],
    ['from a refresh', '/api/v1/users/refresh-token', { refreshToken: 'x'.repeat(43) }],
  ])('%s is told the scheme', async (_, path, body) => {
    const server = await aServer();
    const { status, headers } = await server.post(path, { body });
    await server.close();
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="promotions"']);
  });

  it('from the metrics is told it too', async () => {
    const server = await aServer({ metricsToken: 'scrape' });
    const { status, headers } = await server.get('/metrics', { token: 'another' });
    await server.close();
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="promotions"']);
  });
});

describe('a token that is remembered', () => {
  it('is refused from the moment on at which it expires', () => {
    let clock = Date.now();
    const authenticate = authenticator(jwt, () => clock);
    const exp = now() + 60;
    const header = `Bearer ${tokenFor('ann', ['shopper'], { exp })}`;
    const codeAt = (at: number) => {
      clock = at;
      const caller = authenticate(header);
      return caller instanceof Problem ? caller.code : caller.sub;
    };
    expect([exp * 1000 - 1, exp * 1000, exp * 1000 + 1].map(codeAt)).toEqual(['ann', 'TOKEN_EXPIRED', 'TOKEN_EXPIRED']);
  });

  it('is not mixed up with another one', () => {
    const authenticate = authenticator(jwt);
    const subs = ['ann', 'bob', 'ann'].map(sub => (authenticate(`Bearer ${shopper(sub)}`) as Caller).sub);
    expect(subs).toEqual(['ann', 'bob', 'ann']);
  });
});

describe('an asymmetric key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const authenticate = authenticator({ ...jwt, key: { algorithm: 'ES256', publicKey: pem } });

  it('lets in what its owner signed', () => {
    const sign = createSigner({
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      algorithm: 'ES256',
    });
    expect(authenticate(`Bearer ${sign(claims)}`)).toMatchObject({ sub: 'ann' });
  });

  it('is not taken for a secret that everybody knows', () =>
    expect(authenticate(`Bearer ${signed(hs256, claims, pem)}`)).toMatchObject({ code: 'TOKEN_INVALID' }));
});

describe('configuring tokens', () => {
  it.each([
    ['no secret', { ...jwt, key: { algorithm: 'HS256', secret: '' } } as const],
    ['no issuer', { ...jwt, issuer: '' }],
    ['no audience', { ...jwt, audience: '' }],
  ])('with %s stops the start', (_, config) => expect(() => authenticator(config)).toThrow());
});
