import type { InMemoryAdapters } from '../../memory/index.js';
import type { TicketStore } from '../../ports/ticket-store.js';
import { liesAbout, lying } from './lie.fixtures.js';

const instead = (methods: (honest: TicketStore) => Partial<TicketStore>) => (store: InMemoryAdapters) => ({
  tickets: lying<TicketStore>(store.tickets, methods(store.tickets)),
});

export const liesAboutTickets = liesAbout('TicketStore', {
  'takes a ticket twice': {
    tell: store => {
      const seen = new Map<string, Awaited<ReturnType<TicketStore['consume']>>>();
      return instead(honest => ({
        async consume(tx, digest) {
          const holder = (await honest.consume(tx, digest)) ?? seen.get(digest) ?? null;
          seen.set(digest, holder);
          return holder;
        },
      }))(store);
    },
    caughtBy: ['gives its holder for a ticket, once', 'gives it to one of twenty who come at once'],
  },
  'never ends a ticket': {
    tell: instead(honest => ({ issue: (tx, ticket) => honest.issue(tx, { ...ticket, seconds: 1e9 }) })),
    caughtBy: ['gives nothing for a ticket that is over', 'tells when a ticket will be over, by the time of the store'],
  },
  'mixes up the holders': {
    tell: instead(honest => ({ issue: (tx, ticket) => honest.issue(tx, { ...ticket, userId: 'ann' }) })),
    caughtBy: ['gives its holder for a ticket, once'],
  },
  'writes outside of the transaction': {
    tell: store =>
      instead(honest => ({ issue: (_tx, ticket) => store.unitOfWork.run(tx => honest.issue(tx, ticket)) }))(store),
    caughtBy: ['keeps a ticket whose taking was rolled back, and none whose issue was'],
  },
  'forgets whatever there is': {
    tell: store => {
      const made = new Set<string>();
      return instead(honest => ({
        issue(tx, ticket) {
          made.add(ticket.digest);
          return honest.issue(tx, ticket);
        },
        async forget(tx, limit) {
          const gone = [...made].slice(0, limit);
          for (const digest of gone) {
            made.delete(digest);
            await honest.consume(tx, digest);
          }
          return gone.length;
        },
      }))(store);
    },
    caughtBy: ['forgets tickets that are over, no more than the limit at a time, and no others'],
  },
});
