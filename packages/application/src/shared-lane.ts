import type { Adapters } from './adapters.js';
import type { Stopwatch } from './ports/stopwatch.js';
import { type DoorOptions, door, type Item, type UseCase } from './use-case.js';

/** How long a subject keeps to itself after a failure, ms: longer than a store waits for a lock, so that it stays apart while that is held. */
const APART_MS = 30_000;
/** More than that fail together only when nothing works: then it does not matter who waits for whom. */
const MOST_APART = 1_000;

/**
 * One lane for all, so that what comes together is written together, whatever it is about. Where a batch fails, its
 * subjects keep to lanes of their own for a while: if one of them is what the store waits for in vain, the others no longer wait for it.
 */
export class SharedLane {
  private readonly apartUntil = new Map<string, number>();

  constructor(private readonly stopwatch: Stopwatch) {}

  laneOf(subject: string): string {
    const until = this.apartUntil.get(subject);
    if (until === undefined) return '';
    if (this.stopwatch.elapsed() < until) return subject;
    this.apartUntil.delete(subject);
    return '';
  }

  /** A batch with this subject has failed. */
  failed(subject: string): void {
    if (this.apartUntil.size >= MOST_APART) this.apartUntil.clear();
    this.apartUntil.set(subject, this.stopwatch.elapsed() + APART_MS);
  }
}

/**
 * The front door of a use case whose inputs share a lane, whatever they are about.
 * @param subjectOf what an input is about
 */
export function sharedDoor<Input, Result>(
  adapters: Pick<Adapters, 'unitOfWork' | 'idempotency' | 'stopwatch'>,
  useCase: UseCase<Input, Result>,
  subjectOf: (input: Input) => string,
  options: Omit<DoorOptions<Input>, 'lane'>,
): ReturnType<typeof door<Input, Result>> {
  const lane = new SharedLane(adapters.stopwatch);
  const enter = door(adapters, useCase, { ...options, lane: input => lane.laneOf(subjectOf(input)) });
  return (item: Item<Input, Result>) =>
    enter(item).catch(error => {
      lane.failed(subjectOf(item.input));
      throw error;
    });
}
