import type { IdGenerator } from '../ports/id-generator.js';

/** Ids in the form of a UUIDv7 that count from 1: the same in every run. */
export class SequentialIds implements IdGenerator {
  private last = 0;

  next(): string {
    this.last += 1;
    return `01990000-0000-7000-8000-${this.last.toString(16).padStart(12, '0')}`;
  }
}
