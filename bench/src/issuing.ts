import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadResult, load, postRequest } from '@org/example-service/http-load';
import { proofOf } from '@org/example-service/proof';
import { Redis } from 'ioredis';
import { activePolicy, type BenchDatabase } from './database.js';
import type { Check } from './figure.js';
import { type Endpoint, HOST, type Stage, tokenOf } from './stage.js';

/** Somebody who gives out coupons, first come, first served. */
export interface Contender {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Opens a campaign of `total` coupons, one for each user. */
  open(total: number): Promise<string>;
  request(campaign: string, user: string, total: number): Buffer;
  /** Whether a 503 is an answer: one transaction each can't take whatever comes. */
  readonly turnsAway: boolean;
  /** Waits for what was only accepted, 202, to be decided. Absent where every answer is an outcome. */
  readonly decided?: (campaigns: readonly string[], accepted: number) => Promise<void>;
  /** Counts the winners where they are stored; `told` = the answers to them. */
  check(campaign: string, told: readonly string[], expected: number): Promise<Check[]>;
}

const ISSUE = '/api/v1/coupons/issue';

/** @param told the answers to winners */
async function storedChecks(database: BenchDatabase, campaign: string, told: readonly string[], expected: number) {
  const ids = told.flatMap(body => /"couponId":"([^"]+)"/.exec(body)?.[1] ?? []);
  const proof = await proofOf(database.dataSource, campaign, ids);
  return [
    { what: 'winners in the database', expected, actual: proof.winners },
    { what: 'users with two coupons', expected: 0, actual: proof.usersWithTwo },
    { what: 'gaps in the sequence', expected: 0, actual: proof.gaps },
    { what: 'coupons without their event', expected: 0, actual: proof.eventsMissing },
    { what: 'coupons that were told of and are not there', expected: 0, actual: proof.lost },
  ];
}

const checkStored = async (database: BenchDatabase, campaign: string, told: readonly string[], expected: number) => [
  ...(await storedChecks(database, campaign, told, expected)),
  { what: 'winners that were told so', expected, actual: told.length },
];

/** The service, with whatever strategy. */
export const service = (
  name: string,
  endpoint: Endpoint,
  database: BenchDatabase,
  { turnsAway = false, path = ISSUE } = {},
): Contender => ({
  name,
  endpoint,
  turnsAway,
  open: total => activePolicy(database, total),
  request: (policyId, user) => postRequest(HOST, path, tokenOf(user, 'shopper'), JSON.stringify({ policyId })),
  check: (campaign, told, expected) => checkStored(database, campaign, told, expected),
});

/** Under a lock, which all processes share. */
export const UNDER_LOCK = '/api/v2/coupons';

/** Accepted as an event and decided later, by whoever subscribes to it. */
export function laterService(name: string, endpoint: Endpoint, database: BenchDatabase): Contender {
  const outcomes = async (campaigns: readonly string[]) => {
    const [row] = await database.query<{ count: number }>(
      `select (select count(*)::int from coupons where policy_id = any($1::uuid[])) +
         (select count(*)::int from events where type = 'coupon.request-refused.v1' and type like 'coupon.request-%'
            and data->>'policyId' = any($1::uuid[]::text[])) as count`,
      [campaigns],
    );
    return row?.count ?? 0;
  };
  return {
    ...service(name, endpoint, database, { path: '/api/v3/coupons' }),
    async decided(campaigns, accepted) {
      while ((await outcomes(campaigns)) < accepted) await sleep(100);
    },
    check: (campaign, _, expected) => storedChecks(database, campaign, [], expected),
  };
}

const limit = (endpoint: Endpoint, database: BenchDatabase): Contender => ({
  name: 'limit: node:http over the same group commit',
  endpoint,
  turnsAway: false,
  open: total => activePolicy(database, total),
  request: (campaign, user) =>
    Buffer.from(`POST /${campaign}/${user} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 0\r\n\r\n`),
  check: (campaign, told, expected) => checkStored(database, campaign, told, expected),
});

let campaigns = 0;

