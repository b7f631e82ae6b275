import { liesAbout, lying } from './lie.fixtures.js';

export const liesAboutDeadLetters = liesAbout('DeadLetters', {
  'lists the oldest first': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        list: async filter => {
          const { items, nextCursor } = await deadLetters.list(filter);
          return { items: [...items].reverse(), nextCursor };
        },
      }),
    }),
    caughtBy: ['lists the newest failure first, by group and status, in pages of any size'],
  },
  'knows no groups': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, { list: filter => deadLetters.list({ ...filter, group: null }) }),
    }),
    caughtBy: ['lists the newest failure first, by group and status, in pages of any size'],
  },
  'finds something under any id': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        find: async () =>
          (await deadLetters.list({ group: null, status: null, limit: 1, cursor: null })).items[0] ?? null,
      }),
    }),
    caughtBy: ['finds one by its id'],
  },
  'sends nothing round': {
    tell: ({ deadLetters }) => ({ deadLetters: lying(deadLetters, { redrive: async () => 'REDRIVEN' }) }),
    caughtBy: ['sends one round again, and forgets it when it is handled'],
  },
  'sends all of them round': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        redrive: async id => {
          const answer = await deadLetters.redrive(id);
          await deadLetters.redriveDue(0, 100);
          return answer;
        },
      }),
    }),
    caughtBy: ['sends one round again, and forgets it when it is handled'],
  },
  'forgets to count': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        find: async id => {
          const letter = await deadLetters.find(id);
          return letter && { ...letter, redrives: 0, status: 'DEAD' };
        },
      }),
    }),
    caughtBy: ['counts the redrives, and has failed for good after the last'],
  },
  'sends round what has just died': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, { redriveDue: (_, limit) => deadLetters.redriveDue(0, limit) }),
    }),
    caughtBy: ['sends round again those that have been dead for so long, the oldest first, no more than the limit'],
  },
  'is never behind': {
    tell: ({ deadLetters }) => ({
      deadLetters: lying(deadLetters, {
        figures: async () => (await deadLetters.figures()).map(each => ({ ...each, lagMs: 0 })),
      }),
    }),
    caughtBy: ['tells how far every group is behind, and what it has put aside'],
  },
});
