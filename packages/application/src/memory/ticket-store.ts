import type { Instant } from '@org/domain';
import type { Clock } from '../ports/clock.js';
import type { NewTicket, TicketHolder, TicketStore } from '../ports/ticket-store.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { frozen } from './frozen.js';
import { Table } from './table.js';

interface Row extends TicketHolder {
  readonly expiresAt: Instant;
}

export class InMemoryTicketStore implements TicketStore {
  private readonly rows = new Table<Row>('tickets');

  constructor(private readonly clock: Clock) {}

  async issue(tx: Transaction, { digest, userId, until, seconds }: NewTicket) {
    const expiresAt = (await this.clock.now(tx)) + seconds * 1_000;
    await this.rows.insert(tx, digest, frozen({ userId, until, expiresAt }));
    return expiresAt;
  }

  async consume(tx: Transaction, digest: string) {
    await this.rows.lock(tx, [digest]);
    const row = this.rows.get(tx, digest);
    if (!row || row.expiresAt <= (await this.clock.now(tx))) return null;
    this.rows.set(tx, digest, undefined);
    return { userId: row.userId, until: row.until };
  }

  async forget(tx: Transaction, limit: number) {
    const now = await this.clock.now(tx);
    const over = this.rows
      .entries(tx)
      .filter(([digest, { expiresAt }]) => expiresAt <= now && this.rows.tryLock(tx, digest))
      .slice(0, limit);
    for (const [digest] of over) this.rows.set(tx, digest, undefined);
    return over.length;
  }
}
