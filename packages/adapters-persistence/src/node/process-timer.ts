import { setTimeout as sleep } from 'node:timers/promises';
import type { Timer } from '@org/application';

export class ProcessTimer implements Timer {
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    // Told by the signal: that is no error here.
    await sleep(Math.max(0, ms), undefined, { ref: false, ...(signal && { signal }) }).catch(() => undefined);
  }
}
