import type { Instant } from '@org/domain';
import type { Clock } from '../ports/clock.js';
import type { Transaction } from '../ports/unit-of-work.js';

/** A clock that stands still until it is told to move. Starts at 2026-01-01T00:00:00Z. */
export class ManualClock implements Clock {
  constructor(private instant: Instant = 1_767_225_600_000) {}

  async now(_tx: Transaction): Promise<Instant> {
    return this.instant;
  }

  /** The time outside of any transaction. */
  get time(): Instant {
    return this.instant;
  }

  set(instant: Instant): void {
    this.instant = instant;
  }

  /** @param ms milliseconds; may be negative, as clocks of machines are at times */
  advance(ms: number): void {
    this.instant += ms;
  }
}
