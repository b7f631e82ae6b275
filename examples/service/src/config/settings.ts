import { roles } from '../roles.js';
import { kafkaSettings } from './kafka-settings.js';
import {
  addresses,
  namedKeys,
  oneOf,
  postgresUrl,
  privateKey,
  publicKey,
  someOf,
  text,
  wholeNumber,
} from './readers.js';
import { redisSettings } from './redis-settings.js';
import { optional, type Setting, setting } from './setting.js';

const day = 86_400;

/** Every setting of the service, in the order of the documentation. */
export const settings = {
  port: setting(
    'PORT',
    '3000',
    wholeNumber(0, 65_535),
    'Port of the HTTP API; 0 = any free one. When it is not set and 3000 is taken, any free port is used, and printed.',
  ),
  host: setting(
    'HOST',
    'localhost',
    text,
    'Address to listen on. `localhost` = this machine only, by 127.0.0.1 and ::1; `0.0.0.0` or `::` = every network.',
  ),
  databaseUrl: optional(
    'DATABASE_URL',
    postgresUrl,
    'Postgres to use. Without it, an embedded Postgres keeps its data in `DATA_DIR`.',
    true,
  ),
  databasePoolSize: setting('DATABASE_POOL_SIZE', '20', wholeNumber(3, 200), 'Most database connections at a time.'),
  statementTimeoutSeconds: setting(
    'DATABASE_STATEMENT_TIMEOUT_SECONDS',
    '10',
    wholeNumber(1, 600),
    'After this long the database cancels a statement.',
  ),
  dataDir: setting(
    'DATA_DIR',
    '.data',
    text,
    'Folder of the embedded Postgres and of generated secrets; kept between starts, used by one copy at a time.',
  ),
  ...redisSettings,
  ...kafkaSettings,
  roles: setting(
    'ROLES',
    'all',
    someOf('all', roles),
    `What this process is there for: \`all\`, or some of ${roles.map(role => `\`${role}\``).join(', ')}, separated by commas. Processes of different roles share \`DATABASE_URL\`.`,
  ),
  issueStrategy: setting(
    'ISSUE_STRATEGY',
    'GROUP_COMMIT',
    oneOf('GROUP_COMMIT', 'ROW_LOCK', 'REDIS_GATE'),
    'How first come, first served is written: `GROUP_COMMIT` (those who come together share a transaction), `ROW_LOCK` (one transaction each) or `REDIS_GATE` (as the first, behind a gate that all processes share and that keeps away from the database those who come too late).',
  ),
  pointsDebt: setting(
    'POINTS_DEBT',
    'ALLOWED',
    oneOf('ALLOWED', 'REFUSED'),
    'What becomes of a cancelled earning whose points are spent: `ALLOWED` (they are owed, and the next earnings pay) or `REFUSED` (it cannot be cancelled).',
  ),
  paymentDeadlineSeconds: setting(
    'PAYMENT_DEADLINE_SECONDS',
    '1800',
    wholeNumber(1, 30 * day),
    'How long an order waits for its payment; then it is cancelled, and what is held for it is free again.',
  ),
  shippingFee: setting(
    'SHIPPING_FEE',
    '0',
    wholeNumber(0, 100_000_000),
    'What shipping costs, for every order: minor units of its currency.',
  ),
  sagaStuckSeconds: setting(
    'SAGA_STUCK_SECONDS',
    '30',
    wholeNumber(1, day),
    'An order that nothing has happened to for so long, though it is not over, is gone on with by the job `order-recovery`.',
  ),
  jwtSecret: optional(
    'JWT_SECRET',
    text,
    'Secret of HS256 tokens, at least 32 bytes. Required with `DATABASE_URL` unless `JWT_PUBLIC_KEY` is set; without it, one is generated and kept in `DATA_DIR`.',
    true,
  ),
  jwtPublicKey: optional(
    'JWT_PUBLIC_KEY',
    publicKey,
    'PEM of a public key (RSA: RS256, P-256: ES256, P-384: ES384, Ed25519: EdDSA) that tokens are verified with instead of a secret.',
  ),
  jwtPrivateKey: optional(
    'JWT_PRIVATE_KEY',
    privateKey,
    'PEM of the private key of `JWT_PUBLIC_KEY`. With a public key and without this one nobody can log in here: tokens come from elsewhere.',
    true,
  ),
  jwtIssuer: setting('JWT_ISSUER', 'promotions', text, 'Required `iss` of tokens.'),
  jwtAudience: setting('JWT_AUDIENCE', 'promotions', text, 'Required `aud` of tokens.'),
  personalDataKeys: optional(
    'PERSONAL_DATA_KEYS',
    namedKeys,
    'Keys that e-mail addresses, names and phone numbers are encrypted with: `name:key,…`, 32 bytes in base64 each (`openssl rand -base64 32`). The first one encrypts, all of them decrypt. Without it, one is generated and kept in `DATA_DIR`; whoever runs several copies has to set it.',
    true,
  ),
  refreshGraceSeconds: setting(
    'REFRESH_GRACE_SECONDS',
    '10',
    wholeNumber(0, 10),
    'How long after its first use a refresh token works again, for tabs that refresh at the same moment; later it ends the session.',
  ),
  sessionDays: setting('SESSION_DAYS', '30', wholeNumber(1, 365), 'After so many days a session takes a new login.'),
  loginMaxFailures: setting(
    'LOGIN_MAX_FAILURES',
    '5',
    wholeNumber(1, 100),
    'Wrong passwords of one address at one account before it is locked out.',
  ),
  loginLockSeconds: setting(
    'LOGIN_LOCK_SECONDS',
    '900',
    wholeNumber(1, day),
    'How long a lock-out lasts, and how long wrong passwords are remembered.',
  ),
  loginHistoryDays: setting(
    'LOGIN_HISTORY_DAYS',
    '90',
    wholeNumber(1, 3_650),
    'How long attempts to log in, and sessions that are over, are kept.',
  ),
  rateLimitPerUser: setting(
    'RATE_LIMIT_PER_USER',
    '6000',
    wholeNumber(0, 1_000_000),
    'Requests a minute of one shopper; 0 = no limit. Other roles are not counted.',
  ),
  rateLimitPerAddress: setting(
    'RATE_LIMIT_PER_ADDRESS',
    '0',
    wholeNumber(0, 10_000_000),
    'Requests a minute of one address; 0 = no limit. Off by default: a whole office or a mobile network comes from one address.',
  ),
  maxListeners: setting(
    'MAX_LISTENERS',
    '10000',
    wholeNumber(0, 1_000_000),
    'Most clients that are connected to this process to be told of events. The limit of open files has to be higher.',
  ),
  maxListenersPerUser: setting(
    'MAX_LISTENERS_PER_USER',
    '20',
    wholeNumber(1, 1_000_000),
    'Most of them of one user: his tabs and devices.',
  ),
  trustProxy: setting(
    'TRUST_PROXY',
    '',
    addresses,
    'Addresses and ranges of proxies whose `X-Forwarded-For` is believed, separated by commas.',
  ),
  metricsToken: optional('METRICS_TOKEN', text, 'Bearer token that `/metrics` asks for; without it, it is open.', true),
  logLevel: setting(
    'LOG_LEVEL',
    'info',
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    'Least important log line that is written.',
  ),
  sweepIntervalSeconds: setting(
    'SWEEP_INTERVAL_SECONDS',
    '5',
    wholeNumber(0, day),
    'How often overdue reservations and holds on stock are written down; 0 = never. Whether one is over never depends on it.',
  ),
  expiryIntervalSeconds: setting(
    'EXPIRY_INTERVAL_SECONDS',
    '60',
    wholeNumber(0, day),
    'How often expired coupons and points are written down; 0 = never. Whether one is expired never depends on it.',
  ),
  busIdleMs: setting(
    'BUS_IDLE_MS',
    '250',
    wholeNumber(10, 60_000),
    'How long an idle consumer waits at most before it looks for events of other processes; a commit of its own process wakes it at once.',
  ),
  busBatch: setting('BUS_BATCH', '500', wholeNumber(1, 10_000), 'Most events that a consumer handles at once.'),
  busRetries: setting(
    'BUS_RETRIES',
    '3',
    wholeNumber(0, 100),
    'How often an event whose handler failed is tried again before it is a dead letter.',
  ),
  busRetryDelayMs: setting(
    'BUS_RETRY_DELAY_MS',
    '2000',
    wholeNumber(1, 3_600_000),
    'How long such an event, and what comes after it of its key, waits before each retry.',
  ),
  busLeaseSeconds: setting(
    'BUS_LEASE_SECONDS',
    '3',
    wholeNumber(1, 600),
    'After this long without a sign of life other processes take over what a consumer was at.',
  ),
  deadLetterRedriveMinutes: setting(
    'DEAD_LETTER_REDRIVE_MINUTES',
    '5',
    wholeNumber(1, 1_440),
    'How long a dead letter rests before it is sent round again by itself, at most five times.',
  ),
  idempotencyRetentionHours: setting(
    'IDEMPOTENCY_RETENTION_HOURS',
    '24',
    wholeNumber(1, 24 * 365),
    'How long answers to requests with an Idempotency-Key are kept.',
  ),
  shutdownTimeoutSeconds: setting(
    'SHUTDOWN_TIMEOUT_SECONDS',
    '10',
    wholeNumber(0, 600),
    'After this long a stop no longer waits for requests that are under way.',
  ),
  drainDelaySeconds: setting(
    'DRAIN_DELAY_SECONDS',
    '0',
    wholeNumber(0, 600),
    'How long a stop announces itself on `/health/ready` before the port is closed, so that load balancers turn away.',
  ),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

type Settings = typeof settings;

export type Values = { readonly [Name in keyof Settings]: ReturnType<Settings[Name]['read']> };
