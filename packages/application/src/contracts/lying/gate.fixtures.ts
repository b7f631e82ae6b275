import { type InMemoryAdapters, InMemoryQuotaGate } from '../../memory/index.js';
import type { Admission, QuotaGate } from '../../ports/quota-gate.js';
import { counter, liesAbout, lying } from './lie.fixtures.js';

const gate = (methods: (honest: QuotaGate) => Partial<QuotaGate>) => (store: InMemoryAdapters) => ({
  quotaGate: lying<QuotaGate>(store.quotaGate, methods(store.quotaGate)),
});
/** Says another word for one. */
const instead = (kind: Admission['kind'], other: Admission) =>
  gate(honest => ({
    admit: async (campaign, revision, wishes) =>
      (await honest.admit(campaign, revision, wishes)).map(admission => (admission.kind === kind ? other : admission)),
  }));

const shared = new InMemoryQuotaGate({ elapsed: () => 0 });

export const liesAboutTheGate = liesAbout('QuotaGate', {
  'shares its gates with other stores': {
    tell: () => ({ quotaGate: shared }),
    caughtBy: ['gets gates of its own for every case'],
  },
  'is sold out as soon as all slots are taken': {
    tell: instead('UNDECIDED', { kind: 'SOLD_OUT' }),
    caughtBy: [
      'admits as many as there are, and leaves it to the store what becomes of the others meanwhile',
      'is sold out when all coupons are issued, and not before',
      'tells a user who has one, rather than that all are gone',
    ],
  },
  'never tells that it is sold out': {
    tell: instead('SOLD_OUT', { kind: 'UNDECIDED' }),
    caughtBy: ['is sold out when all coupons are issued, and not before'],
  },
  'tells winners that all are gone': {
    tell: instead('ALREADY', { kind: 'SOLD_OUT' }),
    caughtBy: ['tells a user who has one, rather than that all are gone', 'goes on from what the store has'],
  },
  'admits everybody': {
    tell: instead('UNDECIDED', { kind: 'ADMITTED', place: 1 }),
    caughtBy: ['admits three of twenty who come at once'],
  },
  'takes every request for a new one': {
    tell: gate(honest => {
      const next = counter();
      return {
        admit: (campaign, revision, wishes) =>
          honest.admit(
            campaign,
            revision,
            wishes.map(({ userId }) => ({ userId, requestId: `r${next()}` })),
          ),
      };
    }),
    caughtBy: ['gives the same request the same place, once'],
  },
  'gives nothing back': {
    tell: gate(honest => ({
      settle: (campaign, { issued }) => honest.settle(campaign, { issued, givenBack: [] }),
    })),
    caughtBy: ['gives the slot of a request that failed to another one'],
  },
  'counts every settlement': {
    tell: gate(honest => {
      const more = new Map<string, number>();
      return {
        async settle(campaign, settlement) {
          more.set(campaign, (more.get(campaign) ?? 0) + settlement.issued.length);
          await honest.settle(campaign, settlement);
        },
        async state(campaign, staleAfterMs) {
          const state = await honest.state(campaign, staleAfterMs);
          return state && { ...state, issued: more.get(campaign) ?? 0 };
        },
      };
    }),
    caughtBy: ['settles a request once, and none that it never admitted'],
  },
  'takes one revision for the other': {
    tell: gate(honest => {
      const revisions = new Map<string, number>();
      return {
        open(campaign, terms) {
          revisions.set(campaign, terms.revision);
          return honest.open(campaign, terms);
        },
        admit: (campaign, revision, wishes) => honest.admit(campaign, revisions.get(campaign) ?? revision, wishes),
      };
    }),
    caughtBy: ['knows no campaign that was not opened, and none of another revision'],
  },
  'knows the first thousand holders': {
    tell: gate(honest => ({
      open: (campaign, terms) =>
        honest.open(campaign, { ...terms, holders: new Map([...terms.holders].slice(0, 1_000)) }),
    })),
    caughtBy: ['knows more holders than fit into one message'],
  },
  'starts from nothing whatever the store has': {
    tell: gate(honest => ({ open: (campaign, terms) => honest.open(campaign, { ...terms, issued: 0 }) })),
    caughtBy: ['goes on from what the store has'],
  },
  'keeps what was pending when it is opened anew': {
    tell: gate(honest => {
      let opened = false;
      return {
        async open(campaign, terms) {
          if (opened) return true;
          opened = true;
          return honest.open(campaign, terms);
        },
      };
    }),
    caughtBy: ['forgets what was pending when it is opened anew', 'is gone when it was closed'],
  },
  'stays open when it is closed': {
    tell: gate(() => ({ close: async () => undefined })),
    caughtBy: ['is gone when it was closed'],
  },
  'finds nothing stale': {
    tell: gate(honest => ({ state: campaign => honest.state(campaign, 1e12) })),
    caughtBy: ['counts what is pending, and for how long'],
  },
  'has one gate for all campaigns': {
    tell: gate(honest => ({
      open: (_, terms) => honest.open('all', terms),
      admit: (_, revision, wishes) => honest.admit('all', revision, wishes),
    })),
    caughtBy: ['keeps campaigns apart'],
  },
});
