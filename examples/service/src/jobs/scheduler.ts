import { Cron } from 'croner';
import type { JobName, Jobs } from './jobs.js';

/** Seconds between two runs; 0 = never by itself. */
export type Timetable = Readonly<Record<JobName, number>>;

export interface Scheduler {
  start(): void;
  /** No run begins any more; resolves when those under way have ended. */
  stop(): Promise<void>;
}

interface Log {
  error(data: object, message: string): void;
  debug(data: object, message: string): void;
}

/** Runs the jobs by the clock, each at most once at a time, and once right at the start for what was left behind. */
export function createScheduler(jobs: Jobs, timetable: Timetable, log: Log): Scheduler {
  const crons: Cron[] = [];
  const underWay = new Set<Promise<void>>();

  async function run(name: JobName) {
    const begun = Date.now();
    try {
      log.debug({ job: name, ...(await jobs[name]()), ms: Date.now() - begun }, 'job done');
    } catch (err) {
      // The next run tries again; what a failed one had not committed is as it was.
      log.error({ job: name, err }, 'job failed');
    }
  }
  const track = (name: JobName) => {
    const ended: Promise<void> = run(name).finally(() => underWay.delete(ended));
    underWay.add(ended);
    return ended;
  };

  return {
    start() {
      for (const [name, seconds] of Object.entries(timetable) as [JobName, number][]) {
        if (seconds === 0) continue;
        crons.push(new Cron('* * * * * *', { interval: seconds, protect: true }, () => track(name)));
        void track(name);
      }
    },
    async stop() {
      for (const cron of crons) cron.stop();
      await Promise.all(underWay);
    },
  };
}
