import type { EventLog, NewEvent } from '../ports/event-log.js';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.js';

/**
 * The same unit of work and log, but whoever appends events in a transaction wakes the bus of this process when it
 * has committed. Only a hint: without it the bus looks by itself, a little later.
 */
export function waking<Log extends EventLog>(
  unitOfWork: UnitOfWork,
  events: Log,
  wake: () => void,
): { readonly unitOfWork: UnitOfWork; readonly events: Log } {
  const appended = new WeakSet<Transaction>();
  return {
    unitOfWork: {
      async run(work) {
        let last: Transaction | undefined;
        const result = await unitOfWork.run(tx => {
          last = tx;
          return work(tx);
        });
        if (last && appended.has(last)) wake();
        return result;
      },
    },
    events: Object.assign(Object.create(events) as Log, {
      append(tx: Transaction, added: readonly NewEvent[]) {
        if (added.length > 0) appended.add(tx);
        return events.append(tx, added);
      },
    }),
  };
}
