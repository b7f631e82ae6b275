import type { Stopwatch } from '../ports/stopwatch.js';
import type { ManualClock } from './manual-clock.js';

/** Goes with a manual clock, but never back. */
export class ManualStopwatch implements Stopwatch {
  private latest = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Pick<ManualClock, 'time'>) {}

  elapsed(): number {
    this.latest = Math.max(this.latest, this.clock.time);
    return this.latest;
  }
}
