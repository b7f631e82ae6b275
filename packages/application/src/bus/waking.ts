import { OutcomeUnknownError } from '../ports/errors.js';
import type { EventLog, NewEvent } from '../ports/event-log.js';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.js';

interface Store<Log extends EventLog> {
  readonly unitOfWork: UnitOfWork;
  readonly events: Log;
}

/**
 * The same unit of work and log, but whoever appends events in a transaction is listened to when it has committed. Only
 * a hint: a process that dies in between tells nobody.
 * @param tell told of the events of one transaction, in the order in which they were appended; also where nobody knows
 * whether it has committed. It must not throw: what is written would look as if it were not
 */
export function afterCommit<Log extends EventLog>(
  unitOfWork: UnitOfWork,
  events: Log,
  tell: (appended: readonly NewEvent[]) => void,
): Store<Log> {
  const appended = new WeakMap<Transaction, NewEvent[]>();
  return {
    unitOfWork: {
      async run(work) {
        let last: Transaction | undefined;
        const told = () => {
          const written = last && appended.get(last);
          if (written) tell(written);
        };
        try {
          const result = await unitOfWork.run(tx => {
            last = tx;
            return work(tx);
          });
          told();
          return result;
        } catch (error) {
          // It may be written.
          if (error instanceof OutcomeUnknownError) told();
          throw error;
        }
      },
    },
    events: Object.assign(Object.create(events) as Log, {
      append(tx: Transaction, added: readonly NewEvent[]) {
        const before = appended.get(tx);
        if (before) before.push(...added);
        else if (added.length > 0) appended.set(tx, [...added]);
        return events.append(tx, added);
      },
    }),
  };
}

/**
 * The same unit of work and log, but whoever appends events wakes the bus of this process: without it the bus looks by
 * itself, a little later.
 * @param wake told of the types that were appended, so that nobody looks for what isn't there
 */
export const waking = <Log extends EventLog>(
  unitOfWork: UnitOfWork,
  events: Log,
  wake: (types: ReadonlySet<string>) => void,
): Store<Log> => afterCommit(unitOfWork, events, appended => wake(typesOf(appended)));

export function typesOf(events: readonly NewEvent[]): ReadonlySet<string> {
  const types = new Set<string>();
  for (const { type } of events) types.add(type);
  return types;
}
