import { counter, liesAbout, lying } from './lie.fixtures.js';

const next = counter();

const liesAboutEvents = liesAbout('EventLog', {
  'ignores an event of a version that is taken': {
    tell: ({ events }) => ({
      events: lying(events, {
        append: async (tx, added) => {
          for (const event of added) {
            const known = await events.stream(tx, event.streamId);
            if (!known.some(({ streamVersion }) => streamVersion === event.streamVersion))
              await events.append(tx, [event]);
          }
        },
      }),
    }),
    caughtBy: [
      'throws for a version that a stream has already, and keeps what was there',
      'throws for one version twice in one call',
      'writes nothing of a transaction in which one event was refused',
    ],
  },
  'moves an event of a version that is taken to a free one': {
    tell: ({ events }) => ({
      events: lying(events, {
        append: (tx, added) =>
          events.append(
            tx,
            added.map(event => ({ ...event, streamVersion: next() })),
          ),
      }),
    }),
    caughtBy: ['gives one version of a stream to one of twenty writers'],
  },
  'answers the newest first': {
    tell: ({ events }) => ({
      events: lying(events, { stream: async (tx, id) => [...(await events.stream(tx, id))].reverse() }),
    }),
    caughtBy: ['answers the events of one stream, oldest first, in whatever order they came'],
  },
  'counts the events of a stream for its last version': {
    tell: ({ events }) => ({
      events: lying(events, {
        versions: (tx, streamIds) => Promise.all(streamIds.map(async id => (await events.stream(tx, id)).length)),
      }),
    }),
    caughtBy: ['tells the last version of each stream, in the order in which they are asked for'],
  },
  'tells the versions of the streams that it finds, and of each once': {
    tell: ({ events }) => ({
      events: lying(events, {
        versions: async (tx, streamIds) =>
          (await events.versions(tx, [...new Set(streamIds)])).filter(version => version > 0),
      }),
    }),
    caughtBy: ['tells the last version of each stream, in the order in which they are asked for'],
  },
  'keeps events that were rolled back': {
    tell: ({ events, unitOfWork }) => ({
      events: lying(events, { append: (_, added) => unitOfWork.run(own => events.append(own, added)) }),
    }),
    caughtBy: ['takes back events when the work fails', 'shows nobody events that may still be taken back'],
  },
  'drops the trace': {
    tell: ({ events }) => ({
      events: lying(events, {
        append: (tx, added) =>
          events.append(
            tx,
            added.map(event => ({ ...event, origin: { ...event.origin, traceparent: null } })),
          ),
      }),
    }),
    caughtBy: ['keeps every part of an event, and the JSON of its data'],
  },
  'records the time of its own machine': {
    tell: ({ events }) => ({
      events: lying(events, {
        stream: async (tx, id) => (await events.stream(tx, id)).map(event => ({ ...event, recordedAt: 1_000 })),
      }),
    }),
    caughtBy: ['records the time of the store'],
  },
});

const liesAboutPlainPorts = [
  ...liesAbout('IdGenerator', {
    'makes ids of version 4': {
      tell: ({ ids }) => ({ ids: lying(ids, { next: () => ids.next().replace('-7', '-4') }) }),
      caughtBy: ['makes lower-case UUIDs of version 7'],
    },
    'makes two ids alike': {
      tell: ({ ids }) => {
        const one = ids.next();
        return { ids: lying(ids, { next: () => one }) };
      },
      caughtBy: ['makes no id twice'],
    },
    'makes ids of one millisecond in any order': {
      tell: ({ ids }) => {
        let calls = 0;
        const swap = (id: string) => `${id.slice(0, 35)}${calls++ % 2 === 0 ? 'f' : '0'}`;
        return { ids: lying(ids, { next: () => swap(ids.next().replace(/-(.{11})(.)$/, '-$2$1')) }) };
      },
      caughtBy: ['makes ids that sort in the order of their making, also within one millisecond'],
    },
  }),
  ...liesAbout('Stopwatch', {
    'goes back': {
      tell: ({ clock }) => ({ stopwatch: { elapsed: () => -clock.time } }),
      caughtBy: ['never goes back', 'counts milliseconds'],
    },
    'counts seconds': {
      tell: ({ clock }) => ({ stopwatch: { elapsed: () => clock.time / 1000 } }),
      caughtBy: ['counts milliseconds'],
    },
  }),
];

export const liesAboutRecords = [...liesAboutEvents, ...liesAboutPlainPorts];
