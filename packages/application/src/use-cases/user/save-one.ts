import type { Decision } from '@org/domain';
import type { AggregateRepository, Versioned } from '../../ports/aggregate-repository.js';
import { ConflictError } from '../../ports/errors.js';
import type { Transaction } from '../../ports/unit-of-work.js';

/** The rules of one kind of aggregate, and where they are kept. */
interface Kept<State, Event> {
  readonly tx: Transaction;
  readonly repository: AggregateRepository<State>;
  evolve(state: State, event: Event): State;
}

/** Locks one aggregate. */
export async function lockOne<State>(
  repository: AggregateRepository<State>,
  tx: Transaction,
  id: string,
): Promise<Versioned<State>> {
  const stored = (await repository.load(tx, [id], { lock: true })).get(id);
  if (!stored) throw new Error(`${id} was not loaded`);
  return stored;
}

/** Writes what follows from accepted events; answers the state after them. */
export async function saveOne<State, Event>(
  { tx, repository, evolve }: Kept<State, Event>,
  id: string,
  { version, state }: Versioned<State>,
  { events }: Extract<Decision<Event, unknown>, { accepted: true }>,
): Promise<Versioned<State>> {
  if (events.length === 0) return { version, state };
  const next = { version: version + events.length, state: events.reduce(evolve, state) };
  const written = await repository.save(tx, [{ id, expectedVersion: version, ...next }]);
  if (!written.has(id)) throw new ConflictError(`${id} was written by somebody else meanwhile`);
  return next;
}