const naive = (endpoint: Endpoint, redisUrl: string): Contender => ({
  name: 'naive: Express and one Redis script, nothing durable',
  endpoint,
  turnsAway: false,
  open: async () => `campaign-${process.pid}-${++campaigns}`,
  request: (policyId, userId, total) =>
    postRequest(HOST, '/issue', 'none', JSON.stringify({ policyId, userId, total })),
  async check(campaign, told, expected) {
    const redis = new Redis(redisUrl);
    const winners = await redis.scard(`{${campaign}}:users`);
    await redis.del(`{${campaign}}:count`, `{${campaign}}:users`, `{${campaign}}:stream`);
    await redis.quit();
    return [
      { what: 'winners in Redis', expected, actual: winners },
      { what: 'winners that were told so', expected, actual: told.length },
    ];
  },
});

export interface Contenders {
  readonly v4: Contender;
  readonly v1: Contender;
  /** Null without a Redis. */
  readonly naive: Contender | null;
  readonly limit: Contender;
}

export async function contendersOf(stage: Stage): Promise<Contenders> {
  const database = await stage.database();
  const [v4, v1, express, bare] = await Promise.all([
    stage.service('GROUP_COMMIT'),
    stage.service('ROW_LOCK'),
    stage.naive(),
    stage.limit(),
  ]);
  return {
    v4: service('service V4 (group commit)', v4, database),
    v1: service('service V1 (row lock)', v1, database, { turnsAway: true }),
    naive: express && stage.redisUrl ? naive(express, stage.redisUrl) : null,
    limit: limit(bare, database),
  };
}

export interface SaleOptions {
  readonly coupons: number;
  readonly connections: number;
  /** Who asks, one after the other. */
  readonly users: readonly string[];
  /** Requests a second; as fast as it goes when absent. */
  readonly rate?: number;
  /** Goes on with this campaign, which has given out `before` coupons. */
  readonly campaign?: { readonly id: string; readonly before: number };
}

export interface Sale {
  readonly load: LoadResult;
  /** Answers with 503. */
  readonly turnedAway: number;
  /** Processor time of the server (without database and client) for one request, microseconds. */
  readonly cost: number;
  readonly checks: readonly Check[];
}

/** Plays a sale to its end and counts what came of it. */
export async function sale(contender: Contender, options: SaleOptions): Promise<Sale> {
  const { coupons, connections, users, rate, campaign } = options;
  const id = campaign?.id ?? (await contender.open(coupons));
  const requests = users.map(user => contender.request(id, user, coupons));
  const told: string[] = [];
  let others = 0;
  let turnedAway = 0;
  const { child } = contender.endpoint;
  const before = await child.processorTime();
  const result = await load({
    host: HOST,
    port: contender.endpoint.port,
    connections,
    requests: requests.length,
    request: index => requests[index] as Buffer,
    onAnswer: (_, status, body) => {
      if (status === 201) told.push(body);
      else if (status === 503 && contender.turnsAway) turnedAway++;
      else if (status !== 409) others++;
    },
    ...(rate !== undefined && { rate }),
  });
  const cost = (((await child.processorTime()) - before) * 1_000) / requests.length;
  // Whoever was turned away may ask again; until then the campaign has given out what it told of.
  const expected = turnedAway > 0 ? told.length : Math.min(coupons, new Set(users).size);
  const checks = campaign
    ? [{ what: 'winners that were told so', expected, actual: told.length }]
    : await contender.check(id, told, expected);
  const all = [...checks, { what: 'answers that are neither 201 nor 409', expected: 0, actual: others }];
  return {
    load: result,
    turnedAway,
    cost,
    checks: all.map(check => ({ ...check, what: `${contender.name}: ${check.what}` })),
  };
}

let crowds = 0;

/** Users that nobody has seen before. */
export function newUsers(count: number): string[] {
  const crowd = ++crowds;
  return Array.from({ length: count }, (_, i) => `user-${crowd}-${i}`);
}

/** Lets every server run its hot code once, before anything is measured. */
export async function warmUp(contenders: readonly Contender[], requests: number): Promise<void> {
  for (const contender of contenders)
    await sale(contender, { coupons: requests, connections: 64, users: newUsers(requests) });
}
