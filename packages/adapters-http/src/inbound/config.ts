/** One key to verify tokens with, and the only algorithm that is accepted with it. */
export type TokenKey =
  | { readonly algorithm: 'HS256'; readonly secret: string }
  | {
      readonly algorithm: 'RS256' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA';
      /** PEM. */
      readonly publicKey: string;
    };

/** What the HTTP adapter can be told. Times are milliseconds, sizes bytes. */
export interface HttpConfig {
  readonly jwt: {
    readonly key: TokenKey;
    readonly issuer: string;
    readonly audience: string;
    /** PEM of the private key that belongs to `key.publicKey`; without it nobody can log in here. HS256 needs none. */
    readonly signingKey?: string | null;
  };
  /** Requests a minute of one shopper; 0 = no limit. Tokens with another role are not counted. Default 0. */
  readonly rateLimitPerUser?: number;
  /** Requests a minute of one address, whoever asks; 0 = no limit. Default 0. */
  readonly rateLimitPerAddress?: number;
  /** Addresses and CIDR ranges of proxies whose `X-Forwarded-For` is believed. Default none. */
  readonly trustProxy?: readonly string[];
  /** Bearer token that `/metrics` asks for; null = open. Default null. */
  readonly metricsToken?: string | null;
  /** Largest body of most requests. Default 64 KB. */
  readonly maxBody?: number;
  /** Largest body of a policy or a quote. Default 1 MB. */
  readonly maxLargeBody?: number;
  /** Largest head of a request. Default 16 KB. */
  readonly maxHead?: number;
  /** How long the head of a request may take to arrive. Default 10 s. */
  readonly headersTimeout?: number;
  /** How long a whole request may take to arrive. Default 30 s. */
  readonly requestTimeout?: number;
  /** How long an idle connection is kept. Default 65 s, longer than the minute of most load balancers. */
  readonly keepAliveTimeout?: number;
  /** How long `/health/ready` answers 503 before the port is closed, so that load balancers turn away. Default 0. */
  readonly drainDelay?: number;
  /** How long connections without a request stay open while draining: what is on its way still arrives. Default 250 ms. */
  readonly idleGrace?: number;
  /** After this long `close()` cuts what is not finished. Default 10 s. */
  readonly closeTimeout?: number;
  /** How often a client that waits for events is sent a sign of life, and has to show one; 0 = never. Default 15 s. */
  readonly heartbeat?: number;
  /** Most clients that wait for events, in all. Default 10,000. */
  readonly maxListeners?: number;
  /** Most of one user. Default 20. */
  readonly maxListenersPerUser?: number;
  /** Most bytes that wait for one client that is slow to take events. Default 256 KB. */
  readonly maxPushBuffer?: number;
  /** Whether the hot endpoints bypass Express. Default true. */
  readonly hotRoutes?: boolean;
  /** Whether figures of the process (memory, event loop, collector) are part of `/metrics`. Default true. */
  readonly processMetrics?: boolean;
}

export type Settings = { readonly [Name in keyof HttpConfig]-?: NonNullable<HttpConfig[Name]> | Nullable<Name> };
type Nullable<Name extends keyof HttpConfig> = null extends HttpConfig[Name] ? null : never;

const defaults = {
  rateLimitPerUser: 0,
  rateLimitPerAddress: 0,
  trustProxy: [],
  metricsToken: null,
  maxBody: 64 * 1024,
  maxLargeBody: 1024 * 1024,
  maxHead: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  drainDelay: 0,
  idleGrace: 250,
  closeTimeout: 10_000,
  heartbeat: 15_000,
  maxListeners: 10_000,
  maxListenersPerUser: 20,
  maxPushBuffer: 256 * 1024,
  hotRoutes: true,
  processMetrics: true,
} satisfies Omit<HttpConfig, 'jwt'>;

/** The settings with their defaults. @throws RangeError for a limit, size or time that is not a whole number ≥ 0 */
export function settingsOf(config: HttpConfig): Settings {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)) as HttpConfig;
  const settings = { ...defaults, ...given };
  for (const [name, value] of Object.entries(settings))
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 0))
      throw new RangeError(`${name} must be a whole number from 0 on, not ${value}`);
  return settings;
}
