import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Api, Caller } from '../../e2e/support/api.js';
import { countsOf } from '../../e2e/support/database.js';
import { eventually } from '../../e2e/support/orders.js';

interface Database {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export interface Trouble {
  readonly database: Database;
  /** Of each service: buyers take turns with them. */
  readonly apis: readonly Api[];
  /** Nobody else's: what its buyers are called. */
  readonly name: string;
  /** Happens in the middle of the sale, which does not come to its end before this does. */
  fault(seen: Seen): Promise<unknown>;
}

/** Few enough for a connection that is not given back to be missed soon. */
export const POOL_SIZE = 6;
export const CLIENTS = 32;
const COUPONS = 900;
/** So many are left until the fault is over. */
const LAST = 150;
/** Between two wishes of a client: not he, but the fault is to trouble the service. */
const REST_MS = 100;
const REQUESTS = 40;
/** Recovery has no deadline but this, on any machine. */
const PATIENCE_MS = 60_000;
/** The least that a fault lasts. */
const FAULT_MS = 2_500;

/** Something again and again, until the fault has lasted long enough and has been seen to do something. */
export async function often(pauseMs: number, something: () => unknown, isEnough: () => boolean): Promise<void> {
  const begun = Date.now();
  const goesOn = () => Date.now() - begun < FAULT_MS || (!isEnough() && Date.now() - begun < PATIENCE_MS);
  while (goesOn()) {
    await something();
    await sleep(pauseMs);
  }
}

/** What a client may be told while a dependency is in trouble. He asks again. */
const passing = ['NO_ANSWER', 'STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN', 'CONFLICT', 'IDEMPOTENCY_KEY_IN_FLIGHT'];
const final = ['COUPON_ALREADY_ISSUED', 'COUPON_SOLD_OUT', 'ISSUED'];

const codeOf = (answer: Answer | null) => {
  if (!answer) return 'NO_ANSWER';
  return answer.status < 300 ? 'ISSUED' : String(answer.body.code ?? answer.status);
};

/** What buyers have been told so far. */
class Seen {
  readonly codes = new Map<string, number>();
  /** Who has which coupon. */
  readonly winners = new Map<string, string>();

  note(code: string) {
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  /** How often they were told one of these. */
  times(...codes: readonly string[]) {
    return codes.reduce((sum, code) => sum + (this.codes.get(code) ?? 0), 0);
  }
}

interface Wish {
  readonly as: Caller;
  readonly path: string;
  readonly policyId: string;
  readonly key: string;
}

/** Asks with one key until there is an answer. */
async function insist(api: Api, { as, path, policyId, key }: Wish, seen: Seen) {
  const headers = { 'idempotency-key': key };
  for (let attempt = 1; ; attempt++) {
    const answer = await api.call('POST', path, { as, body: { policyId }, headers }).catch(() => null);
    const code = codeOf(answer);
    seen.note(code);
    if (answer && !passing.includes(code)) return { answer, code, inDoubt: attempt > 1 };
    await sleep(20 + Math.random() * 30);
  }
}

const shopper = (sub: string): Caller => ({ sub, roles: ['shopper'] });

/** Buyers who come until all is sold, some of them twice at the same moment, and again and again while there is a fault. */
function openSale(apis: readonly Api[], policyId: string, name: string) {
  const seen = new Seen();
  const doubtful: { readonly wish: Wish; readonly text: string }[] = [];
  let isHurried = false;
  let wishes = 0;
  let users = 0;
  async function client(index: number) {
    for (let isSoldOut = false; !isSoldOut; ) {
      const number = wishes++;
      if (number % 4 < 3 && (isHurried || users < COUPONS - LAST)) users++;
      const as = shopper(`${name}-${users}`);
      const wish = { as, policyId, path: '/api/v1/coupons/issue', key: `key-${number}` };
      const { answer, code, inDoubt } = await insist(apis[index % apis.length] as Api, wish, seen);
      if (code === 'ISSUED') seen.winners.set(answer.body.couponId, as.sub);
      if (inDoubt) doubtful.push({ wish, text: answer.text });
      isSoldOut = code === 'COUPON_SOLD_OUT';
      if (!isHurried) await sleep(REST_MS * (0.5 + Math.random()));
    }
  }
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)));
  return {
    seen,
    doubtful,
    async won(count: number) {
      while (seen.winners.size < count) await Promise.race([sleep(5), clients]);
    },
    end() {
      isHurried = true;
      return clients;
    },
  };
}

