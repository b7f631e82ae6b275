import type { Page } from '../ports/coupon-queries.js';
import { type DeadLetter, type DeadLetterStatus, type DeadLetters, MOST_REDRIVES } from '../ports/dead-letters.js';
import type { EventFeed } from '../ports/event-feed.js';
import type { InMemoryGroupProgress } from './group-progress.js';
import type { ManualClock } from './manual-clock.js';
import { pageOf } from './paging.js';
import type { ParkedEvents, ParkedRow } from './parked-events.js';

/** null = it is not given up, and so no dead letter. */
function letterOf(row: ParkedRow): DeadLetter | null {
  const { id, group, status, event, attempts, redrives, cause } = row;
  if (status === 'WAITING') return null;
  const { id: eventId, type, key, data } = event;
  const error = cause ?? { name: '', message: '', stack: '' };
  const [firstFailedAt, lastFailedAt] = [row.firstFailedAt ?? 0, row.lastFailedAt ?? 0];
  return { id, group, status, eventId, type, key, data, error, attempts, firstFailedAt, lastFailedAt, redrives };
}

export class InMemoryDeadLetters implements DeadLetters {
  constructor(
    private readonly parked: ParkedEvents,
    private readonly progress: InMemoryGroupProgress,
    private readonly feed: EventFeed,
    private readonly clock: Pick<ManualClock, 'time'>,
  ) {}

  private letters(): readonly DeadLetter[] {
    return this.parked.all().flatMap(row => letterOf(row) ?? []);
  }

  async list({ group, status, ...page }: { group: string | null; status: DeadLetterStatus | null } & Page) {
    const found = this.letters().filter(
      letter => (group === null || letter.group === group) && (status === null || letter.status === status),
    );
    const width = 12;
    return pageOf(
      found.map(item => ({ item, at: item.lastFailedAt, id: item.id.padStart(width, '0') })),
      page,
    );
  }

  async find(id: string) {
    const row = this.parked.get(id);
    return row ? letterOf(row) : null;
  }

  async redrive(id: string) {
    const letter = await this.find(id);
    if (!letter) return null;
    if (letter.status !== 'DEAD') return letter.status;
    const status = letter.redrives < MOST_REDRIVES ? 'REDRIVEN' : 'FAILED';
    const dueAt = status === 'REDRIVEN' ? this.clock.time : null;
    this.parked.change(id, { status, dueAt, redrives: Math.min(letter.redrives + 1, MOST_REDRIVES) });
    return status;
  }

  async redriveDue(afterSeconds: number, limit: number) {
    const before = this.clock.time - afterSeconds * 1_000;
    const due = this.letters()
      .filter(({ status, lastFailedAt }) => status === 'DEAD' && lastFailedAt <= before)
      .sort((a, b) => a.lastFailedAt - b.lastFailedAt)
      .slice(0, limit);
    for (const { id } of due) await this.redrive(id);
    return due.length;
  }

  async figures() {
    const groups = [...this.progress.groups].sort(([a], [b]) => (a < b ? -1 : 1));
    return Promise.all(
      groups.map(async ([group, { types, slices }]) => {
        const rows = this.parked.of(group);
        const count = (status: ParkedRow['status']) => rows.filter(row => row.status === status).length;
        const undelivered = rows.filter(({ status }) => status === 'WAITING').map(({ event }) => event.recordedAt);
        for (const { slice, cursor: after } of slices) {
          const part = { indices: [slice], of: slices.length };
          const { events } = await this.feed.read({ after, types, limit: 1, slices: part });
          undelivered.push(...events.map(({ recordedAt }) => recordedAt));
        }
        const lagMs = undelivered.length === 0 ? 0 : Math.max(0, this.clock.time - Math.min(...undelivered));
        return { group, lagMs, parked: count('WAITING'), dead: count('DEAD'), failed: count('FAILED') };
      }),
    );
  }
}
