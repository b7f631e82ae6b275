import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

let isCalm = false;

/**
 * The queue of each connection of kafkajs 2.2.4 looks for waiting requests every millisecond for ever, also when none
 * waits: twenty idle connections are twenty thousand timers a second. One that has nothing waiting need not look, because
 * whatever begins to wait makes it look.
 */
export function calmRequestQueues(): void {
  if (isCalm) return;
  isCalm = true;
  const Queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    readonly prototype: RequestQueue;
  };
  const { prototype } = Queue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function look(this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
