import type { Push } from '@org/application';
import type { Caller } from '../auth/auth.js';
import { challenge, Problem } from '../problem.js';

const invalid = new Problem('TICKET_INVALID', { headers: challenge() });
const LONGEST_TICKET = 100;

/** Whoever comes with a ticket acts for nobody but himself, and no longer than the token that it was fetched with. */
export const redeemer =
  (push: Pick<Push, 'redeem'>) =>
  async (ticket: string): Promise<Caller | Problem> => {
    const holder = ticket.length > LONGEST_TICKET ? null : await push.redeem(ticket);
    if (!holder) return invalid;
    return {
      ...{ sub: holder.userId, roles: new Set(['shopper'] as const), actsForOthers: false, seesOthers: false },
      ...{ sessionId: null, expiresAt: holder.until },
    };
  };