/** Wishes that are decided later, by a group of consumers. */
const sendRequests = (apis: readonly Api[], policyId: string, name: string) =>
  Promise.all(
    Array.from({ length: REQUESTS }, async (_, index) => {
      await sleep(index * REST_MS);
      const wish = { as: shopper(`${name}-later-${index}`), policyId, path: '/api/v3/coupons', key: 'later' };
      await insist(apis[index % apis.length] as Api, wish, new Seen());
    }),
  );

const decided = async ({ query }: Database, policyId: string) => {
  const [row] = await query<{ issued: number; refused: number }>(
    `select count(*) filter (where type = 'coupon.issued.v1')::int as issued,
       count(*) filter (where type = 'coupon.request-refused.v1')::int as refused from events where key = $1::text`,
    [policyId],
  );
  return row;
};

/** What the processes have left open, whoever they are connected through. */
const leftOpen = async ({ query }: Database, services: number) => {
  const [row] = await query<{ transactions: number; connections: number }>(
    `select count(*) filter (where state like 'idle in transaction%' or wait_event_type = 'Lock')::int as transactions,
       count(*)::int as connections
     from pg_stat_activity where application_name = 'promotions service' and datname = current_database()`,
  );
  return { transactions: row?.transactions, isWithinPools: (row?.connections ?? 0) <= services * POOL_SIZE };
};

async function expectExact(database: Database, policyId: string, winners: ReadonlyMap<string, string>) {
  const all = { issued: COUPONS, users: COUPONS, last: COUPONS, numbers: COUPONS, events: COUPONS };
  expect(await countsOf(database, policyId)).toEqual(all);
  const rows = await database.query<{ id: string; owner: string }>(
    'select id::text, user_id as owner from coupons where policy_id = $1::uuid',
    [policyId],
  );
  // Nobody gave up before he was answered: each coupon is the one that its owner was told of.
  expect(new Map(rows.map(({ id, owner }) => [id, owner]))).toEqual(winners);
}

async function expectSameAnswers(api: Api, doubtful: ReturnType<typeof openSale>['doubtful']) {
  const some = doubtful.slice(-100);
  const again = await Promise.all(some.map(({ wish }) => insist(api, wish, new Seen())));
  expect(again.map(({ answer }) => answer.text)).toEqual(some.map(({ text }) => text));
}

/**
 * Lets something happen in the middle of a sale. Whatever it is: exactly as many coupons as there are go to as many
 * users who all know of it, everybody gets the same answer again under his key, and the services go on by themselves.
 */
export async function saleInTrouble({ database, apis, name, fault }: Trouble): Promise<Seen> {
  const [first] = apis as readonly [Api];
  const policyId = await first.policy({ limits: { total: COUPONS, perUser: 1 } });
  const laterId = await first.policy({ limits: { total: REQUESTS / 2, perUser: 1 } });
  const { seen, doubtful, won, end } = openSale(apis, policyId, name);
  const requests = sendRequests(apis, laterId, name);
  await won(COUPONS / 10);
  await fault(seen);
  await end();
  await requests;

  expect([...seen.codes.keys()].filter(code => !passing.includes(code) && !final.includes(code))).toEqual([]);
  await expectExact(database, policyId, seen.winners);
  await expectSameAnswers(first, doubtful);
  for (const api of apis)
    await eventually(async () => (await api.call('GET', '/health/ready')).status, 200, PATIENCE_MS);
  await eventually(() => decided(database, laterId), { issued: REQUESTS / 2, refused: REQUESTS / 2 }, PATIENCE_MS);
  expect(await database.query('select type, status from parked_events')).toEqual([]);
  await eventually(() => leftOpen(database, apis.length), { transactions: 0, isWithinPools: true }, PATIENCE_MS);
  return seen;
}
