import type { Clock } from '../ports/clock.js';
import type { EventLog, NewEvent, StoredEvent } from '../ports/event-log.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { frozen, keyOf } from './frozen.js';
import { Table } from './table.js';

export class InMemoryEventLog implements EventLog {
  readonly rows = new Table<StoredEvent>('events');

  constructor(private readonly clock: Clock) {}

  async append(tx: Transaction, events: readonly NewEvent[]) {
    const recordedAt = await this.clock.now(tx);
    for (const event of events)
      await this.rows.insert(tx, keyOf(event.streamId, event.streamVersion), frozen({ ...event, recordedAt }));
  }

  async stream(tx: Transaction, streamId: string) {
    return this.rows
      .entries(tx)
      .map(([, event]) => event)
      .filter(event => event.streamId === streamId)
      .sort((a, b) => a.streamVersion - b.streamVersion);
  }

  /** Every committed event, in the order of the commits. */
  all(): readonly StoredEvent[] {
    return this.rows.outside.entries().map(([, event]) => event);
  }
}
