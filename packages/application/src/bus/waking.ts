import { OutcomeUnknownError } from '../ports/errors.js';
import type { EventLog, NewEvent } from '../ports/event-log.js';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.js';

interface Store<Log extends EventLog> {
  readonly unitOfWork: UnitOfWork;
  readonly events: Log;
}

/** Runs a transaction; `appended` tells what was appended in it, in its last attempt, in that order. */
type Around = <Result>(run: () => Promise<Result>, appended: () => readonly NewEvent[]) => Promise<Result>;

/** The same unit of work and log, with something around each transaction that sees what is appended in it. */
export function noting<Log extends EventLog>(unitOfWork: UnitOfWork, events: Log, around: Around): Store<Log> {
  const appended = new WeakMap<Transaction, NewEvent[]>();
  return {
    unitOfWork: {
      run(work) {
        let last: Transaction | undefined;
        const run = () =>
          unitOfWork.run(tx => {
            last = tx;
            return work(tx);
          });
        return around(run, () => (last && appended.get(last)) ?? []);
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
  return noting(unitOfWork, events, async (run, appended) => {
    const told = () => {
      const written = appended();
      if (written.length > 0) tell(written);
    };
    try {
      const result = await run();
      told();
      return result;
    } catch (error) {
      // It may be written.
      if (error instanceof OutcomeUnknownError) told();
      throw error;
    }
  });
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
