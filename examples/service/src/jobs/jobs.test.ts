import type { CodeJob } from '@org/application';
import { createJobs, type JobParts, wake } from './jobs.js';

type Parts = Pick<JobParts, 'promotions'> & {
  readonly catalogue?: JobParts['catalogue'];
  readonly orders?: Partial<JobParts['orders']>;
  readonly isStopping?: () => boolean;
  readonly unfinished?: readonly string[];
  readonly settleOverdue?: () => Promise<number>;
};

const logged: [object, string][] = [];
const noOrders: JobParts['orders'] = { timeOut: async () => 0, resume: async () => 0 };
const noHolds: JobParts['catalogue'] = { expireStockHolds: async () => 0 };
const jobsWith = ({
  promotions,
  catalogue = noHolds,
  orders = {},
  isStopping = () => false,
  unfinished = [],
  settleOverdue = async () => 0,
}: Parts) =>
  createJobs({
    promotions,
    catalogue,
    orders: { ...noOrders, ...orders },
    points: { settleOverdue },
    adapters: {
      unitOfWork: { run: (work: (tx: never) => unknown) => work(null as never) },
      codes: { unfinishedJobs: async () => unfinished },
      idempotency: { forget: async () => 0 },
      deadLetters: {
        redriveDue: async (seconds: number, limit: number) =>
          seconds === 300 && limit === 500 ? (letters.shift() ?? 0) : -1,
      },
      ...{ sessions: forgetting, throttles: forgetting, loginHistory: forgetting },
      tickets: { forget: async () => 0 },
    } as unknown as JobParts['adapters'],
    database: null as unknown as JobParts['database'],
    config: {
      idempotencyRetentionHours: 24,
      loginHistoryDays: 90,
      loginLockSeconds: 900,
      deadLetterRedriveMinutes: 5,
      sagaStuckSeconds: 30,
    },
    isStopping,
    log: { info: () => undefined, error: (data, message) => logged.push([data, message]) },
  });
const letters: number[] = [];
const forgetting = {
  left: 0,
  asked: [] as number[],
  async forget(_: unknown, seconds: number, limit: number) {
    forgetting.asked.push(seconds);
    const now = Math.min(limit, forgetting.left);
    forgetting.left -= now;
    return now;
  },
};
const none: JobParts['promotions'] = { expireOverdue: async () => 0, advanceCodeJob: async () => null };

