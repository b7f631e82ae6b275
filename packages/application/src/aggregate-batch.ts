import type { Decider } from '@org/domain';
import { done, type Outcome, refused } from './outcome.js';
import type { AggregateRepository, Versioned } from './ports/aggregate-repository.js';
import { ConflictError } from './ports/errors.js';
import type { Origin } from './ports/event-log.js';
import type { Transaction } from './ports/unit-of-work.js';

/** What happened to one aggregate of a batch. */
export interface Changed<State, Event> {
  readonly id: string;
  readonly expectedVersion: number;
  readonly state: State;
  readonly events: readonly Event[];
  /** Of each event: those who come together in a batch are told apart in the log. */
  readonly origins: readonly Origin[];
}

interface Loaded<State, Event> {
  readonly before: Versioned<State>;
  state: State;
  events: Event[];
  origins: Origin[];
}

/** Aggregates of one kind, loaded as a set, for the time of one transaction. */
export interface AggregateBatch<State, Command, Event> {
  /** @throws Error for an aggregate that was not loaded */
  state(id: string): State;
  /** The version that the state has once it is saved. */
  version(id: string): number;
  /** Decides on what the commands before it have left; answers what happened, or the refusal. */
  decide(id: string, command: Command, origin: Origin): Outcome<readonly Event[]>;
  changed(): readonly Changed<State, Event>[];
  /** Writes what has changed. @throws ConflictError when somebody else wrote one of them meanwhile */
  save(tx: Transaction): Promise<void>;
}

export function aggregateBatch<State, Command, Event>(
  repository: AggregateRepository<State>,
  decider: Decider<State, Command, Event, Parameters<typeof refused>[0]>,
  stored: ReadonlyMap<string, Versioned<State>>,
): AggregateBatch<State, Command, Event> {
  const all = new Map(
    [...stored].map(([id, before]): [string, Loaded<State, Event>] => [
      id,
      { before, state: before.state, events: [], origins: [] },
    ]),
  );
  const loaded = (id: string) => {
    const found = all.get(id);
    if (!found) throw new Error(`${id} was not loaded`);
    return found;
  };
  const changed = () =>
    [...all].flatMap(([id, { before, state, events, origins }]) =>
      events.length > 0 ? [{ id, expectedVersion: before.version, state, events, origins }] : [],
    );
  return {
    state: id => loaded(id).state,
    version: id => loaded(id).before.version + loaded(id).events.length,
    decide(id, command, origin) {
      const aggregate = loaded(id);
      const decision = decider.decide(aggregate.state, command);
      if (!decision.accepted) return refused(decision.refusal);
      aggregate.state = decision.events.reduce(decider.evolve, aggregate.state);
      aggregate.events.push(...decision.events);
      aggregate.origins.push(...decision.events.map(() => origin));
      return done(decision.events);
    },
    changed,
    async save(tx) {
      const changes = changed().map(({ id, expectedVersion, state, events }) => ({
        ...{ id, expectedVersion, state },
        version: expectedVersion + events.length,
      }));
      if (changes.length === 0) return;
      const written = await repository.save(tx, changes);
      for (const { id } of changes)
        if (!written.has(id)) throw new ConflictError(`${id} was written by somebody else meanwhile`);
    },
  };
}
