import type { Aside } from '../../ports/group-progress.js';
import { counter, liesAbout, lying } from './lie.fixtures.js';

export const liesAboutGroupProgress = liesAbout('GroupProgress', {
  'keeps a dead letter as often as it comes': {
    tell: ({ groupProgress }) => {
      const next = counter();
      const renamed = ({ event, ...aside }: Aside): Aside => ({ ...aside, event: { ...event, id: `evt-${next()}` } });
      return {
        groupProgress: lying(groupProgress, { bury: (group, dead) => groupProgress.bury(group, dead.map(renamed)) }),
      };
    },
    caughtBy: ['keeps a dead letter once, for each group'],
  },
  'knows no groups': {
    tell: ({ groupProgress }) => ({
      groupProgress: lying(groupProgress, { bury: (_, dead) => groupProgress.bury('billing', dead) }),
    }),
    caughtBy: ['keeps a dead letter once, for each group'],
  },
  'knows dead letters by their names alone': {
    tell: ({ groupProgress }) => {
      const known = new Set<string>();
      const isNew = ({ event }: Aside) => !known.has(event.id) && known.add(event.id);
      return {
        groupProgress: lying(groupProgress, { bury: (group, dead) => groupProgress.bury(group, dead.filter(isNew)) }),
      };
    },
    caughtBy: ['keeps dead letters of one name that are of two keys'],
  },
  'leaves what waits behind': {
    tell: ({ groupProgress }) => ({
      groupProgress: lying(groupProgress, {
        due: (member, tenures, limit) => groupProgress.due(member, tenures, limit, 'NONE'),
      }),
    }),
    caughtBy: ['gives what waits behind a parked event of its key together with it'],
  },
  'knows one order only': {
    tell: ({ groupProgress }) => ({
      groupProgress: lying(groupProgress, {
        due: (member, tenures, limit) => groupProgress.due(member, tenures, limit, 'KEY'),
      }),
    }),
    caughtBy: ['gives each parked event at its own time where order is NONE'],
  },
});
