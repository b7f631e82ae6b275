import { performance } from 'node:perf_hooks';
import type { Stopwatch } from '@org/application';

/** The monotonic clock of this process. */
export class ProcessStopwatch implements Stopwatch {
  elapsed(): number {
    return performance.now();
  }
}
