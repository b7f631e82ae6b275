import type { EventLog, NewEvent } from '../ports/event-log.js';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.js';

/**
 * The same unit of work and log, but whoever appends events in a transaction wakes the bus of this process when it
 * has committed. Only a hint: without it the bus looks by itself, a little later.
 * @param wake told of the types that were appended, so that nobody looks for what isn't there
 */
export function waking<Log extends EventLog>(
  unitOfWork: UnitOfWork,
  events: Log,
  wake: (types: ReadonlySet<string>) => void,
): { readonly unitOfWork: UnitOfWork; readonly events: Log } {
  const appended = new WeakMap<Transaction, Set<string>>();
  return {
    unitOfWork: {
      async run(work) {
        let last: Transaction | undefined;
        const result = await unitOfWork.run(tx => {
          last = tx;
          return work(tx);
        });
        const types = last && appended.get(last);
        if (types) wake(types);
        return result;
      },
    },
    events: Object.assign(Object.create(events) as Log, {
      append(tx: Transaction, added: readonly NewEvent[]) {
        if (added.length > 0) appended.set(tx, typesOf(added, appended.get(tx)));
        return events.append(tx, added);
      },
    }),
  };
}

export function typesOf(events: readonly NewEvent[], types = new Set<string>()): Set<string> {
  for (const { type } of events) types.add(type);
  return types;
}
