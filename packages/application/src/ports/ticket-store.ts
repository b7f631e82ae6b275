import type { Instant } from '@org/domain';
import type { Transaction } from './unit-of-work.js';

/** Whom a ticket stands for. */
export interface TicketHolder {
  readonly userId: string;
  /** When the token ends that it was fetched with: what the ticket opens ends then, too. */
  readonly until: Instant;
}

export interface NewTicket extends TicketHolder {
  /** 64 hex digits; the ticket itself is known to its holder alone. */
  readonly digest: string;
  /** How long it can be used, by the time of the store. */
  readonly seconds: number;
}

/** Tickets that work once and not for long, for all processes. */
export interface TicketStore {
  /** Answers when it will be over. */
  issue(tx: Transaction, ticket: NewTicket): Promise<Instant>;
  /** Takes the ticket out; null = it is unknown, over, or somebody has taken it out before. */
  consume(tx: Transaction, digest: string): Promise<TicketHolder | null>;
  /** Deletes up to `limit` tickets that are over; answers how many. */
  forget(tx: Transaction, limit: number): Promise<number>;
}
