import { LONGEST_NOTE, type Place, type Position } from '../client/broker.js';
import { knowledgeOf, noteOf } from './notes.js';

interface Open {
  readonly offset: number;
  readonly timestamp: number;
}

/** How far a member is in one part: records are done in any order, but only those without a gap before them count. */
export class PlaceProgress {
  readonly place: Place;
  /** In order; those before `head` are done. */
  private open: Open[] = [];
  private head = 0;
  private readonly done: Set<number>;
  private readonly failures: Map<number, number>;
  private next: number;
  private end: number;
  private committed: Position;

  constructor(position: Position) {
    const { topic, partition, offset, note } = position;
    this.place = { topic, partition };
    this.next = offset;
    this.end = offset;
    this.committed = position;
    const known = knowledgeOf(note, offset);
    this.done = new Set(known.done);
    this.failures = new Map(known.failures);
  }

  /** @returns whether there is something to do: what comes again may be done already */
  begin(offset: number, timestamp: number): boolean {
    this.open.push({ offset, timestamp });
    if (!this.done.has(offset)) return true;
    this.advance();
    return false;
  }

  /** All up to here have begun. */
  reached(next: number, end: number): void {
    this.next = next;
    this.end = end;
  }

  failuresOf(offset: number): number {
    return this.failures.get(offset) ?? 0;
  }

  failed(offset: number, failures: number): void {
    this.failures.set(offset, failures);
  }

  finish(offset: number): void {
    this.failures.delete(offset);
    this.done.add(offset);
    this.advance();
  }

  private advance(): void {
    for (let first = this.open[this.head]; first && this.done.has(first.offset); first = this.open[this.head]) {
      this.done.delete(first.offset);
      this.head++;
    }
    if (this.head > 1_000 && this.head * 2 > this.open.length) {
      this.open = this.open.slice(this.head);
      this.head = 0;
    }
  }

  /** Everything before it is done. */
  get offset(): number {
    return this.open[this.head]?.offset ?? this.next;
  }

  /** Records that have come and are not done with all before them. */
  get inHand(): number {
    return this.open.length - this.head;
  }

  /** Records that are not done yet, those that have not come included. */
  get lag(): number {
    return Math.max(0, this.end - this.offset);
  }

  /** When the oldest record was written that is not done; null = none has come. */
  get oldest(): number | null {
    return this.open[this.head]?.timestamp ?? null;
  }

  /** What has to be committed; null = that is written down already. */
  get news(): Position | null {
    const { offset } = this;
    const note = noteOf({ failures: this.failures, done: this.done }, offset, LONGEST_NOTE);
    return offset === this.committed.offset && note === this.committed.note ? null : { ...this.place, offset, note };
  }

  wasCommitted(position: Position): void {
    this.committed = position;
  }
}
