import type { Instant } from '@org/domain';
import type { Page, Paged } from './coupon-queries.js';

/** How often a dead letter can be sent round again before it has failed for good. */
export const MOST_REDRIVES = 5;

/**
 * - `DEAD`: given up, waits for somebody to look.
 * - `REDRIVEN`: on its way to its group once more.
 * - `FAILED`: came back `MOST_REDRIVES` times.
 */
export type DeadLetterStatus = 'DEAD' | 'REDRIVEN' | 'FAILED';

/** An event that a group could not handle, with the cause of the last attempt. */
export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly status: DeadLetterStatus;
  readonly eventId: string;
  readonly type: string;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** For operators; stacks don't leave the company. */
  readonly error: { readonly name: string; readonly message: string; readonly stack: string };
  /** How often it was tried, all redrives together. */
  readonly attempts: number;
  readonly firstFailedAt: Instant;
  readonly lastFailedAt: Instant;
  readonly redrives: number;
}

/** How far a group is, by the time of the store. */
export interface GroupFigures {
  readonly group: string;
  /** Age of the oldest event that was not handed over yet, milliseconds; 0 = none. */
  readonly lagMs: number;
  /** Failed events that are tried again, and those that wait behind them. */
  readonly parked: number;
  readonly dead: number;
  readonly failed: number;
}

/** Dead letters of every group, for operators. */
export interface DeadLetters {
  /** Newest failure first; null = every group, every status. */
  list(
    filter: { readonly group: string | null; readonly status: DeadLetterStatus | null } & Page,
  ): Promise<Paged<DeadLetter>>;
  find(id: string): Promise<DeadLetter | null>;
  /**
   * Sends one to its group again, out of turn: what came after it was handled meanwhile.
   * @returns what became of it; null = there is none. One that is `FAILED` or on its way stays what it is.
   */
  redrive(id: string): Promise<DeadLetterStatus | null>;
  /** The same for up to `limit` that have been dead for `afterSeconds`. @returns how many */
  redriveDue(afterSeconds: number, limit: number): Promise<number>;
  figures(): Promise<readonly GroupFigures[]>;
}
