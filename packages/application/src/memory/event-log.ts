import type { Clock } from '../ports/clock.js';
import type { EventLog, NewEvent, StoredEvent } from '../ports/event-log.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { frozen, keyOf } from './frozen.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

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

  async versions(tx: Transaction, streamIds: readonly string[]) {
    await InMemoryTransaction.inTurn(tx);
    const last = new Map<string, number>();
    for (const [, { streamId, streamVersion }] of this.rows.entries(tx))
      last.set(streamId, Math.max(streamVersion, last.get(streamId) ?? 0));
    return streamIds.map(streamId => last.get(streamId) ?? 0);
  }

  /** Every committed event, in the order of the commits. */
  all(): readonly StoredEvent[] {
    return this.rows.outside.entries().map(([, event]) => event);
  }
}
