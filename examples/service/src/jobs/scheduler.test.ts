import { setTimeout as sleep } from 'node:timers/promises';
import type { JobName, Jobs } from './jobs.js';
import { createScheduler, type Timetable } from './scheduler.js';

const names: readonly JobName[] = [
  'reservation-timeout',
  'stock-timeout',
  'coupon-expiry',
  'idempotency-cleanup',
  'event-partitions',
  'code-jobs',
  'dead-letter-redrive',
];
const never = Object.fromEntries(names.map(name => [name, 0])) as unknown as Timetable;
const idle = Object.fromEntries(names.map(name => [name, async () => ({})])) as unknown as Jobs;
const silent = { error: () => undefined, debug: () => undefined };

describe('the scheduler', () => {
  it('runs a job right at the start and then by the clock, and one of 0 seconds never', async () => {
    const runs: JobName[] = [];
    const counted = (name: JobName) => async () => {
      runs.push(name);
      return {};
    };
    const jobs = { ...idle, 'code-jobs': counted('code-jobs'), 'coupon-expiry': counted('coupon-expiry') };
    const scheduler = createScheduler(jobs, { ...never, 'code-jobs': 1 }, silent);
    scheduler.start();
    expect(runs).toEqual(['code-jobs']);
    await sleep(2_100);
    await scheduler.stop();
    expect(runs.length).toBeGreaterThanOrEqual(2);
    expect(new Set(runs)).toEqual(new Set(['code-jobs']));
  });

  it('waits at a stop for what is under way, and says what failed', async () => {
    const errors: object[] = [];
    let ended = false;
    const jobs: Jobs = {
      ...idle,
      'coupon-expiry': async () => {
        await sleep(50);
        ended = true;
        return {};
      },
      'event-partitions': async () => {
        throw new Error('no database');
      },
    };
    const log = { ...silent, error: (data: object) => errors.push(data) };
    const scheduler = createScheduler(jobs, { ...never, 'coupon-expiry': 60, 'event-partitions': 60 }, log);
    scheduler.start();
    await scheduler.stop();
    expect(ended).toBe(true);
    expect(errors).toEqual([{ job: 'event-partitions', err: expect.any(Error) }]);
  });
});
