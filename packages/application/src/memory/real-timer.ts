import type { Timer } from '../ports/timer.js';

/** Waits in real time, whatever a manual clock says. */
export class RealTimer implements Timer {
  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.max(0, ms));
      // A process that has nothing else to do may end.
      timer.unref();
      signal?.addEventListener('abort', end);
    });
  }
}