describe('the jobs', () => {
  it.each([
    ['nothing is overdue', [0], 0, 1],
    ['one batch is not full', [499], 499, 1],
    ['full batches come first', [500, 500, 20], 1_020, 3],
    ['the last batch is full', [500, 0], 500, 2],
  ])('sweep until fewer than a batch are left: %s', async (_, batches, expired, runs) => {
    const left = [...batches];
    let asked = 0;
    const expireOverdue = async () => {
      asked++;
      return left.shift() ?? 0;
    };
    const jobs = jobsWith({ promotions: { ...none, expireOverdue } });
    expect(await jobs['reservation-timeout']()).toEqual({ expired });
    expect(asked).toBe(runs);
  });

  it('sweep holds on stock until fewer than a batch are left', async () => {
    const batches = [500, 3];
    const expireStockHolds = async ({ limit }: { readonly limit: number }) =>
      limit === 500 ? (batches.shift() ?? 0) : 0;
    const jobs = jobsWith({ promotions: none, catalogue: { expireStockHolds } });
    expect(await jobs['stock-timeout']()).toEqual({ expired: 503 });
  });

  it('write down what the time has done to points, account by account', async () => {
    const left = [500, 7];
    const jobs = jobsWith({ promotions: none, settleOverdue: async () => left.shift() ?? 0 });
    expect(await jobs['points-expiry']()).toEqual({ settled: 507 });
  });

  it('cancel orders that are not paid in time, batch by batch', async () => {
    const batches = [200, 1];
    const jobs = jobsWith({ promotions: none, orders: { timeOut: async () => batches.shift() ?? 0 } });
    expect(await jobs['payment-timeout']()).toEqual({ cancelled: 201, failures: 0 });
  });

  it('tell of each order that could not be ended', async () => {
    const timeOut: JobParts['orders']['timeOut'] = async ({ failed }) => {
      failed('order-1', new Error('out of order'));
      return 3;
    };
    const jobs = jobsWith({ promotions: none, orders: { timeOut } });
    expect(await jobs['payment-timeout']()).toEqual({ cancelled: 3, failures: 1 });
    expect(logged.splice(0)).toMatchObject([[{ orderNumber: 'order-1' }, 'order could not be ended']]);
  });

  it('go on with orders that are stuck, and tell of each that could not be helped', async () => {
    const asked: number[] = [];
    const error = new Error('out of order');
    const resume: JobParts['orders']['resume'] = async ({ olderThanSeconds, failed }) => {
      asked.push(olderThanSeconds);
      failed('o-1', error);
      return 500;
    };
    const jobs = jobsWith({ promotions: none, orders: { resume } });
    expect(await jobs['order-recovery']()).toEqual({ resumed: 500, failures: 1 });
    expect(asked).toEqual([30]);
    expect(logged).toEqual([[{ orderNumber: 'o-1', err: error }, 'order could not be resumed']]);
  });

  it('end after their batch when the service stops', async () => {
    let stopping = false;
    const expireOverdue = async () => {
      stopping = true;
      return 500;
    };
    const jobs = jobsWith({ promotions: { ...none, expireOverdue }, isStopping: () => stopping });
    expect(await jobs['coupon-expiry']()).toEqual({ expired: 500 });
  });

  it('run once at a time, and those who ask meanwhile get the same report', async () => {
    let runs = 0;
    const expireOverdue = async () => {
      runs++;
      return 3;
    };
    const jobs = jobsWith({ promotions: { ...none, expireOverdue } });
    const run = jobs['coupon-expiry'];
    expect(await Promise.all([run(), run(), run()])).toEqual([{ expired: 3 }, { expired: 3 }, { expired: 3 }]);
    expect(runs).toBe(1);
    await run();
    expect(runs).toBe(2);
  });

  it('make the codes of all unfinished jobs, and leave those that another process is at', async () => {
    const left = new Map([['mine', 3]]);
    const advanceCodeJob = async (jobId: string): Promise<CodeJob | null> => {
      const steps = left.get(jobId);
      if (steps === undefined) return null;
      left.set(jobId, steps - 1);
      const status = steps === 1 ? 'DONE' : 'RUNNING';
      return { jobId, policyId: 'p', spaceId: 's', count: 3, created: 4 - steps, status };
    };
    const jobs = jobsWith({ promotions: { ...none, advanceCodeJob }, unfinished: ['theirs', 'mine'] });
    expect(await jobs['code-jobs']()).toEqual({ finished: 1 });
    expect(left.get('mine')).toBe(0);
  });

  it('forget sessions, logins and throttles that are over, batch by batch', async () => {
    forgetting.left = 2_500;
    const report = await jobsWith({ promotions: none })['account-cleanup']();
    expect(report).toEqual({ sessions: 2_500, logins: 0, throttles: 0, tickets: 0 });
    expect(forgetting.asked).toEqual([...Array(3).fill(90 * 86_400), 90 * 86_400, 86_400]);
  });

  it('send dead letters round again that have rested, batch by batch', async () => {
    letters.push(500, 2);
    expect(await jobsWith({ promotions: none })['dead-letter-redrive']()).toEqual({ redriven: 502 });
  });

  it('are woken for what came after a run had made its list', async () => {
    let runs = 0;
    let release = () => {};
    const first = new Promise<void>(resolve => {
      release = resolve;
    });
    const job = async () => {
      runs++;
      if (runs === 1) await first;
      return {};
    };
    wake(job)();
    release();
    await new Promise(resolve => setImmediate(resolve));
    expect(runs).toBe(2);
  });
});
