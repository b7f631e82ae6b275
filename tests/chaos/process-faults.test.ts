import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Api, aService, aShopper, type CallOptions, type Method, operator, tokenOf } from '../e2e/support/api.js';
import { ownDatabase } from '../e2e/support/database.js';
import { eventually, Shop } from '../e2e/support/orders.js';
import { root, type ServiceProcess, startService } from '../e2e/support/service-process.js';
import { POOL_SIZE, saleInTrouble } from './support/sale-in-trouble.js';

const database = ownDatabase();

const start = (env: Readonly<Record<string, string>> = {}) =>
  startService({
    ...{ DATABASE_URL: database.url, DATABASE_POOL_SIZE: String(POOL_SIZE), BUS_LEASE_SECONDS: '1' },
    ...env,
  });
const endAll = (services: readonly ServiceProcess[]) => Promise.all(services.map(service => service.end('SIGTERM')));

describe('two processes', () => {
  const STOPPED_MS = 5_000;
  let services: ServiceProcess[];
  beforeAll(async () => {
    services = await Promise.all([start(), start()]);
  });
  afterAll(() => endAll(services));

  it('one of which stands still for 5 s in the middle of a sale: it goes on with what it was at, and its groups with it', async () => {
    const [still, other] = services as [ServiceProcess, ServiceProcess];
    const apis = [new Api(still.url), new Api(other.url)];
    await saleInTrouble({
      ...{ database, apis, name: 'stands-still' },
      fault: async () => {
        still.signal('SIGSTOP');
        await sleep(STOPPED_MS);
        still.signal('SIGCONT');
      },
    });
  }, 120_000);
});

const HOUR_MS = 3_600_000;
const SOME_HOURS_S = 10_800;

/** Its tokens are good for some hours: longer than any clock here is wrong. */
class PatientApi extends Api {
  override call(method: Method, path: string, options: CallOptions = {}) {
    const { as, headers } = options;
    return super.call(method, path, {
      ...options,
      headers: { ...(as && { authorization: `Bearer ${tokenOf(as, SOME_HOURS_S)}` }), ...headers },
    });
  }
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describe('two processes whose clocks are an hour fast and an hour slow', () => {
  const clock = pathToFileURL(join(root, 'tests/support/shifted-clock.mjs')).href;
  let services: ServiceProcess[];
  let fast: Api;
  let slow: Api;
  const both = <Value>(ask: (api: Api) => Promise<Value>) => Promise.all([fast, slow].map(ask));
  beforeAll(async () => {
    const wrong = (ms: number) =>
      start({ NODE_OPTIONS: `--import=${clock}`, CLOCK_SHIFT_MS: String(ms), PAYMENT_DEADLINE_SECONDS: '2' });
    services = await Promise.all([wrong(HOUR_MS), wrong(-HOUR_MS)]);
    [fast, slow] = services.map(({ url }) => new PatientApi(url)) as [Api, Api];
  });
  afterAll(() => endAll(services));

  /** Seconds since 1970. */
  async function databaseNow() {
    const [row] = await database.query<{ at: number }>('select extract(epoch from clock_timestamp())::float8 as at');
    return row?.at ?? 0;
  }

  it('sell together exactly what there is', async () => {
    await saleInTrouble({ database, apis: [fast, slow], name: 'wrong-clocks', fault: () => sleep(500) });
  }, 120_000);

  it('agree that a policy has begun, or is over, when the database says so', async () => {
    const codes = async (from: number, until: number) => {
      const policyId = await fast.policy({ issuePeriod: { from: inMinutes(from), until: inMinutes(until) } });
      const answers = await both(api => api.issue(aShopper(), policyId));
      return answers.map(({ status, body }) => body.code ?? status);
    };
    expect(await codes(-30, 30)).toEqual([201, 201]);
    expect(await codes(30, 60)).toEqual(['ISSUE_PERIOD_NOT_STARTED', 'ISSUE_PERIOD_NOT_STARTED']);
    expect(await codes(-60, -30)).toEqual(['ISSUE_PERIOD_OVER', 'ISSUE_PERIOD_OVER']);
  });

  describe.each(['fast', 'slow'])('what the %s one holds', name => {
    const maker = () => (name === 'fast' ? fast : slow);
    const asker = () => (name === 'fast' ? slow : fast);
    async function held(ttlSeconds: number) {
      const ann = aShopper();
      const policyId = await maker().policy({ validity: { until: inMinutes(30) } });
      const couponId = await maker().coupon(ann, policyId);
      const before = await databaseNow();
      const { status, body } = await maker().reserve(ann, couponId, { ttlSeconds });
      expect(status).toBe(201);
      const { reservationId } = body;
      const [row] = await database.query<{ at: number }>(
        'select extract(epoch from expires_at)::float8 as at from reservations where id = $1',
        [reservationId],
      );
      const end = row?.at ?? 0;
      expect([end >= before + ttlSeconds - 0.001, end <= (await databaseNow()) + ttlSeconds]).toEqual([true, true]);
      return { ann, reservationId, end };
    }
    const confirm = async (api: Api, { ann, reservationId }: Awaited<ReturnType<typeof held>>) => {
      const path = `/api/v1/coupons/reservations/${reservationId}/confirm`;
      const { status, body } = await api.call('POST', path, { as: aService, body: { userId: ann.sub } });
      return body.code ?? status;
    };

    it('is held for the other one, too', async () => {
      expect(await confirm(asker(), await held(600))).toBe(200);
    });

    it('is given up after two seconds of the database, whoever is asked', async () => {
      const hold = await held(2);
      await eventually(async () => (await databaseNow()) >= hold.end, true);
      expect(await both(api => confirm(api, hold))).toEqual(['RESERVATION_EXPIRED', 'RESERVATION_EXPIRED']);
    });

    it('for an order that is not paid is given up after two seconds of the database', async () => {
      const ann = aShopper();
      const shop = new Shop(maker());
      const orderNumber = await shop.ordered(ann, await shop.product(), 1, { payment: 'EXTERNAL' });
      const reason = async () => (await new Shop(asker()).status(ann, orderNumber)).reason;
      await eventually(reason, 'PAYMENT_TIMEOUT', 60_000);
      const times = `extract(epoch from payment_deadline - placed_at)::float8 as after, ended_at >= payment_deadline as ended,
        abs(extract(epoch from clock_timestamp() - placed_at)) < 600 as today`;
      expect(await database.query(`select ${times} from orders where id = $1::uuid`, [orderNumber])).toEqual([
        { after: 2, ended: true, today: true },
      ]);
    }, 120_000);
  });

  it('go by their own clocks where tokens are concerned, to the second', async () => {
    const statuses = (minutes: number) =>
      both(async ({ url }) => {
        const authorization = `Bearer ${tokenOf(operator, minutes * 60)}`;
        const { status, body } = await new Api(url).call('GET', '/api/v3/coupon-policies', {
          headers: { authorization },
        });
        return body.code ?? status;
      });
    expect(await statuses(61)).toEqual([200, 200]);
    expect(await statuses(59)).toEqual(['TOKEN_EXPIRED', 200]);
    expect(await statuses(-61)).toEqual(['TOKEN_EXPIRED', 'TOKEN_EXPIRED']);
  });
});
