import type { Instant } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { TicketHolder } from '../ports/ticket-store.js';

export const TICKET_SECONDS = 30;

export interface Ticket {
  /** A secret of 43 characters of base64url. */
  readonly ticket: string;
  readonly expiresAt: Instant;
}

/** What stands in a URL instead of a token: good once, for half a minute, and for nothing but one's own events. */
export interface Tickets {
  issue(holder: TicketHolder): Promise<Ticket>;
  /** Null = it opens nothing (any more). */
  redeem(ticket: string): Promise<TicketHolder | null>;
}

export function createTickets({
  unitOfWork,
  tickets,
  tokenSecrets,
}: Pick<Adapters, 'unitOfWork' | 'tickets' | 'tokenSecrets'>): Tickets {
  return {
    async issue(holder) {
      const ticket = tokenSecrets.newToken();
      const stored = { ...holder, digest: tokenSecrets.digest(ticket), seconds: TICKET_SECONDS };
      return { ticket, expiresAt: await unitOfWork.run(tx => tickets.issue(tx, stored)) };
    },
    redeem: ticket => unitOfWork.run(tx => tickets.consume(tx, tokenSecrets.digest(ticket))),
  };
}
