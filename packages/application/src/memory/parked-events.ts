import type { Instant } from '@org/domain';
import type { DeadLetterStatus } from '../ports/dead-letters.js';
import type { Aside, Cause } from '../ports/group-progress.js';

export interface ParkedRow extends Pick<Aside, 'event' | 'slice'> {
  readonly id: string;
  readonly group: string;
  readonly status: 'WAITING' | DeadLetterStatus;
  readonly attempts: number;
  readonly redrives: number;
  readonly dueAt: Instant | null;
  readonly cause: Cause | null;
  readonly firstFailedAt: Instant | null;
  readonly lastFailedAt: Instant | null;
}

/** Events that were put aside, by group; what progress and dead letters have in common. */
export class ParkedEvents {
  private readonly rows = new Map<string, ParkedRow>();
  private last = 0;

  all(): readonly ParkedRow[] {
    return [...this.rows.values()];
  }

  of(group: string): readonly ParkedRow[] {
    return this.all().filter(row => row.group === group);
  }

  get(id: string): ParkedRow | undefined {
    return this.rows.get(id);
  }

  /** An event that the group has put aside before stays as it is. Two of one id and two keys are two: nobody knows yet whose it is. */
  add(row: Omit<ParkedRow, 'id'>): void {
    const { id, key } = row.event;
    if (this.of(row.group).some(({ event }) => event.id === id && event.key === key)) return;
    this.last++;
    this.rows.set(String(this.last), Object.freeze({ ...row, id: String(this.last) }));
  }

  change(id: string, changed: Partial<ParkedRow>): void {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, Object.freeze({ ...row, ...changed }));
  }

  remove(id: string): void {
    this.rows.delete(id);
  }
}
