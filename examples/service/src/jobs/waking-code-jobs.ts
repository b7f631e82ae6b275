import type { Promotions } from '@org/application';
import type { Jobs } from './jobs.js';

/** Begins with ordered codes at once instead of with the next run of the timetable. */
export const wakingCodeJobs = (promotions: Promotions, jobs: Jobs): Promotions => ({
  ...promotions,
  async startCodeJob(item) {
    const answered = await promotions.startCodeJob(item);
    // A run that is under way has its list already: the one after it sees the new job.
    const again = () => jobs['code-jobs']();
    void again()
      .then(again)
      .catch(() => undefined);
    return answered;
  },
});
