import { type AddressInfo, connect } from 'node:net';
import {
  type AccountsOptions,
  createAccounts,
  createCatalogue,
  createOrders,
  createPoints,
  createPromotions,
  createPush,
  type OrdersOptions,
  type PointsOptions,
  type PromotionsOptions,
  runOnce,
} from '@org/application';
import { inMemoryAdapters, RealTimer } from '@org/application/memory';
import { createSigner } from 'fast-jwt';
import { pino } from 'pino';
import type { HttpConfig } from './config.js';
import { AnswerChecker, type Document } from './document/answers.fixtures.js';
import { openApi } from './document/openapi.js';
import { routesOf } from './routes.js';
import { createHttpServer, type HttpServerOptions } from './server.js';
import type { Service } from './service.js';

export const secret = 'a secret of the tests, long enough';
export const jwt: HttpConfig['jwt'] = { key: { algorithm: 'HS256', secret }, issuer: 'shop', audience: 'promotions' };

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

/** A token as the shop would sign it; `claims` replace what is usual, undefined leaves it out. */
export function tokenFor(sub: string, roles: readonly string[], claims: object = {}): string {
  const payload = { sub, roles, iss: 'shop', aud: 'promotions', exp: inAnHour(), ...claims };
  const known = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return createSigner({ key: secret, noTimestamp: true })(known);
}

export const shopper = (sub = 'ann') => tokenFor(sub, ['shopper']);
export const operator = tokenFor('olga', ['operator']);
export const service = tokenFor('checkout', ['service']);

export interface Sent {
  readonly token?: string | null;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, if it is JSON. */
  readonly json: Record<string, unknown> & {
    readonly items: Record<string, unknown>[];
    readonly errors: { field: string; message: string }[];
  };
}

const checkers = new Map<string, AnswerChecker>();

/** One for all servers that offer the same. */
function checkerOf({ offer, asyncApi }: Partial<HttpServerOptions>): AnswerChecker {
  const name = `${offer} ${asyncApi !== undefined}`;
  const service = { asyncApi: asyncApi ?? null } as Service;
  const checker = checkers.get(name) ?? new AnswerChecker(openApi(routesOf(service, offer).all) as Document);
  checkers.set(name, checker);
  return checker;
}

/** A server over its own empty in-memory store. */
export async function aServer(
  config: Partial<HttpConfig> = {},
  options: Partial<HttpServerOptions> = {},
  promotionsOptions: PromotionsOptions & { readonly points?: PointsOptions; readonly orders?: OrdersOptions } = {},
  accountsOptions: AccountsOptions = {},
) {
  const adapters = inMemoryAdapters();
  const checker = checkerOf(options);
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const promotions = createPromotions(adapters, promotionsOptions);
  const orders = createOrders(adapters, promotionsOptions.orders);
  const http = createHttpServer({
    promotions,
    accounts: createAccounts(adapters, accountsOptions),
    queries: adapters.queries,
    catalogue: createCatalogue(adapters),
    catalogueQueries: adapters.catalogueQueries,
    orders,
    orderQueries: adapters.orderQueries,
    points: createPoints(adapters, promotionsOptions.points),
    pointQueries: adapters.pointQueries,
    deadLetters: adapters.deadLetters,
    push: createPush(adapters, { timer: new RealTimer(), maxIdleMs: 20 }),
    logger,
    runOnce: runOnce(adapters),
    readiness: async () => ({ ready: true }),
    config: { jwt, processMetrics: false, idleGrace: 20, closeTimeout: 2_000, ...config },
    ...options,
  });
  await new Promise<void>(resolve => http.server.listen(0, '127.0.0.1', resolve));
  const { port } = http.server.address() as AddressInfo;

  async function call(method: string, path: string, { token, body, raw, headers = {} }: Sent = {}): Promise<Got> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await response.text();
    const { pathname } = new URL(response.url);
    const asked = response.redirected ? 'GET' : method;
    const { status, headers: got } = response;
    const mistakes = checker.mistakesIn({ method: asked, path: pathname, status, headers: got, text });
    if (mistakes.length > 0) throw new Error(`${mistakes.join('\n')}\n${text.slice(0, 1_000)}`);
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : {},
    };
  }

  return {
    ...http,
    adapters,
    promotions,
    orders,
    lines,
    port,
    call,
    get: (path: string, sent?: Sent) => call('GET', path, sent),
    post: (path: string, sent?: Sent) => call('POST', path, sent),
    put: (path: string, sent?: Sent) => call('PUT', path, sent),
    remove: (path: string, sent?: Sent) => call('DELETE', path, sent),
  };
}

export type TestServer = Awaited<ReturnType<typeof aServer>>;

/** A policy that is on sale. */
export async function anActivePolicy({ post }: TestServer, fields: object = {}): Promise<string> {
  const discount = { type: 'FIXED_AMOUNT', amount: 1000 };
  const body = {
    name: 'Rush',
    currency: 'KRW',
    discount,
    issuance: ['FIRST_COME', 'DOWNLOAD', 'CODE', 'EVENT'],
    ...fields,
  };
  const made = await post('/api/v3/coupon-policies', { token: operator, body });
  if (made.status !== 201) throw new Error(made.text);
  await post(`/api/v3/coupon-policies/${made.json.id}/activate`, { token: operator });
  return String(made.json.id);
}

export async function aCoupon(server: TestServer, user = 'ann', fields: object = {}): Promise<string> {
  const policyId = await anActivePolicy(server, fields);
  const got = await server.post('/api/v1/coupons/issue', { token: shopper(user), body: { policyId } });
  if (got.status !== 201) throw new Error(got.text);
  return String(got.json.couponId);
}

/** Bytes on a bare connection; answers all that comes until it ends. */
export function bare(port: number, ...pieces: (string | number)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', data => {
      text += data;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', error => ('code' in error && error.code === 'ECONNRESET' ? resolve(text) : reject(error)));
    const next = () => {
      const piece = pieces.shift();
      if (piece === undefined || socket.destroyed) return;
      if (typeof piece === 'number') setTimeout(next, piece);
      else socket.write(piece, next);
    };
    socket.on('connect', next);
  });
}
