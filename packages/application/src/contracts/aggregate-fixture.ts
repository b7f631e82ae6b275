import type { AggregateRepository, Change } from '../ports/aggregate-repository.js';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.js';

/** States that an aggregate of one kind can have. */
export interface Samples<State> {
  readonly initial: State;
  /** The id of the `index`-th aggregate of a case; different for every index. */
  id(index: number): string;
  /** States of the `index`-th aggregate, at least two; the cases store each over the one before. */
  life(index: number): readonly [State, State, ...State[]];
}

export interface AggregateRepositoryFixture<State = unknown> {
  readonly unitOfWork: UnitOfWork;
  readonly repository: AggregateRepository<State>;
  readonly samples: Samples<State>;
}
type Fixture = AggregateRepositoryFixture;

export const first = ({ samples }: Fixture, index: number, version = 1): Change<unknown> => {
  const [state] = samples.life(index);
  return { id: samples.id(index), expectedVersion: 0, version, state };
};

export const second = ({ samples }: Fixture, index: number, expectedVersion = 1): Change<unknown> => {
  const [, state] = samples.life(index);
  return { id: samples.id(index), expectedVersion, version: expectedVersion + 1, state };
};

export const store = ({ unitOfWork, repository }: Fixture, changes: readonly Change<unknown>[]) =>
  unitOfWork.run(tx => repository.save(tx, changes));

export const stored = ({ unitOfWork, repository }: Fixture, ids: readonly string[]) =>
  unitOfWork.run(tx => repository.load(tx, ids));

export const versionOf = async (fixture: Fixture, id: string) => (await stored(fixture, [id])).get(id)?.version;

/** Reads the version under a lock and writes the next one, with a pause for others to get in between. */
export async function count({ repository, samples }: Fixture, tx: Transaction) {
  const id = samples.id(0);
  const version = (await repository.load(tx, [id], { lock: true })).get(id)?.version ?? 0;
  await Promise.resolve();
  const [state] = samples.life(0);
  const written = await repository.save(tx, [{ id, expectedVersion: version, version: version + 1, state }]);
  return written.has(id);
}
